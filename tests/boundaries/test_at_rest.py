"""What lies on the disk, in a backup, a log, an address or a page that refuses shows nobody (I7).

Invented people, numbers, places and words come in through every door of an installation of its own
(`reknit serve` with its real processes); then every place that a thief, an administrator or a
neighbour at the screen could read is searched for them, in every form in which they may lie there.
"""

from __future__ import annotations

import base64
import http.cookiejar
import io
import os
import re
import shutil
import socket
import subprocess
import tarfile
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import psycopg
import pytest
from ahocorasick_rs import BytesAhoCorasick
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from reknit.standardise.romanise import readings
from reknit.standardise.scripts import Script
from reknit.web.doors import gate
from tests.cast import IDRIS_FOUND, crowd
from tests.installation import Installation, new_installation, stop, wait_for
from tests.web.signing_in import PASSWORD, SECRET, code

pytestmark = pytest.mark.database

FOUND, SOUGHT_AR = "Zyvorakhel Quillonbeyt", "زفوراخيل قلونبيطان"
PHONE, SEEKERS_PHONE = "+218 91 774 0639", "+961 3 884 517"
CANARIES = {
    "the name on a list": FOUND,
    "the name on a list, in Arabic": SOUGHT_AR,
    "a name in a rejected row": "Hrabovixen Oltrumaysk",
    "a name in a list that is none": "Wyndrapolak Kesthurin",
    "the seeker's name": "Jorlwandike Bexnarovu",
    "a name that was searched": "Ulquimorrad Zhentivoor",
    "a name that was searched, in Arabic": "غضرفانوس ثعلبوظان",
    "a name in a wrong address": "Pemdrockwix Ashtubolin",
    "a name typed as a sign-in": "Dravonquilp",
    "a name in a malformed request": "Xolombreckt",
    "a name in a fault": "Gwythamurrel Ondrekkavi",
    "a blocked person": "Mulvankreet Sporthagon",
    "a telephone": PHONE,
    "a seeker's telephone": SEEKERS_PHONE,
    "a place": "Brackwultholm, pier Iskandrovel",
    "a home town": "Tzarquembol",
    "a description": "scar shaped like a Flumdigrath",
    "a file's name": "Kwestorbalin.csv",
    "why a list came": "fetched from Olmbradixon",
    "a judgement's reason": "recognised the Vorplenaxi ring",
    "an assessment's reason": "feared the Quandlebrush clan",
    "a consent's words": "tell my aunt in Smordwickel",
    "a document's title": "card of Ynvolkathrim",
    "a picture's hidden text": "camera of Lopfandruk",
    "a failing upload": "Rugwompelda.pdf",
    "a request's words": "what holds Fizzorndalek of me",
    "where a request is answered": "care of Trundlehoxem",
    "a message's words": "where is Glorvanthuse Ekkelbrandt",
    "a message's sender": "+961 3 772 918 46",
    "an answer to a message": "we heard of Trilvandorrick",
    "a name at the seekers' door": "Blendorvakhi Strumpelquat",
    "a seeker at the door": "Ferquandoli Mispelworth",
    "a name in a draft": "Unsentolvar Kepprikon",
    "a name at the found person's door": "Quistelbrand Ovvermeyak",
    "a place at the door": "Molvickthorpe ferry",
    "who is blocked at the door": "Drubenfask Yillowarth",
    "a message to the family": "greet Trellowanda from me",
    "a letter": "the bridge of Gribbenfaltz",
    "a correction": "born near Spindlewathe",
    "a note on a case": "asks about Plimvoranth",
    "a task": "ring up Grovandelisk",
    "a task for many cases": "visit Wexpondulaar",
    "why a case is needed": "dialysis, says Horquistane",
    "why its turn is another": "threatened by Blundavorix",
    "a filter's name": "family Zemquarolth",
    "why a case was taken over": "Noor visits Yarquimbold",
    "why a case is offered": "lives with Prindolvask",
    "what was found of an alarm": "cousin of Dremwolthan",
    "why somebody may read more": "lists from Skelvormund",
    "an answer to use again": "wait for Ulmbrakwithy",
    "what that answer is for": "for Fendrolquist",
}
"""Invented and met nowhere else: no word of them is a word."""


