"""Tags that every template has: names in their own direction, icons with words, fields, times.

Rules: a name or any other text that people wrote is shown through `{{ text|name }}`, escaped and in
its own direction; an icon never stands without a word; no tag writes a style or a script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from django import template
from django.forms import BaseForm, BoundField, CheckboxInput, FileInput, RadioSelect, Select
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from reknit.casework import correspondence
from reknit.casework.comparison import reading
from reknit.guard import access
from reknit.guard.permissions import Permission
from reknit.matching import Evidence
from reknit.records.models import Enquiry
from reknit.report import words as report_words
from reknit.report.evidence import REST_LABEL, Kind, WaterfallBar
from reknit.standardise import standardise_country
from reknit.web import evidence, sentences, words

register = template.Library()

_QUOTED = re.compile("“([^”]*)”")


@register.filter
def name(text: object) -> SafeString:
    """People's own words, in their own direction, whatever the page's."""
    words = str(text or "").strip()
    if not words:
        return format_html('<span class="text-secondary">{}</span>', _("unknown"))
    return format_html('<bdi dir="auto">{}</bdi>', words)


@register.filter
def source_name(called: object) -> SafeString:
    """A source: the installation's own in the reader's words, others as they are called."""
    words = str(called or "")
    return sentences.said_in_html(words) if sentences.is_known(words) else name(words)


@register.filter
def lines(text: object) -> SafeString:
    """Several values, one a line, each in its own direction."""
    values = text if isinstance(text, list | tuple) else str(text or "").splitlines()
    return format_html_join("", '<div><bdi dir="auto">{}</bdi></div>', ((v,) for v in values if v))


@register.simple_tag
@cache
def icon(called: str, extra: str = "") -> SafeString:
    """The picture beside a word; screen readers pass over it."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        extra,
        static("vendor/icons.svg"),
        called,
    )


@register.filter
def word(value: object) -> str:
    """A value of a closed set in the reader's words: caseworker, no_match, seen_by_staff."""
    return words.of(value)


@register.filter
def said(text: object) -> SafeString:
    """What a room below says in English, in the reader's language."""
    return sentences.said_in_html(text)


@register.filter
def model_name(version: object) -> str:
    """What a model is called."""
    return sentences.said(version, marks=False)


@register.filter
def place(text: object) -> SafeString:
    """What a finding is about: a word of ours, or a path or a setting in its own direction."""
    return sentences.place_in_html(text)


@register.filter
def column(name: object) -> str:
    """What a column of a list is called."""
    return sentences.column(str(name))


@register.filter
def topic(value: object) -> str:
    """What a message is about."""
    return str(words.topic(value))


@register.filter
def channel(value: object) -> str:
    """How a message came."""
    return str(words.channel(value))


@register.filter
def desk_word(value: object) -> str:
    """A state, act, fact or answer of the message desk."""
    return words.of_message("place_named" if value == "place" else value)


@register.filter
def act_word(value: object) -> str:
    """What somebody did with a message."""
    return words.of_message(value)


@register.filter
def tongue(code: object) -> str:
    """A language in the reader's own."""
    return words.language(code)


@register.filter
def ago(moment: datetime) -> str:
    """How long ago, roughly: 5 minutes, 3 hours."""
    return timesince(moment, depth=1)


@register.filter
def lasting(length: timedelta | None) -> str:
    """How long something took, roughly."""
    if length is None:
        return "–"
    now = timezone.now()
    return timesince(now - length, now, depth=1)


@register.filter
def factor_name(factor: Authenticator) -> str:
    """What a second factor is called."""
    if factor.type == Authenticator.Type.WEBAUTHN:
        return str(factor.wrap())
    return words.of(factor.type)


@register.filter
def standing(of_candidate: object) -> str:
    """What people have said of a candidate."""
    return words.standing(of_candidate)


@register.filter
def says(status: object) -> str:
    """What a step of a case means."""
    return words.says(status)


@register.filter
def need(of_step: object) -> str:
    """What a step of a case still needs."""
    return words.need(of_step)


@register.filter
def happened(what: object) -> str:
    """What happened, in a line of time."""
    return words.happened(what)


@register.filter
def latin(text: object) -> str:
    """How a name in other letters reads in Latin ones; "" for one that is in them."""
    return reading(str(text or ""))


@register.filter
def job_word(name: object) -> str:
    """What a piece of background work is called."""
    return words.job(name)


@register.filter
def step_word(doing: object) -> str:
    """What a piece of background work is at."""
    return words.step(doing)


