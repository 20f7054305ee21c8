"""What rooms below say in English of lists, rules and the log, in the reader's language.

Rules: the rooms that read files and look after the machine know no language but English, for
commands and logs are read by whoever runs the installation; a page finds the form of such a
sentence here, and says it with the same values in the reader's language, each value in its own
direction. A sentence may have its place before it ("list.csv, line 3: …") and what to do next
after it. One that is none of these forms is shown as it was said; a test goes through all that the
rooms can say.

>>> from django.utils import translation
>>> with translation.override("es"):
...     said("list.csv: the file is empty. Export the list again.", marks=False)
'list.csv: el archivo está vacío. Exporte la lista de nuevo.'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from reknit.vocabulary.columns import PEOPLE_COLUMNS
from reknit.web import words

if TYPE_CHECKING:
    from reknit.exchange import Counted

SENTENCES = (
    # exchange: what is wrong with a file as a whole
    _("the file is empty"),
    _("the file has no row"),
    _("this is not text"),
    _("its encoding is not known and it is not UTF-8"),
    _("no table reader for the ending %(ending)s"),
    _("this is %(what)s, not %(kind)s"),
    _("the file does not begin as %(kind)s does"),
    _("this is an old .xls workbook, not XLSX"),
    _("this ZIP file is no XLSX workbook"),
    _("this is a JSON array, not JSON Lines"),
    _("this Parquet file is damaged"),
    _("the workbook is damaged"),
    _("the workbook is encrypted"),
    _("the sheet is damaged"),
    _("no sheet holds any cell"),
    _("no line is a JSON object"),
    _("the workbook swells %(times)s times when opened; %(most)s is the most"),
    _("the workbook unpacks to far more than it holds packed (a zip bomb)"),
    _("the workbook unpacks to more than %(number)s MB, which is the most that can be sent in"),
    _(
        "the workbook holds more than %(number)s cells and texts, which is the most that can be "
        "sent in"
    ),
    _("a sheet spans %(columns)s columns and %(rows)s rows"),
    _(
        "%(rows)s rows of %(columns)s columns are %(cells)s cells; %(most)s is the most that can "
        "be sent in"
    ),
    _(
        "its cells come to more than %(number)s MB of text, which is the most that can be sent in"
    ),
    _("more than %(number)s of its fields and rows are doubtful"),
    _("the rows that would be set aside come to more than %(number)s MB of text"),
    _("the file unpacks to more than %(number)s MB, which is the most that can be sent in"),
    _("its columns hold %(number)s values; %(most)s is the most that can be sent in"),
    _("more than %(number)s different keys"),
    _("more than %(number)s rows"),
    _("the header has no column %(column)s"),
    _('the header has no column %(column)s; "%(likely)s" looks like it'),
    # what a file is instead
    _("a ZIP or XLSX file"),
    _("an old or encrypted Office file"),
    _("a Parquet file"),
    _("a PDF file"),
    _("a gzip file"),
    _("a bzip2 file"),
    _("an xz file"),
    _("a zstd file"),
    _("a 7-Zip file"),
    _("a RAR file"),
    _("an SQLite database"),
    _("a PNG picture"),
    _("a JPEG picture"),
    _("a GIF picture"),
    _("a program"),
    _("an RTF document"),
    _("an XML file"),
    _("a web page"),
    # what to do with it
    _("Export the list again"),
    _("Export the list as CSV"),
    _("Export the list as CSV, or split it"),
    _("Export the list as %(kind)s and try again"),
    _("Export the list as %(kind)s again, or name its format"),
    _("Save the list as CSV UTF-8"),
    _("Save the list as XLSX"),
    _("Save the list as CSV, or without its empty formatted cells, and try again"),
    _("Save it again as XLSX"),
    _("Save it as XLSX in a spreadsheet program and try again"),
    _("Remove its password"),
    _("Remove its password in a spreadsheet program and try again"),
    _("Open it in a spreadsheet program and save it as XLSX"),
    _("Write one JSON object a line"),
    _("Write one JSON object a line and name the file .jsonl"),
    _("Use .csv, .xlsx, .parquet or .jsonl"),
    _("Use the same keys in every line"),
    _("Delete its stray cells"),
    _("Split the file"),
    _("Split the list, or leave out columns that are empty"),
    _("Shorten what stands in every row, or split the list"),
    _("Correct the list, or split it"),
    _("Name the column %(column)s; the header has %(labels)s"),
    _("Name the column %(column)s; the header has nothing"),
    _("Rename it to %(column)s"),
    # exchange: why a row was set aside, and what was met in a row
    _("no id"),
    _("no name"),
    _("repeated id: first on line %(line)s"),
    _("too many cells: %(number)s in this row, %(width)s in the header"),
    _("open quotation mark: it begins a cell and does not end it"),
    _("not a JSON object: a list"),
    _("not a JSON object: a single value"),
    _("not a JSON object: nested too deep"),
    _("not a JSON object: a number of too many digits"),
    _("not a JSON object: it cannot be read from sign %(number)s on"),
    _("quotation marks do not pair; the row was read as written"),
    _("short row: %(number)s cells, %(width)s in the header; the rest is unknown"),
    _("characters that could not be read"),
    _("NUL bytes were removed"),
    _("a nested value cannot stand in a cell"),
    _("Check this row against the list"),
    _("Check that no cell slipped"),
    _("Save the list as UTF-8 and check this cell"),
    _("Flatten it"),
    _("Correct this row"),
    _("Fill it in"),
    # intake
    _(
        "kept out: who has this id had their record erased, or objects to it; tell the list's "
        "source. If the row is about somebody else, give it an id of its own and send it again"
    ),
    # exchange and standardise: one field
    _("a cell of %(number)s characters; %(most)s is the limit"),
    _("%(text)s is no ISO 8601 date; taken as unknown"),
    _("%(text)s is no known word for a sex; taken as unknown"),
    _("%(text)s is no known country; kept as text"),
    _("%(text)s is no age; taken as unknown"),
    _("%(text)s cannot be read as an age; taken as unknown"),
    _("%(text)s is above %(years)s years; taken as unknown"),
    _("%(text)s cannot be read as a date; taken as unknown"),
    _("%(text)s is not a day; taken as unknown"),
    _("%(text)s is outside %(years)s; taken as unknown"),
    _("%(text)s is after %(day)s; taken as unknown"),
    _("%(text)s read as %(calendar)s: %(day)s"),
    _("Hijri"),
    _("Jalali"),
    _("Ethiopian"),
    _("Buddhist"),
    _("Burmese"),
    _("Bengali"),
    _("%(text)s has a year of two digits: read as %(day)s"),
    _("%(text)s read as %(day)s, without '%(words)s'"),
    _("%(text)s read as a spreadsheet's count of days: %(day)s"),
    _("relative '%(text)s' has no name; left out"),
    _("'%(text)s' is no known relation; kept as other"),
    _("%(column)s is empty"),
    _("%(column)s is '%(text)s', not a number"),
    _("received_at is '%(text)s', not a time"),
    _("Shorten it in the list"),
    _("Write YYYY, YYYY-MM or YYYY-MM-DD"),
    _("Write YYYY-MM-DD"),
    _("Write years as N or N-N"),
    _("Write female, male or other"),
    _("Write the ISO alpha-2 code or the name"),
    _("Write `relation: name`, one a line"),
    _("Write it as 2026-06-01T05:00 or leave it empty"),
    # exchange: how a file was read
    _("header on line %(line)s"),
    _("header on row %(row)s"),
    _("sheet %(sheet)s read of %(number)s"),
    _("column %(number)s"),
    # casework and guard: files of rules
    _("this cannot be read as TOML; correct it there"),
    _("%(name)s is missing; add it"),
    _("%(name)s may not be said; use %(known)s"),
    _("%(setting)s is not known; use %(known)s"),
    _("%(setting)s is no number; use a whole number above 0"),
    _("%(setting)s is no number of days; use a whole number above 0"),
    _("%(setting)s says nothing; write a text"),
    _("when = {…} is missing; say what must hold"),
    _("[[%(name)s]] is missing; write at least one"),
    _("rule %(name)s stands twice; give each its own name"),
    _("no rule touches the category %(name)s"),
    # guard: the audit log
    _("its signature is not by this key; it was written by someone else"),
    _("its root is not that of the entries"),
    _("it speaks of %(number)s entries, the log has %(counted)s"),
    _("here and after stand %(number)s that no head covers"),
    _("missing from the log"),
    _("it, or its chain value, is not what was written"),
    _("its chain value is not the last entry's"),
    _("it is not signed by this installation's key"),
    _("it is of another log, %(other)s; this is %(own)s"),
    _("the log has only %(number)s now; its end was cut off, or an older state was put back"),
    _("the log's first %(number)s entries are not those; rewritten"),
    _("it is missing, and the log has entries"),
    _("the log is empty now"),
    _("the frontier does not fit the size"),
    _(
        "Nothing is appended to it; run 'reknit audit verify' with the last checkpoint, and "
        "restore from a backup"
    ),
    # guard: the installation's check
    _("others than its owner may open it"),
    _("restore the ring before anything else"),
    _("see %(page)s"),
    _("the key ring lies in clear in the data folder, so that one thief takes both"),
    _("keep it elsewhere (REKNIT_KEYRING), or wrap it: 'reknit keys init --holder NAME'"),
    _("no recovery code was printed: a lost ring or passphrase loses everything"),
    _("run 'reknit keys init' and keep the codes on paper"),
    _("swap on it is not encrypted, and may come to hold keys and names"),
    _("swapoff it, or encrypt it (dm-crypt with a random key)"),
    _("it cannot be reached (%(error)s)"),
    _("start it, or mend REKNIT_DATABASE or REKNIT_KEYSTORE"),
    _(
        "SQLite's synchronous is %(level)s, below FULL: a loss of power would lose acknowledged "
        "writes"
    ),
    _("set it to FULL (2)"),
    _("PostgreSQL's %(name)s is off: a loss of power would lose acknowledged writes"),
    _("set %(name)s = on in postgresql.conf and reload it"),
    _("%(number)s migrations wait"),
    _("any application command but this one runs them, such as 'reknit serve'"),
    _("less than 1 GB is free"),
    _("make room: a full disk refuses"),
    _("the disk commits %(number)s times a second, fewer than %(least)s"),
    _("expect slower writing, or use a disk with power-loss protection"),
    _("there are records of a later time: the clock was set back"),
    _("set it, and keep it by NTP: consents and sessions end by it"),
    _("no time service keeps it"),
    _("run chrony or systemd-timesyncd: consents and sessions end by it"),
    _("the installation is locked"),
    _("the installation is locked: 'reknit keys unlock'"),
    _("the keeper of the keys does not answer; it is being restarted"),
    _("Try again in a moment"),
    _("see what 'reknit serve' says on stderr"),
    _("the key ring is not open"),
    _("the key ring is not open, it waits for %(holders)s"),
    _("the search index is being built (%(share)s)"),
    _("wait"),
    _("the keeper's memory can be read by other processes of its user"),
    _("the keeper's memory may be swapped to disk"),
    _("let the service lock memory: LimitMEMLOCK=infinity for systemd"),
    _("%(number)s data keys are wrapped by an old version of the ring"),
    _("finish it: 'reknit keys rotate'"),
    _("restore ring and key store of one time"),
    _("it listens on %(host)s, and REKNIT_HTTPS does not say that a proxy encrypts"),
    _("put a proxy with TLS before it, listen on 127.0.0.1, and set REKNIT_HTTPS=1"),
    _("no host name is allowed"),
    _("name the host that people use"),
    _("none was ever made: a lost disk loses everything"),
    _("the last one is %(number)s days old"),
    _("'reknit backup --out DIR' each night, onto another disk"),
    _("it has not yet taken in what commands did while it could not be written"),
    _("open the installation: 'reknit keys unlock', and see that a job worker runs"),
    # sealing: the ring and the key store
    _(
        "no key ring here; make one with 'reknit keys init', or get it back with 'reknit keys "
        "recover'"
    ),
    _("this is no key ring; restore it, or run 'reknit keys recover'"),
    _("others than its owner may read the key ring; chmod 600 it"),
    _("the key ring belongs to another user; chown it"),
    _(
        "version %(version)s is not in the ring; restore the ring that belongs to this key store"
    ),
    _("the sealed value was changed or moved; restore it from a backup"),
    _("not a sealed value of format 1"),
    # language and adapters: notes on how a message was read
    _("only its beginning was read"),
    _("raised from %(number)s: %(text)s"),
    # intake: sources that are nobody's list
    _("Registered themselves at %(office)s"),
    _("Messages of %(office)s"),
    _("Enquiries of %(office)s"),
    # queue
    _("its worker died each time"),
    # records and casework: what models are called
    _("packaged with %(version)s"),
    _("judged %(day)s no. %(number)s"),
)  # fmt: skip
"""Each form that a sentence of theirs can have, without the full stop at its end."""

PLACES = (
    _("%(file)s, line %(number)s"),
    _("%(file)s, sheet %(sheet)s"),
    _("%(file)s, message %(number)s"),
    _("%(file)s, line %(number)s, column %(column)s"),
    _("%(file)s, at its end"),
    _("rule %(name)s"),
    _("the head"),
    _("entry %(number)s"),
    _("entries %(number)s"),
    _("the checkpoint of %(number)s entries"),
    _("the audit log was changed from outside"),
    _("database %(name)s"),
    _("data key %(id)s"),
    _("key store"),
    _("audit log"),
    _("keeper"),
    _("clock"),
    _("backup"),
)
"""How they call what a sentence is about, where that is not a name."""

REASONS = {
    "repeated id": _("repeated id"),
    "no id": _("no id"),
    "no name": _("no name"),
    "too many cells": _("too many cells"),
    "open quotation mark": _("open quotation mark"),
    "not a JSON object": _("not a JSON object"),
    "kept out": _("kept out"),
}
"""Why rows were set aside, to count them by."""

_INNER = {"what", "calendar"}
"""Values that are sentences themselves."""
_SHAPES = {
    "setting": r"\S+ = .*?",
    **dict.fromkeys(("text", "words", "labels", "likely"), ".*?"),
}
"""What people wrote may hold anything; other values hold no colon with a space behind it."""
_SHORT = 24
_NAMED = 5
"""Of columns that are not used, so many are named."""
_ISOLATE, _END = "\u2068", "\u2069"


UNDERSTOOD = {
    "read": _("Rows that were read"),
    "set_aside": _("Set aside"),
    "unknown": _("Fields that stay unknown"),
    "remarks": _("Fields that were read with a remark"),
    "unused": _("Columns that were not used"),
    "encoding": _("Encoding"),
}
"""What is counted of a list."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A form and what stands in its places."""

    form: str
    values: tuple[tuple[str, str | Promise | _Said], ...] = ()