@cache
def needles() -> dict[bytes, str]:
    """Every form in which a canary may lie somewhere, with what it is."""
    return {
        needle: f"{what}: {form} as {encoding}"
        for what, text in CANARIES.items()
        for form in forms(text)
        for encoding, needle in encoded(form)
    }


def forms(text: str) -> set[str]:
    """A text as it is, its rare words, how they are romanised, the digits of a number; each also
    in the cases in which software keeps it."""
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 9:
        return {text, digits, digits[-8:], f"0{digits[-8:]}"}
    words = [word for word in re.findall(r"\w+", text) if len(word) >= 8]
    romanised = [read for word in words for read in readings(word.lower(), _script(word))]
    plain = {text, *words, *(read for read in romanised if len(read) >= 6)}
    return {change(form) for form in plain for change in (str, str.lower, str.upper, str.title)}


def _script(word: str) -> Script:
    return Script.ARABIC if word[0] > "\u0600" else Script.LATIN


def encoded(form: str) -> Iterator[tuple[str, bytes]]:
    """UTF-8, UTF-16 in both orders, base64 at each of three offsets, and as JSON and addresses
    write what is not ASCII."""
    utf8 = form.encode()
    yield "UTF-8", utf8
    yield "UTF-16 LE", form.encode("utf-16-le")
    yield "UTF-16 BE", form.encode("utf-16-be")
    yield "JSON", form.encode("ascii", "backslashreplace")
    yield "address", quote(form).encode()
    yield "form", quote(form, safe="").replace("%20", "+").encode()
    for before in range(3):
        if len(utf8) >= 8:  # shorter ones occur in long base64 by chance
            # Signs that hold bits of a neighbour as well depend on what stands there: left off.
            whole = base64.b64encode(bytes(before) + utf8)
            start, end = -(-before * 8 // 6), (before + len(utf8)) * 8 // 6
            yield f"base64 at {before}", whole[start:end]


def shown_in(content: bytes) -> list[str]:
    """Which canaries a content shows, and how."""
    shown = {found for found, _, _ in _automaton().find_matches_as_indexes(content, True)}
    return [what for number, what in enumerate(needles().values()) if number in shown]


@cache
def _automaton() -> BytesAhoCorasick:
    """All needles, looked for in one pass: there are thousands, and archives of megabytes."""
    return BytesAhoCorasick(list(needles()))


@dataclass
class Answer:
    """What came back."""

    status: int
    body: bytes
    location: str = ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass
class Window:
    """A browser's window: cookies, forms with their token, and all that was answered."""

    url: str
    answers: list[Answer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), _NoRedirect(),
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()),
        )  # fmt: skip

    def get(self, place: str, **headers: str) -> Answer:
        return self._ask(place, None, headers)

    def post(
        self,
        place: str,
        said: Mapping[str, Any],
        page: str = "",
        file: tuple[str, bytes] = ("", b""),
    ) -> Answer:
        """Send the form of a page (the place itself unless it is told)."""
        form = self.get(page or place)
        assert form.status == 200, (place, form.status, form.location)
        token = re.search(rb'csrfmiddlewaretoken" value="([^"]+)"', form.body)
        assert token is not None, place
        return self.send(place, {"csrfmiddlewaretoken": token[1].decode(), **said}, file)

    def send(
        self, place: str, said: Mapping[str, Any], file: tuple[str, bytes] = ("", b"")
    ) -> Answer:
        """Send a form as it is."""
        kind, data = "application/x-www-form-urlencoded", urlencode(said, doseq=True).encode()
        if file[0]:
            edge = uuid.uuid4().hex
            kind, data = f"multipart/form-data; boundary={edge}", b""
            for name, value in said.items():
                data += (
                    f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode()
                )
                data += f"{value}\r\n".encode()
            data += (
                f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"'
                "\r\nContent-Type: application/octet-stream\r\n\r\n"
            ).encode()
            data += file[1] + f"\r\n--{edge}--\r\n".encode()
        headers = {"Content-Type": kind, "Referer": self.url + place}
        return self._ask(place, data, headers)

    def _ask(self, place: str, data: bytes | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(self.url + place, data, headers)  # noqa: S310 - ours
        try:
            with self.opener.open(request, timeout=120) as found:
                answer = Answer(found.status, found.read())
        except urllib.error.HTTPError as refused:
            headers: Message = refused.headers
            answer = Answer(refused.code, refused.read(), headers.get("Location", ""))
        self.answers.append(answer)
        return answer

    def sign_in(self, email: str) -> None:
        """With password and code."""
        given = self.post("/sign-in/", {"login": email, "password": PASSWORD})
        assert given.location.endswith("/sign-in/code/"), given
        done = self.post("/sign-in/code/", {"code": code(SECRET)})
        assert done.status == 302, done


STAFF = """
from tests.staff import SUD, noor, office, staff
from reknit.vocabulary import Role
from tests.web.signing_in import with_app, with_password
for user in (noor(), staff(Role.SUPERVISOR), staff(Role.DATA_PROTECTION_OFFICER)):
    with_app(with_password(user))
office(SUD)
"""
RENAME = (
    "from django.db import connection; connection.cursor().execute('ALTER TABLE {} RENAME TO {}')"
)

SPOIL = """
from reknit.intake.models import Message
assert Message.objects.filter(pk="{}").update(categories=5) == 1
"""
"""No list, where the page goes through one: a fault, with the message's words in hand."""


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path) as made:
        made.run(STAFF)
        yield made