@register.filter
def why_urgent(reason: object) -> str:
    """What gave a message its urgency."""
    return sentences.said(words.why_urgent(reason))


@register.filter
def country(text: object) -> str:
    """What the reader's language calls a country that is written as a code or in another language;
    "" where that is what is written, and for what is no country."""
    written = str(text or "").strip()
    code = standardise_country(written)
    name = words.country(code) if code else ""
    return "" if name.casefold() == written.casefold() else name


@register.filter
def band(value: int) -> str:
    """How soon a case's turn comes."""
    return str(words.BANDS[int(value)])


@register.filter
def rule(of_need: object) -> str:
    """What a rule of need says."""
    return words.rule(of_need)


@register.filter
def because(of_need: object) -> str:
    """Why a rule of need is there."""
    return words.because(of_need)


@register.filter
def retention_rule(called: object) -> str:
    """What a rule of retention is called."""
    return str(words.RETENTION_RULES.get(str(called), called))


@register.filter
def kept_for(category: object) -> str:
    """A category of retention."""
    return str(words.CATEGORIES.get(str(category), category))


@register.filter
def kind(of_entry: object) -> str:
    """What an entry of the audit is about."""
    return words.kind(of_entry)


@register.filter
def fact(value: object) -> str:
    """What staff stated of the person sought."""
    return str(words.FACTS.get(str(value), value))


@register.filter
def transfer_state(value: object) -> str:
    """Where an offer between offices is."""
    return str(words.TRANSFERS.get(str(value), value))


@register.simple_tag
def bar(part: int, most: int) -> SafeString:
    """A bar beside its number, as a share of the longest; screen readers have the number."""
    width = round(200 * part / most) if most else 0
    return format_html(
        '<svg class="bars" viewBox="0 0 200 12" width="200" height="12" aria-hidden="true" '
        'focusable="false"><rect class="bar" width="{}" height="12" rx="2"></rect></svg>',
        max(width, 1 if part else 0),
    )


@register.filter
def not_known(value: object) -> str:
    """What a rule of need could not look at."""
    return str(words.UNKNOWN.get(str(value), value))


@register.filter
def why_withheld(reason: object) -> str:
    """Why something is not told or not done, for staff."""
    return words.why(reason)


@register.filter
def recipient(said: object) -> str:
    """Who is told: `seeker:2f1c…` as "Who made an enquiry 2F1C…"."""
    kind, _colon, rest = str(said).partition(":")
    return f"{words.of(kind)} {rest[:8].upper()}".strip()


@register.filter
def case_number(row: Any) -> str:
    """How people call an enquiry: the first eight signs of its id."""
    return str(row.pk)[:8].upper()


@register.filter
def told(value: object) -> SafeString | str:
    """A value that was disclosed, whatever its kind."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return lines([str(v) for v in value])
    return lines(str(value))


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """A time as the reader's language writes it, with the exact one for machines."""
    if moment is None:
        return "–"
    return format_html(
        '<time datetime="{}">{}</time>',
        moment.isoformat(),
        date_format(moment, "j M Y, H:i"),
    )


@register.filter
def percent(probability: float | None) -> str:
    """A probability in words that nobody takes for a certainty: 97 %, over 99 %, under 1 %."""
    if probability is None:
        return "–"
    if probability > 0.99:
        return _("over 99 %")
    if probability < 0.01:
        return _("under 1 %")
    return _("%(number)d %%") % {"number": round(100 * probability)}


@register.filter
def bits(weight: float) -> str:
    """A weight in bits with its sign, as the report writes it."""
    return report_words.bits(weight)


@register.filter
def plain_number(number: float) -> str:
    """A number for machines, whatever the reader's language."""
    return repr(float(number))


@register.simple_tag
def sign(of_row: object) -> SafeString:
    """What two fields are to each other: a picture and a word."""
    pictures = {"agree": "check", "partly": "equal", "differ": "cross", "read_both": "eye"}
    key = str(of_row)
    return format_html(
        '<span class="sign">{} {}</span>', icon(pictures.get(key, "minus")), words.of(key)
    )


@register.simple_tag
def alike(similarity: float) -> SafeString:
    """How alike two names are: a picture and a word."""
    return sign("agree" if similarity >= 0.9 else "partly" if similarity >= 0.6 else "differ")


@register.simple_tag
def key(pressed: str | None) -> SafeString | str:
    """The key beside a button's word; nothing where keys are off."""
    return format_html(" <kbd>{}</kbd>", pressed.upper()) if pressed else ""


