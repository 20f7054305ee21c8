"""A reader of Arabic reads Arabic: on each page that a role can open, and where rooms that know no
language but English say what is wrong (trust of the words: tests/web/test_sentences.py)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.test import Client
from django.urls import URLPattern, reverse

from reknit.guard.models import Entry
from reknit.guard.models.audit import Head
from reknit.guard.permissions import Permission
from reknit.queue.models import Job, JobState
from reknit.records.models import Batch
from reknit.settings import CONFIG
from reknit.vocabulary import Role
from reknit.web.routes import Door, all_routes, declared_of
from tests.intake.test_imports import take
from tests.staff import NORD, noor, staff
from tests.web.everything import everything
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

OWN = {"bdi", "code", "kbd", "script", "style", "textarea", "input", "rp", "rt"}
"""What people or machines wrote, whatever the page's language."""
ROLES = (
    Role.SUPERVISOR, Role.CASEWORKER, Role.DATA_PROTECTION_OFFICER, Role.COORDINATOR,
    Role.ADMINISTRATOR,
)  # fmt: skip
"""Each page is looked at as the first of them sees it that can open it."""
EMPTY = {"meta", "link", "input", "br", "img", "hr", "path", "use", "rect", "line", "circle"}
SHOWN = ("aria-label", "title", "placeholder", "data-label", "alt")
ENGLISH = re.compile(r"[A-Za-z][a-z’']*(?:[ ,;:.]+[a-z’']{2,})+|\b[a-z]{4,}\b")
COMMANDS = re.compile(r"['“”«]reknit [^'“”»]*['“”»]|--\w+ NAME|[\w.]+@[\w.]+|\.\w+\b|[a-z]+:/*\w+")
NAMES = re.compile(
    r"\u2068.*?\u2069|chrony|systemd\S*|swapoff|dm-crypt|chmod|stderr|\bcookie\b|JSON Lines"
    r"|(?:Copy|Desk|Port|Third) of Nord|A list of everybody’?'?s"
    r"|message_id|\b(?:text|female|male|other)\b"
)
"""Programs, what the tests' people call things, and names of columns."""