def test_nothing_at_rest_shows_a_name_a_number_a_place_or_a_word(
    there: Installation, tmp_path: Path
) -> None:
    serving = there.start("-m", "reknit", "serve", "--port", "0", "--workers", "1")
    try:
        assert serving.stdout is not None
        url = serving.stdout.readline().removeprefix("READY ").strip()
        there.built()
        noor, supervisor, officer, stranger = (Window(url) for _ in range(4))
        noor.sign_in("caseworker@nord.example")
        supervisor.sign_in("supervisor@nord.example")
        officer.sign_in("data_protection_officer@nord.example")
        said = bring_in_lists(there, noor, tmp_path)
        case, person, user = work_on_a_case(noor, supervisor)
        work_beside_it(noor, supervisor, case)
        raise_an_alarm(noor, officer, person, user)
        look_for(noor)
        message = write_messages(noor, case)
        codes = at_the_doors(url)
        go_wrong(there, noor, stranger, message)
        live = {file.name: file.read_bytes() for file in files_of(there.data)}
    finally:
        stop_and_keep = end(serving)
    assert any(name.endswith("-wal") for name in live)
    report = {f"{name}, while serving": content for name, content in live.items()}
    report |= {str(file): file.read_bytes() for file in files_of(there.data)}
    report |= {"what serve and its children said": stop_and_keep}
    report |= {"what commands said": said}
    report |= dict(backups(there, tmp_path / "backup"))
    report |= dict(dumps(there))
    windows = (noor, supervisor, officer, stranger)
    report |= dict(refusals([answer for window in windows for answer in window.answers]))
    assert {400, 403, 404, 429, 500} <= {a.status for w in windows for a in w.answers}
    shown = {place: found for place, content in report.items() if (found := shown_in(content))}
    shown |= {place: found for place, content in servers_own(there) if (found := shown_in(content))}
    assert not shown
    for receipt in codes:
        signs = {receipt.encode(), receipt.replace("-", "").encode()}
        assert not [place for place, held in report.items() if any(one in held for one in signs)]


@pytest.mark.parametrize("encoding", range(9))
def test_the_search_for_canaries_finds_each_in_each_encoding(encoding: int) -> None:
    """A search that finds nothing must be one that could."""
    for text in CANARIES.values():
        held = list(encoded(text))
        name, needle = held[encoding]
        assert shown_in(b"\x00row" + needle + b"\xff"), (text, name)
        plain = b"ab" + text.encode() + b"c"
        assert shown_in(base64.b64encode(plain[encoding % 3 :])), text


