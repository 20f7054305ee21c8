"""The sheet of a case as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from reknit.adapters import typesetting
from reknit.casework.comparison import reading
from reknit.casework.sheets import Sheet
from reknit.casework.timeline import Happening
from reknit.records.models import User
from reknit.web import words
from reknit.web.pages.parts import caption, lines_of

_WEB = Path(__file__).parents[2]
FONTS, TEMPLATE = _WEB / "fonts", _WEB / "paper" / "case.typ"


def is_available() -> bool:
    """Whether this installation can make a PDF."""
    return typesetting.is_available(FONTS)


def pdf_of(sheet: Sheet, by: User) -> bytes:
    """The sheet, in the reader's language; what no font has stands in Latin letters, as it says."""
    enquiry, number = sheet.enquiry, str(sheet.enquiry.pk)[:8].upper()
    name = caption(sheet.sought)
    values: dict[str, Any] = {
        "title": _("Enquiry %(number)s") % {"number": number},
        "language": (get_language() or "en").split("-")[0],
        "rtl": get_language_bidi(),
        "heading": _shown(name),
        "reading": "" if typesetting.unprintable(name) else reading(name),
        "lead": " · ".join([
            _("Enquiry %(number)s") % {"number": number}, words.of(enquiry.status),
            _shown(enquiry.office.name),
        ]),
        "sections": [
            _section(_("The person sought"), [
                [line.label, _shown(line.text)] for line in lines_of(sheet.sought)
            ]),
            _section(_("Who looks"), [
                [_("Name"), _shown(sheet.seeker_name)],
                [_("Looks for their"), words.of(sheet.relationship) if sheet.relationship else "–"],
                [_("Relationship"), words.of(enquiry.proof)], [_("Risk"), words.of(enquiry.risk)],
            ]),
            _section(_("What happened"), [_line(one) for one in sheet.happened]),
        ],
        "footer": " · ".join([
            _time(sheet.made_at), _shown(by.name or by.email),
            f"{_('Legal basis')}: {words.of(sheet.legal_basis)}",
        ]),
    }  # fmt: skip
    return typesetting.as_pdf(TEMPLATE, FONTS, values)


def _section(title: str, rows: list[list[str]]) -> dict[str, Any]:
    widths = [1, 3] if not rows or len(rows[0]) == 2 else [2, 4, 2]
    return {"title": title, "rows": rows, "widths": widths}


def _line(one: Happening) -> list[str]:
    what = " · ".join([words.happened(one.what), *(words.of(value) for value in one.values)])
    if one.is_undone:
        what = f"{what} ({_('taken back since')})"
    who = _("The installation") if one.by_itself else ""
    if one.who is not None:
        who = one.who.name or one.who.email
    return [_time(one.at), what, _shown(who)]


def _shown(text: str) -> str:
    """As written; what no font has, in Latin letters."""
    if not typesetting.unprintable(text):
        return text
    return _("%(reading)s (written in letters that this file cannot show)") % {
        "reading": reading(text) or "–"
    }


def _time(at: Any) -> str:
    return date_format(at, "j M Y, H:i")