def said(text: object, *, marks: bool = True) -> str:
    """The sentence for the reader, where it is one that is known. marks: with the signs that keep
    each value in its own direction, which a file to work on does not want."""
    found = _find(str(text))
    if found is None:
        return str(text)
    return _filled(found, (_ISOLATE, _END) if marks else ("", ""))


def said_in_html(text: object) -> SafeString:
    """The same for a page, its values marked as what they are."""
    found = _find(str(text))
    return format_html("{}", text) if found is None else _marked_up(found)


def is_known(text: str) -> bool:
    """Whether it is one of these sentences."""
    return _find(text) is not None


def place_in_html(text: object) -> SafeString:
    """What a sentence is about, for a page that shows it apart."""
    found = _one_of(_PLACES, str(text))
    return format_html("<bdi>{}</bdi>", text) if found is None else _marked_up(found)


def understood(counted: Counted) -> list[tuple[str, str]]:
    """What an import counted, each with its word, in the reader's language."""
    aside = [(gettext(REASONS.get(one, one)), n) for one, n in counted.set_aside.items()]
    unknown = [(column(one), number) for one, number in counted.unknown.items()]
    unused = [f"{_ISOLATE}{said(one)}{_END}" for one in counted.unused[:_NAMED]]
    more = ["…"] if len(counted.unused) > _NAMED else []
    found = [
        ("read", str(counted.read)),
        ("set_aside", _listed(aside)),
        ("unknown", _listed(unknown)),
        ("remarks", str(counted.remarks or "")),
        ("unused", ", ".join(unused + more)),
        ("encoding", counted.encoding),
    ]
    lines = [(gettext(UNDERSTOOD[what]), told) for what, told in found if told]
    return lines + [("", said(note)) for note in counted.notes]