def test_the_search_for_canaries_knows_what_arabic_is_romanised_to() -> None:
    romanised = {form for form in forms(SOUGHT_AR) if form.isascii()}
    assert romanised
    assert all(shown_in(form.encode()) for form in romanised)
    assert not shown_in(IDRIS_FOUND["full_name"].encode())


def bring_in_lists(there: Installation, noor: Window, folder: Path) -> bytes:
    """Lists over the command line and over the page, with rows that are set aside, and one that
    is no list."""
    columns = "person_record_id,full_name,date_of_birth,sex,home_city,last_known_location,phones,"
    rows = [
        f'found-1,{FOUND},1987-04-02,male,Tzarquembol,"Brackwultholm, pier Iskandrovel",{PHONE},'
        "scar shaped like a Flumdigrath",
        ",Hrabovixen Oltrumaysk,1990-01-01,,,,,",
        *(f"{row['person_record_id']},{row['full_name']},,,,,," for row in crowd()),
    ]
    found = folder / "found.csv"
    found.write_text("\n".join([columns + "description", *rows]) + "\n", "utf-8")
    who = ("--as", "caseworker@nord.example", "--purpose", "fetched from Olmbradixon")
    done = there.reknit("import", str(found), "--source", "Port", *who, code=1)
    assert "1 set aside" in done.stdout
    assert "Hrabovixen" in found.with_name("found.csv.rejected.csv").read_text("utf-8")
    sought = folder / "sought.csv"
    sought.write_text(f"person_record_id,full_name\nsought-1,{SOUGHT_AR}\n,{SOUGHT_AR}\n", "utf-8")
    listed = there.reknit(
        "import", str(sought), "--source", "Families", "--kind", "sought", *who, code=1
    )
    form = {
        "source": "Bus", "kind": "found", "legal_basis": "public_interest",
        "why": "fetched from Olmbradixon",
    }  # fmt: skip
    row = f"person_record_id,full_name\nbus-1,{FOUND}\n,Hrabovixen Oltrumaysk\n".encode()
    for name, content in {
        "Kwestorbalin.csv": row,
        "Kwestorbalin.csv.xlsx": b"PK\x03\x04Wyndrapolak Kesthurin",
        "Kwestorbalin.csv.csv": b"Wyndrapolak Kesthurin\n",
    }.items():
        taken = noor.post("/lists/new/", form, file=(name, content))
        assert taken.status in {200, 302}
    wait_for(lambda: _read(noor.get("/lists/").body))
    return "".join((done.stdout, done.stderr, listed.stdout, listed.stderr)).encode()


def _read(lists: bytes) -> bool:
    """Whether the page shows all three that came over it, and none that waits or runs."""
    return lists.count(b">Bus<") == 3 and b'#clock"' not in lists


