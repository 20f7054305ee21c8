"""The engine's sentences of evidence in the reader's language.

Rules: the engine writes English, and quotes what was written on both sides; a reader of another
language is told the same answer (what was asked, how the two compare, how much likelier that makes
it), while the two values stand side by side above it. A sentence that is none of these forms is
shown as the engine wrote it, marked as English; a test goes through all that the engine can say.

>>> from django.utils import translation
>>> with translation.override("en"):
...     in_words("Sex: male, and male: same.")
('Sex: male, and male: same.', 'en')
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

ANSWERS: dict[str, Promise] = {
    # names
    "different": gettext_lazy("different"),
    "same family, other given name": gettext_lazy("same family, other given name"),
    "same given name, other family": gettext_lazy("same given name, other family"),
    "partly the same": gettext_lazy("partly the same"),
    "weakly alike": gettext_lazy("weakly alike"),
    "the shorter one within the longer, loosely": gettext_lazy(
        "the shorter one within the longer, loosely"
    ),
    "alike": gettext_lazy("alike"),
    "the shorter one within the longer": gettext_lazy("the shorter one within the longer"),
    "spellings of one name": gettext_lazy("spellings of one name"),
    "written the same": gettext_lazy("written the same"),
    # all questions
    "not known on one side": gettext_lazy("not known on one side"),
    # births and ages
    "more than 5 years apart": gettext_lazy("more than 5 years apart"),
    "2 to 5 years apart": gettext_lazy("2 to 5 years apart"),
    "a year apart": gettext_lazy("a year apart"),
    "the age nearly fits": gettext_lazy("the age nearly fits"),
    "the age fits": gettext_lazy("the age fits"),
    "same year, another day": gettext_lazy("same year, another day"),
    "same year": gettext_lazy("same year"),
    "same year and month": gettext_lazy("same year and month"),
    "same date but for one slip": gettext_lazy("same date but for one slip"),
    "same date": gettext_lazy("same date"),
    "10 years or more apart, said on unknown days": gettext_lazy(
        "10 years or more apart, said on unknown days"
    ),
    "3 to 9 years apart, said on unknown days": gettext_lazy(
        "3 to 9 years apart, said on unknown days"
    ),
    "close, said on unknown days": gettext_lazy("close, said on unknown days"),
    # sexes, telephones, numbers
    "same": gettext_lazy("same"),
    "shared": gettext_lazy("shared"),
    "equal": gettext_lazy("equal"),
    "equal but for one slip": gettext_lazy("equal but for one slip"),
    # places
    "another country": gettext_lazy("another country"),
    "another place in the country": gettext_lazy("another place in the country"),
    "same country": gettext_lazy("same country"),
    "same region": gettext_lazy("same region"),
    "places within 30 km": gettext_lazy("places within 30 km"),
    "same big town": gettext_lazy("same big town"),
    "same town": gettext_lazy("same town"),
    "same small town": gettext_lazy("same small town"),
    "same neighbourhood": gettext_lazy("same neighbourhood"),
    "same address": gettext_lazy("same address"),
    "in different places": gettext_lazy("in different places"),
    "within 30 km": gettext_lazy("within 30 km"),
    "in the same place": gettext_lazy("in the same place"),
    # relatives
    "a parent or spouse is someone else": gettext_lazy("a parent or spouse is someone else"),
    "no relative in common": gettext_lazy("no relative in common"),
    "relatives agree, but only in words of the person's own name": gettext_lazy(
        "relatives agree, but only in words of the person's own name"
    ),
    "a common relative's name agrees": gettext_lazy("a common relative's name agrees"),
    "a relative's name agrees": gettext_lazy("a relative's name agrees"),
    "a rare relative's name agrees": gettext_lazy("a rare relative's name agrees"),
    "relatives' names agree": gettext_lazy("relatives' names agree"),
    "several relatives' names agree": gettext_lazy("several relatives' names agree"),
}
"""Each answer to a question of matching.levels, and each grade of two names."""
ASKED: dict[str, Promise] = {
    "Name": gettext_lazy("Name"),
    "Birth": gettext_lazy("Birth"),
    "Age": gettext_lazy("Age"),
    "Home": gettext_lazy("Home"),
    "Family": gettext_lazy("Family"),
    "Sex": gettext_lazy("Sex"),
    "Phone": gettext_lazy("Telephone"),
    "Identifier": gettext_lazy("Number"),
    "Last seen": gettext_lazy("Last seen"),
}
_LONGEST_FIRST = "|".join(re.escape(one) for one in sorted(ANSWERS, key=len, reverse=True))
_WEIGHED = re.compile(
    r" (?:That is about (?P<times>\S+) times likelier if they are (?P<who>one person|two people)"
    r"|(?P<nothing>(?:That|It) weighs nothing))\.$"
)
_NAMES = re.compile(
    rf"“(?P<one>.*)” and “(?P<two>.*)”: (?P<answer>{_LONGEST_FIRST}); "
    r"about 1 person in (?P<number>\S+) would share this by chance"
    r"(?P<common>, so the name alone cannot decide)?\.",
    re.DOTALL,
)
_OTHER_NAMES = re.compile(r"“(?P<one>.*)” and “(?P<two>.*)” are different names\.", re.DOTALL)
_NO_NAME = re.compile(
    r"“(?P<one>.*)” is no name, and a record without a name matches nobody\.", re.DOTALL
)
_QUESTION = re.compile(
    rf"(?P<asked>{'|'.join(ASKED)}): (?:.*: )?(?P<answer>{_LONGEST_FIRST})\.", re.DOTALL
)
_RELATIVES = "A brother, sister or parent would share much of this too, so it counts for less."


def in_words(sentence: str) -> tuple[str, str]:
    """The sentence for the reader, and the language that it is in."""
    language = get_language() or "en"
    if language == "en":
        return sentence, "en"
    weighed = _WEIGHED.search(sentence)
    said = _answer(sentence[: weighed.start()] if weighed else sentence)
    if said is None:
        return sentence, "en"
    return f"{said} {_weight(weighed)}".strip(), language


def _answer(sentence: str) -> str | None:
    if names := _NAMES.fullmatch(sentence):
        said = names.groupdict() | {"answer": ANSWERS[names["answer"]]}
        if names["common"]:
            return (
                _(
                    "“%(one)s” and “%(two)s”: %(answer)s; about 1 person in %(number)s would share "
                    "this by chance, so the name alone cannot decide."
                )
                % said
            )
        return (
            _(
                "“%(one)s” and “%(two)s”: %(answer)s; about 1 person in %(number)s would share "
                "this by chance."
            )
            % said
        )
    if names := _OTHER_NAMES.fullmatch(sentence):
        return _("“%(one)s” and “%(two)s” are different names.") % names.groupdict()
    if names := _NO_NAME.fullmatch(sentence):
        return _("“%(one)s” is no name, and a record without a name matches nobody.") % {
            "one": names["one"]
        }
    if sentence == _RELATIVES:
        return _("A brother, sister or parent would share much of this too, so it counts for less.")
    if question := _QUESTION.fullmatch(sentence):
        return f"{ASKED[question['asked']]}: {ANSWERS[question['answer']]}."
    return None


def _weight(weighed: re.Match[str] | None) -> str:
    if weighed is None:
        return ""
    if weighed["nothing"]:
        return _("That weighs nothing.")
    if weighed["who"] == "one person":
        return _("That is about %(times)s times likelier if they are one person.") % {
            "times": weighed["times"]
        }
    return _("That is about %(times)s times likelier if they are two people.") % {
        "times": weighed["times"]
    }