def _listed(counts: Sequence[tuple[str, int]]) -> str:
    if not counts:
        return ""
    named = ", ".join(f"{_ISOLATE}{one}{_END}: {number}" for one, number in counts)
    return f"{sum(number for _one, number in counts)} ({named})"


def column(name: str) -> str:
    """A column's word where it is the contract's, its own name where not."""
    return words.of(name) if name in PEOPLE_COLUMNS else name


def _filled(one: _Said, marks: tuple[str, str]) -> str:
    begin, end = marks
    return gettext(one.form) % {
        name: _filled(value, marks) if isinstance(value, _Said) else f"{begin}{value}{end}"
        for name, value in one.values
    }


def _marked_up(one: _Said) -> SafeString:
    values = {
        name: _marked_up(value)
        if isinstance(value, _Said)
        else format_html('<bdi dir="auto" class="{}">{}</bdi>', _kept_whole(str(value)), value)
        for name, value in one.values
    }
    return mark_safe(escape(gettext(one.form)) % values)  # noqa: S308 - both are escaped


def _kept_whole(value: str) -> str:
    """The class of one short word, such as a date: broken at its sign, it reads the wrong way round
    in a line from the right."""
    return "text-nowrap" if len(value) <= _SHORT and " " not in value else ""


_PLACED = _("%(place)s: %(what)s")