def work_on_a_case(noor: Window, supervisor: Window) -> tuple[str, str, str]:
    """An enquiry, its candidate, a judgement, assessments, consent, a block, a document, a
    request. Where the case and the person found are, and Noor's number."""
    filed = noor.post("/enquiries/new/", {
        "full_name": FOUND, "alternate_names": SOUGHT_AR, "date_of_birth": "1987-04-02",
        "sex": "male", "home_city": "Tzarquembol", "relationship": "brother",
        "description": "scar shaped like a Flumdigrath", "seeker_name": "Jorlwandike Bexnarovu",
        "phones": SEEKERS_PHONE,
    })  # fmt: skip
    case = _first(rb'"(/enquiries/[0-9a-f-]{36}/)"', filed.body)
    given = supervisor.get(case)
    user = _first(rb'<option value="(\d+)">caseworker@', given.body)
    assigned = {"user": user, "version": _version(given)}
    assert supervisor.post(f"{case}assign/", assigned, case).status == 302
    page = wait_for(lambda: _with(noor.get(case), b'id="candidate-'))
    assert FOUND.encode() in page.body, "shown to whoever is permitted"
    both = _first(rb'"(/review/[0-9a-f-]{36}/\?candidate=[0-9a-f-]{36})"', page.body)
    looked = noor.get(both)
    decide = _first(rb'"(/candidates/[0-9a-f-]{36}/decide/)"', looked.body)
    verdict = {"verdict": "match", "reason": "recognised the Vorplenaxi ring"}
    assert noor.post(decide, verdict | {"version": _version(looked)}, both).status == 302
    person = _first(rb'"(/people/[0-9a-f-]{36}/)\?', page.body)
    for place, form in {
        f"{case}risk/": {"risk": "no_concern", "reason": "feared the Quandlebrush clan"},
        f"{case}proof/": {"proof": "stated", "reason": "feared the Quandlebrush clan"},
    }.items():
        version = {"version": _version(noor.get(case))}
        assert noor.post(place, form | version, case).status == 302, place
    words = {"how": "in_person", "assurance": "2", "words": "tell my aunt in Smordwickel"}
    consent = {"answer": "agreed", "scope": ["whereabouts"], "recipient": "family",
               "given_by": "self", **words}  # fmt: skip
    assert noor.post(f"{person}consent/", consent).status == 302
    blocked = {**words, "name": "Mulvankreet Sporthagon", "phones": PHONE}
    assert noor.post(f"{person}block/", blocked).status == 302
    told = {"recipient": f"seeker:{case.split('/')[2]}", "scope": "whereabouts", "confirmed": "1"}
    assert noor.post(f"{person}tell/", told).status == 200
    for place in (case, f"{person}?purpose=family_tracing"):
        assert noor.get(place).status == 200
    document = f"/documents/new/enquiry/{case.split('/')[2]}/"
    title = {"title": "card of Ynvolkathrim"}
    assert noor.post(document, title, file=("card of Ynvolkathrim.png", picture())).status == 302
    refused = noor.post(document, title, file=("Rugwompelda.pdf", b"%PDF-1.7 Rugwompelda"))
    assert refused.status == 200
    asked = supervisor.post("/requests/new/", {
        "kind": "access", "words": "what holds Fizzorndalek of me", "assurance": "2",
        "contact": "care of Trundlehoxem",
    })  # fmt: skip
    assert asked.status == 302
    return case, person, user


def work_beside_it(noor: Window, supervisor: Window, case: str) -> None:
    """What is written about a case and not to it: notes, tasks, its need, who has it, a filter,
    one task for many cases, an answer to use again. Each is shown to whoever is permitted."""
    number = case.split("/")[2]
    many = {"kind": "task", "scope": "chosen", "case": number, "title": "visit Wexpondulaar"}
    told = noor.post("/queue/many/", many, "/queue/")
    many["confirmed"] = _first(rb'name="confirmed" value="([0-9a-f]{64})"', told.body)
    offered = supervisor.get(f"{case}transfer/")
    sud = _first(rb'<option value="(\d+)">Sud', offered.body)
    tasks, need, band = f"{case}tasks/", f"{case}need/", "threatened by Blundavorix"
    answer = {"title": "for Fendrolquist", "language": "en", "text": "wait for Ulmbrakwithy"}
    for window, place, page, form in (
        (noor, f"{case}notes/new/", tasks, {"text": "asks about Plimvoranth"}),
        (noor, f"{case}tasks/new/", tasks, {"title": "ring up Grovandelisk"}),
        (noor, "/queue/many/", "/queue/", many),
        (noor, need, need, {"facts": "medical", "reason": "dialysis, says Horquistane"}),
        (noor, need, need, {"band-band": "1", "band-reason": band}),
        (noor, "/queue/filters/", "/queue/", {"name": "family Zemquarolth", "shared": "on"}),
        (noor, f"{case}claim/", case, {"do": "claim"}),
        (supervisor, f"{case}claim/", case,
         {"do": "take_over", "reason": "Noor visits Yarquimbold"}),
        (supervisor, f"{case}transfer/", f"{case}transfer/",
         {"to_office": sud, "reason": "lives with Prindolvask"}),
        (noor, "/messages/answers/", "/messages/answers/", answer),
    ):  # fmt: skip
        assert window.post(place, form, page).status == 302, (place, form)
    for place, words in {
        tasks: ("Plimvoranth", "Grovandelisk", "Wexpondulaar"),
        need: ("Horquistane", "Blundavorix"),
        "/queue/": ("Zemquarolth",),
        "/transfers/": ("Prindolvask",),
        "/messages/answers/": ("Fendrolquist", "Ulmbrakwithy"),
    }.items():
        shown = noor.get(place).body.decode()
        assert [word for word in words if word not in shown] == [], place
    assert b"I stop working on it" in supervisor.get(case).body, "taken over"