class _Texts(HTMLParser):
    """The page's own words: what is shown in its language."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._skipped: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        outside = bool(self._skipped and self._skipped[-1]) or tag in OWN
        outside = outside or "message-text" in (said.get("class") or "").split()
        outside = outside or said.get("lang", "ar") != "ar" or said.get("dir") == "ltr"
        if tag not in EMPTY:
            self._skipped.append(outside and tag != "html")
        if not outside:
            self.texts += [str(said[name]) for name in SHOWN if said.get(name)]

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY and self._skipped:
            self._skipped.pop()

    def handle_data(self, data: str) -> None:
        if not (self._skipped and self._skipped[-1]):
            self.texts.append(data)


def english(page: str) -> list[str]:
    """The English that a page in Arabic says."""
    parser = _Texts()
    parser.feed(page)
    own = (NAMES.sub(" ", COMMANDS.sub(" ", text)) for text in parser.texts)
    return sorted({found for text in own for found in ENGLISH.findall(text)})


def in_arabic(user: Role | Client) -> Client:
    client = user if isinstance(user, Client) else signed_in(staff(user))
    client.cookies["reknit-language"] = "ar"
    return client


def test_the_search_finds_english_and_leaves_names_alone() -> None:
    page = '<html lang="ar"><p title="Say why">اسم <bdi>Idris of Aleppo</bdi> <b>not found</b>'
    assert english(page) == ["Say why", "not found"]
    assert english("<html lang='ar'><p lang='en'>Not one word</p><p>شغّل 'reknit keys init'") == []


def test_no_page_says_english_to_a_reader_of_arabic() -> None:
    things = everything(NORD)
    said: dict[str, list[str]] = {}
    for role in (None, *ROLES):
        client = in_arabic(Client() if role is None else signed_in(staff(role)))
        for name, place in _places(things):
            if name in said:
                continue
            answer = client.get(place)
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                said[name] = english(answer.content.decode())
    assert len(said) > 70
    assert {name: found for name, found in said.items() if found} == {}


def _places(things: dict[str, object]) -> Iterator[tuple[str, str]]:
    for route in all_routes():
        if set(route.pattern.converters) <= set(things) and _is_a_page(route):
            arguments = {name: things[name] for name in route.pattern.converters}
            yield str(route.name), reverse(str(route.name), kwargs=arguments)


def _is_a_page(route: URLPattern) -> bool:
    declared = declared_of(route.callback)
    return isinstance(declared, Permission) or declared in {Door.PUBLIC, Door.SIGNED_IN}


BAD_LIST = (
    "person_record_id,full_name,date_of_birth,age,sex,home_country,relatives,source_date,"
    "shoe size\n"
    "1,Idris Haddad,31/02/1990,two hundred and nine,perhaps,Ruritania,neighbour: Salma,lately,9\n"
    "1,Idris Haddad,1990,,,,,,\n"
    ",Noor,,,,,,,\n"
    "4,,,,,,,,\n"
    "5,Amal,1403/05/12,,,,,,,,,\n"
    "6,Amal,1403/05/12,,,,father: ,,\n"
    "8,Amal,1990\n"
    '7,"Amal,1990\n'
)


def test_a_list_says_in_arabic_what_was_wrong_with_it() -> None:
    batch = take(BAD_LIST.encode())
    client = in_arabic(signed_in(noor()))
    page = client.get(reverse("import", args=[batch.pk])).content.decode()
    assert batch.unknown_fields == 4
    assert batch.rejected == 4
    for told in ("تاريخ الميلاد", "لا يُقرأ", "عُدّ غير معروف", "صف قصير", "الجلالي"):
        assert told in page
    for quoted in ("31/02/1990", "perhaps", "Ruritania", "shoe size"):
        assert quoted in page
    assert english(page) == []


def test_the_rows_set_aside_say_why_in_arabic_and_stay_as_they_were() -> None:
    batch = take(BAD_LIST.encode())
    place = reverse("import_rejected", args=[batch.pk])
    arabic = _rows(in_arabic(signed_in(noor())).get(place).content)
    english_rows = _rows(signed_in(noor()).get(place).content)
    reasons = [row.pop("reason") for row in arabic]
    assert [reason for reason in reasons if re.search("[A-Za-z\u2068]", reason)] == []
    assert "معرّف مكرر: ورد أولاً في السطر 2" in reasons
    assert "repeated id: first on line 2" in [row.pop("reason") for row in english_rows]
    assert arabic == english_rows


def test_the_rows_set_aside_hold_nothing_that_a_spreadsheet_would_run() -> None:
    """Nor does the page, which writes them anew, take the apostrophes off (trust: test 14)."""
    batch = take("person_record_id,full_name,sex\n,=cmd|'/C calc'!A0,＝1+1\n".encode())
    answer = signed_in(noor()).get(reverse("import_rejected", args=[batch.pk]))
    (row,) = _rows(answer.content)
    assert (row["full_name"], row["sex"]) == ("'=cmd|'/C calc'!A0", "'＝1+1")


def _rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


@pytest.mark.parametrize(
    "data",
    [b"name;place\nAmal;Hama\n", b"%PDF-1.4 not a list", b"\x00\x01\x02\x03" * 99, b"  \n"],
    ids=["no id", "a PDF", "no text", "empty"],
)
def test_a_list_that_cannot_be_read_says_so_in_arabic(data: bytes) -> None:
    batch = take(data)
    page = in_arabic(signed_in(noor())).get(reverse("import", args=[batch.pk])).content.decode()
    assert "port.csv" in page
    assert english(page) == []


def test_a_table_of_messages_that_is_none_says_so_in_arabic() -> None:
    upload = io.BytesIO(b"message_id,text,received_at\n1,Hello,yesterday\n")
    upload.name = "messages.csv"
    page = in_arabic(signed_in(noor())).post(
        reverse("message_new"), {"table": upload, "channel": "sms"}
    ).content.decode()  # fmt: skip
    assert "ليس وقتاً" in page.replace("وليس", "ليس")
    assert [said for said in english(page) if said != "received_at"] == []


@pytest.fixture
def own_rules() -> Iterator[Path]:
    file = CONFIG.data / "needs.toml"
    yield file
    file.unlink(missing_ok=True)


@pytest.mark.parametrize(
    "text",
    ['version = "1"\nscores = "yes"\n', "version = 1\nrules", "version = 7\n", "[[rules]]\n"],
)
def test_rules_of_need_that_cannot_be_used_say_why_in_arabic(own_rules: Path, text: str) -> None:
    things = everything(NORD)
    own_rules.write_text(text, encoding="utf-8")
    for place in (reverse("enquiry_need", args=[things["enquiry_id"]]), reverse("queue")):
        answer = in_arabic(signed_in(noor())).get(place)
        page = answer.content.decode()
        assert answer.status_code == 503
        assert "needs.toml" in page
        assert english(page.replace(str(CONFIG.data), "")) == []


def test_a_log_that_was_tampered_with_says_so_in_arabic() -> None:
    take(BAD_LIST.encode())
    officer = in_arabic(Role.DATA_PROTECTION_OFFICER)
    kept = officer.get(reverse("audit_checkpoint")).content.decode()
    first = Entry.objects.order_by("seq").first()
    assert first is not None
    Entry.objects.filter(pk=first.pk).delete()
    for given in ("", kept):
        page = officer.post(reverse("audit_verify"), {"checkpoint": given}).content.decode()
        assert "مفقود من السجل" in page
        assert english(page) == []
    Head.objects.update(origin="reknit/another")
    page = officer.post(reverse("audit_verify"), {"checkpoint": kept}).content.decode()
    assert english(page) == []


def test_a_job_that_failed_says_so_in_arabic() -> None:
    batch: Batch = take(BAD_LIST.encode())
    Job.objects.filter(subject_id=str(batch.pk)).update(
        state=JobState.FAILED, error="its worker died each time", step="storing"
    )
    page = in_arabic(Role.ADMINISTRATOR).get(reverse("jobs")).content.decode()
    assert "توقف عامله في كل مرة" in page
    assert english(page) == []