@register.inclusion_tag("web/_value.html")
def value(one: object) -> dict[str, object]:
    """One value with its reading and place."""
    return {"value": one}


@register.simple_tag
def fall_label(bar: WaterfallBar) -> str:
    """What a bar of the waterfall is called."""
    if bar.kind is Kind.START:
        return _("Before any evidence")
    if bar.kind is Kind.END:
        return _("Together")
    return _("All together") if bar.label == REST_LABEL else words.of(bar.label.replace(" ", "_"))


@register.simple_tag
def fall_sentence(bar: WaterfallBar) -> SafeString:
    """Why, in the reader's language."""
    if bar.label == REST_LABEL:
        return format_html(
            '<span dir="auto">{}</span>',
            _("A name alone is never enough, and relatives share much: that moves the sum."),
        )
    return evidence_sentence(bar.sentence)


@register.simple_tag
def evidence_sentence(sentence: str) -> SafeString:
    """What the engine says, in the reader's language where it is one of its usual sentences."""
    said, language = evidence.in_words(sentence)
    # Also one that begins with a name of another script is read in its own direction.
    parts = _QUOTED.split(escape(said))  # every other one is quoted
    parts[1::2] = [f"“<bdi>{quoted}</bdi>”" for quoted in parts[1::2]]
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    shown = SafeString("".join(parts))
    return format_html('<span dir="{}" lang="{}">{}</span>', direction, language, shown)


_TELLS = 0.05
"""Evidence of less weight, in bits, speaks neither for nor against."""


@register.simple_tag
def evidence_line(line: Evidence) -> SafeString:
    """One piece of evidence: what it speaks for, and its sentence."""
    sign = (line.weight > _TELLS) - (line.weight < -_TELLS)
    return _speaks(sign, get_language()) + evidence_sentence(line.sentence) + _LINE_ENDS


_LINE_ENDS = SafeString("</li>")


@cache
def _speaks(sign: int, language: str | None) -> SafeString:
    """The beginning of a line that speaks for (1), against (-1) or neither, in the language that is
    on."""
    speaks, shown, said = {
        1: ("for", "check", _("For:")),
        -1: ("against", "cross", _("Against:")),
        0: ("neither", "info", _("Neither:")),
    }[sign]
    return format_html(
        '<li class="{}">{}<span class="visually-hidden">{}</span>', speaks, icon(shown), said
    )


@register.filter
def exact_percent(part: float | None) -> str:
    """A measured share of 1 to a tenth of a hundredth."""
    if part is None:
        return "–"
    return _("%(number)s %%") % {"number": number_format(100 * part, 1)}


@register.filter
def share(part: float | None) -> int:
    """A share of 1 as a whole number of hundredths, for <progress>."""
    return round(100 * (part or 0.0))


@register.inclusion_tag("web/_fields.html")
def fields(form: BaseForm, only: str = "") -> dict[str, Any]:
    """A form's errors and fields, each with its label, help and error beside it."""
    wanted = only.split()
    shown: Iterable[BoundField] = [f for f in form if not wanted or f.name in wanted]
    return {"form": form, "shown": list(shown), "whole": not wanted}


@register.inclusion_tag("web/_letters.html", takes_context=True)
def letters_of(context: dict[str, Any], enquiry: Enquiry) -> dict[str, Any]:
    """A case's letters in numbers, for whoever may read them."""
    actor = context["request"].actor
    mine = access.visible(
        actor, Permission.LETTER_READ, Enquiry.objects.filter(pk=enquiry.pk)
    ).exists()
    return {
        "enquiry": enquiry,
        "counted": correspondence.counts(actor, enquiry) if mine else None,
    }


@register.filter
def control(field: BoundField) -> SafeString:
    """The field's own control, in the style sheet's classes, pointing to its help and error."""
    widget = field.field.widget
    classes = {
        CheckboxInput: "form-check-input",
        RadioSelect: "",
        Select: "form-select",
        FileInput: "form-control",
    }
    kind = next((c for k, c in classes.items() if isinstance(widget, k)), "form-control")
    attributes: dict[str, str | bool] = {
        "class": f"{kind} is-invalid".strip() if field.errors else kind
    }
    described = [f"{field.auto_id}-help"] if field.help_text else []
    described += [f"{field.auto_id}-error"] if field.errors else []
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)


@register.filter
def is_check(field: BoundField) -> bool:
    """Whether the label follows the control."""
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_radio(field: BoundField) -> bool:
    """Whether the field is a group of choices under one question."""
    return isinstance(field.field.widget, RadioSelect)  # check boxes to choose several, too