def raise_an_alarm(noor: Window, officer: Window, person: str, user: str) -> None:
    """Noor opens a record that nobody has a reason to open; what was found; and more for today."""
    planted = officer.post("/alarms/canaries/", {"account": person.split("/")[2]})
    assert planted.status == 302
    assert noor.get(f"{person}?purpose=family_tracing").status == 200
    alarm = _first(rb'action="(/alarms/[0-9a-f-]{36}/)"', officer.get("/alarms/").body)
    found = {"reason": "cousin of Dremwolthan"}
    assert officer.post(alarm, found, "/alarms/").status == 302
    assert b"Dremwolthan" in officer.get("/alarms/").body, "shown to whoever is permitted"
    more = {"more": "5", "reason": "lists from Skelvormund"}
    assert officer.post(f"/alarms/more/{user}/", more).status == 302


def at_the_doors(url: str) -> list[str]:
    """A family files and comes back, somebody registers and comes back, somebody begins and never
    sends it. The receipt codes."""
    seeker, found, other = Window(url), Window(url), Window(url)
    person = {"full_name": "Blendorvakhi Strumpelquat", "date_of_birth": "1987"}
    receipt = through(seeker, "seek", {
        "why": {"relationship": "brother", "reason": "lost"}, "who": person, "last": {},
        "you": {"seeker_name": "Ferquandoli Mispelworth", "phones": SEEKERS_PHONE},
    })  # fmt: skip
    assert seeker.post("/back/", {"code": receipt}).location == "/back/case/"
    letter = {"to": "staff", "text": "the bridge of Gribbenfaltz"}
    assert seeker.post("/back/letter/", letter, "/back/case/").status == 302
    corrected = {"description": "born near Spindlewathe"}
    assert seeker.post("/back/correct/", corrected, "/back/case/").status == 302
    assert b"Gribbenfaltz" not in seeker.get("/back/case/").body, "what was sent is not shown again"
    safe = through(found, "safe", {
        "you": {"speaks": "self", "full_name": "Quistelbrand Ovvermeyak"}, "family": {},
        "where": {"last_known_location": "Molvickthorpe ferry", "phones": PHONE},
        "may": {"scopes": ["message"], "message": "greet Trellowanda from me",
                "block_names": "Drubenfask Yillowarth"},
    })  # fmt: skip
    assert found.post("/back/", {"code": safe}).location == "/back/me/"
    assert found.get("/back/me/").status == 200
    through(other, "seek", {
        "why": {"relationship": "brother", "reason": "lost"},
        "who": {"full_name": "Unsentolvar Kepprikon"},
    }, send=False)  # fmt: skip
    return [receipt, safe]


def through(
    window: Window, door: str, said: Mapping[str, Mapping[str, Any]], *, send: bool = True
) -> str:
    """Through a public door, with its proof; the receipt code."""
    page = window.get(f"/{door}/").body.decode()
    found = re.search(r'name="challenge" value="([^"]+)" data-bits="(\d+)"', page)
    assert found is not None
    proof = next(n for n in range(1 << 26) if gate.is_solved(found[1], int(found[2]), str(n)))
    worked = {"challenge": found[1], "proof": str(proof)}
    assert window.post(f"/{door}/", worked).status == 302
    for step, fields in said.items():
        assert window.post(f"/{door}/{step}/", fields).status == 302, step
    if not send:
        return ""
    sent = window.post(f"/{door}/check/", {"agreed": "on"})
    return _first(rb'id="code">([^<]+)<', sent.body)