def _find(text: str) -> _Said | None:
    """The form of a sentence, with its place before it and the next step behind it."""
    if text.endswith("."):
        whole = _find(text[:-1])
        return None if whole is None else _Said("%(what)s.", (("what", whole),))
    column, colon, rest = text.partition(": ")
    if colon and column in PEOPLE_COLUMNS and (about := _find(rest)) is not None:
        return _Said(_PLACED, (("place", words.WORDS[column]), ("what", about)))
    return _one_of(_SENTENCES, text) or _stepped(text) or _placed(text)


def _one_of(forms: Forms, text: str) -> _Said | None:
    for form, pattern in forms:
        if found := pattern.fullmatch(text):
            values: dict[str, str | _Said] = {**found.groupdict()}
            for name in _INNER & values.keys():
                inner = _one_of(_SENTENCES, found[name])
                if inner is None:
                    return None
                values[name] = inner
            return _Said(form, tuple(values.items()))
    return None


def _stepped(text: str) -> _Said | None:
    """Two sentences: what is wrong, and what to do."""
    for stop in re.finditer(r"\. ", text):
        wrong, step = _find(text[: stop.start()]), _one_of(_SENTENCES, text[stop.end() :])
        if wrong is not None and step is not None:
            return _Said("%(what)s. %(step)s", (("what", wrong), ("step", step)))
    return None


def _placed(text: str) -> _Said | None:
    for colon in re.finditer(": ", text):
        what = _find(text[colon.end() :])
        if what is not None:
            place = text[: colon.start()]
            return _Said(_PLACED, (("place", _one_of(_PLACES, place) or place), ("what", what)))
    return None


def _pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"%\((\w+)\)s", form)
    return re.compile(
        "".join(
            f"(?P<{part}>{_SHAPES.get(part, '(?:(?!: ).)*?')})" if number % 2 else re.escape(part)
            for number, part in enumerate(parts)
        ),
        re.DOTALL,
    )


Forms = tuple[tuple[str, re.Pattern[str]], ...]


def _forms(texts: Iterable[str]) -> Forms:
    """With what each matches; those of the most words first, for they say the most."""
    by_length = sorted(texts, key=lambda form: -len(re.sub(r"%\(\w+\)s", "", form)))
    return tuple((form, _pattern(form)) for form in by_length)


_SENTENCES, _PLACES = _forms(SENTENCES), _forms(PLACES)