def look_for(noor: Window) -> None:
    """Searches: one that finds, others that do not."""
    purpose = {"purpose": "family_tracing", "kind": "found"}
    found = noor.post("/search/", {"full_name": FOUND, **purpose})
    assert FOUND.encode() in found.body, "shown to whoever is permitted"
    for name in ("Ulquimorrad Zhentivoor", "غضرفانوس ثعلبوظان"):
        assert noor.post("/search/", {"full_name": name, **purpose}).status == 200


def write_messages(noor: Window, case: str) -> str:
    """A message, read by the worker, opened, put right, linked to a case and put on it, answered;
    and who wrote it. Where it is."""
    said = {"text": "Please help, where is Glorvanthuse Ekkelbrandt? My wife is bleeding.",
            "sender": "+961 3 772 918 46", "channel": "sms"}  # fmt: skip
    assert noor.post("/messages/new/", said).status == 302
    listed = wait_for(lambda: _with(noor.get("/messages/"), b'<span class="topic">Medical help'))
    message = _first(rb'"(/messages/[0-9a-f-]{36}/)"', listed.body)
    page = wait_for(lambda: _with(noor.get(message), b"fact-name"))
    assert b"Ekkelbrandt" in page.body, "shown to whoever is permitted"
    name = _first(rb'name="fact" value="(\d+)"(?:(?!name="fact")[\s\S])*?Ekkelbrandt', page.body)
    for act, form in {
        "correct": {"categories": ["medical", "sought"], "urgency": "4", "language": "en"},
        "link": {"enquiry": case.split("/")[2]},
        "place": {"fact": name, "as": "account"},
        "reply": {"text": "Thank you, we heard of Trilvandorrick."},
    }.items():
        assert noor.post(f"{message}{act}/", form, message).status == 302, act
    shown = noor.get(message).body
    for seen in (b"Trilvandorrick", b"Linked it", b"Put facts on a case"):
        assert seen in shown, seen
    assert b"772" in noor.post(f"{message}sender/", {}, message).body
    assert noor.post("/messages/new/", {"text": "", "channel": "sms"}).status == 200
    return message


def go_wrong(there: Installation, noor: Window, stranger: Window, message: str) -> None:
    """Whatever is refused: wrong addresses, forms and sign-ins, malformed requests, a database
    that does not have what is asked of it, a fault while a page is made of what was opened."""
    name = quote("Pemdrockwix Ashtubolin")
    for window in (noor, stranger):
        for place in (
            f"/people/{name}/",
            f"/nowhere/{name}",
            f"/search/?full_name={name}",
            f"/staff/?name={name}",
            f"/language/?next=/{name}",
            f"/enquiries?q={name}",
            f"/people/{uuid.uuid4()}/?purpose=family_tracing&name={name}",
        ):
            window.get(place)
        window.send(f"/search/?full_name={name}", {"full_name": "Pemdrockwix Ashtubolin"})
    assert noor.get("/", Host="Xolombreckt.example").status == 400
    many = {f"Xolombreckt{number}": "Xolombreckt" for number in range(501)}
    assert noor.post("/search/", many).status == 400
    for line in (
        b"Xolombreckt / HTTP/9.9",
        b"GET /Xolombreckt\x01 HTTP/1.1\r\nXolombreckt: \x01",
        b"GET / HTTP/1.1\r\nXolombreckt(: 1",
        b"POST / HTTP/1.1\r\nContent-Length: Xolombreckt",
        b"GET / HTTP/1.1\r\nTransfer-Encoding: Xolombreckt",
    ):
        malformed(noor.url, line)
    for _ in range(12):
        tried = stranger.post(
            "/sign-in/", {"login": "dravonquilp@dravonquilp.example", "password": "Dravonquilp"}
        )
        if tried.status == 429:
            break
    there.run(RENAME.format("records_enquiry", "records_gone"))
    try:
        failed = noor.post("/enquiries/new/", {
            "full_name": "Gwythamurrel Ondrekkavi", "relationship": "brother", "phones": PHONE,
            "seeker_name": "Gwythamurrel Ondrekkavi",
        })  # fmt: skip
        # SQLite says that it cannot answer, PostgreSQL that there is no such table.
        assert failed.status in {500, 503}
    finally:
        there.run(RENAME.format("records_gone", "records_enquiry"))
    there.run(SPOIL.format(message.split("/")[2]))
    assert noor.get(message).status == 500


def malformed(url: str, request: bytes) -> None:
    """Send what is no request, and take what comes."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as line:
        line.sendall(request + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b""
        while more := line.recv(4096):
            answer += more
    assert answer.startswith(b"HTTP/1.1 4"), answer
    assert not shown_in(answer), answer


def picture() -> bytes:
    """A picture that hides a text."""
    out, hidden = io.BytesIO(), PngInfo()
    hidden.add_text("Comment", "camera of Lopfandruk")
    Image.new("RGB", (8, 8), "grey").save(out, "PNG", pnginfo=hidden)
    return out.getvalue()


def files_of(folder: Path) -> list[Path]:
    """Every file in it."""
    return [file for file in folder.rglob("*") if file.is_file()]


def end(process: subprocess.Popen[str]) -> bytes:
    """Stop it, and what it and its children said."""
    process.terminate()
    try:
        out, err = process.communicate(timeout=40)
    except subprocess.TimeoutExpired:
        stop(process)
        raise
    return (out + err).encode()


def backups(there: Installation, folder: Path) -> Iterator[tuple[str, bytes]]:
    """A backup's archives, and what they hold."""
    done = there.reknit("backup", "--out", str(folder))
    yield "what backup said", (done.stdout + done.stderr).encode()
    archives = files_of(folder)
    assert len(archives) == 2
    for archive in archives:
        yield archive.name, archive.read_bytes()
        with tarfile.open(archive, "r:*") as held:
            for member in held.getmembers():
                content = held.extractfile(member)
                if content is not None:
                    yield f"{archive.name}: {member.name}", content.read()


def dumps(there: Installation) -> Iterator[tuple[str, bytes]]:
    """On PostgreSQL, what pg_dump gives of the database."""
    url = there.environment.get("REKNIT_DATABASE", "")
    if not url.startswith("postgres"):
        return
    program = shutil.which("pg_dump")
    assert program is not None
    done = subprocess.run([program, url], capture_output=True, check=True, env=dict(os.environ))
    assert b"records_account" in done.stdout
    yield "pg_dump", done.stdout


def servers_own(there: Installation) -> Iterator[tuple[str, bytes]]:
    """On PostgreSQL, every file of the server's: tables, write-ahead log, what it says."""
    url = there.environment.get("REKNIT_DATABASE", "")
    if not url.startswith("postgres"):
        return
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    (folder,) = parse_qs(urlsplit(url).query)["host"]
    names = set()
    for file in sorted(Path(folder).rglob("*")):
        if file.is_file() and os.access(file, os.R_OK):
            names.add(file.parent.name)
            yield f"the server's {file.relative_to(folder)}", file.read_bytes()
    assert {"pg_wal", "base"} & names or os.geteuid() != 0, "the server's folder was not found"


def refusals(answers: list[Answer]) -> Iterator[tuple[str, bytes]]:
    """Pages that refuse, and where answers lead."""
    for number, answer in enumerate(answers):
        if answer.location:
            yield f"redirect {number}", answer.location.encode()
        if answer.status >= 400:
            yield f"page {number}, {answer.status}", answer.body


def _first(pattern: bytes, page: bytes) -> str:
    found = re.search(pattern, page)
    assert found is not None, (pattern, re.sub(rb"<[^>]+>|\s+", b" ", page)[:3000])
    return found[1].decode()


def _version(page: Answer) -> str:
    return _first(rb'name="version" value="(\d+)"', page.body)


def _with(answer: Answer, part: bytes) -> Answer | None:
    return answer if part in answer.body else None
