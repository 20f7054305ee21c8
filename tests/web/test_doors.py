"""The two public doors and coming back: what is asked, kept, shown, and to whom nothing is told."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from reknit.casework.models import Ask, Letter
from reknit.guard import answers, blocks, consent
from reknit.guard.models import Block, Consent, RequestKind, SubjectRequest
from reknit.guard.models.audit import Entry
from reknit.guard.permissions import Permission
from reknit.intake import documents, receipts, registrations
from reknit.intake.models import Draft, Registration
from reknit.records.models import Account, Document, Enquiry
from reknit.sealing import records
from reknit.vocabulary import Assurance, How, Role, Scope
from reknit.web.doors import gate, safe, seek
from reknit.web.doors.forms import NOT_FOR
from tests.cast import AMAL, RAFI
from tests.guard.test_answers import area_under_the_curve
from tests.staff import noor, office, staff
from tests.web.everything import picture
from tests.web.visitor import IS_SAFE, SEEKS, Visitor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
DOORS = [(seek.DOOR, SEEKS), (safe.DOOR, IS_SAFE)]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """An office, and no flood left over from another test."""
    office()
    for counts in (gate.posts, gate.uploads, gate.begun, gate.wrong_codes, gate.queue):
        counts.clear()
    yield
    for counts in (gate.posts, gate.uploads, gate.begun, gate.wrong_codes, gate.queue):
        counts.clear()


# What is asked


@pytest.mark.parametrize("door", [seek.DOOR, safe.DOOR])
def test_a_door_asks_twelve_fields_at_most_and_the_rest_may_stay_empty(door: seek.Door) -> None:
    asked = door.asked()
    assert len(asked) == len(set(asked)) <= 12
    for step in door.steps:
        form = step.form()
        needed = {name for name, field in form.fields.items() if field.required}
        assert needed <= set(step.form.ASKED) <= set(form.fields)


def test_only_five_answers_are_needed_to_file_an_enquiry() -> None:
    said = {
        "why": {"relationship": "brother", "reason": "lost"},
        "who": {"full_name": "إدريس حداد"}, "last": {}, "you": {"seeker_name": "أمل"},
    }  # fmt: skip
    code = Visitor().seek(said)
    assert isinstance(receipts.holder_of(code), Enquiry)


@pytest.mark.parametrize("reason", NOT_FOR)
def test_nobody_is_looked_for_because_of_a_claim_or_an_authority(reason: str) -> None:
    rafi = Visitor()
    rafi.begin("seek")
    answer = rafi.client.post("/seek/why/", {"relationship": "cousin", "reason": reason})
    assert answer.status_code == 200
    assert str(NOT_FOR[reason]) in answer.content.decode()
    assert rafi.client.get("/seek/check/").headers["Location"] == "/seek/why/"
    assert Enquiry.objects.count() == 0


@pytest.mark.parametrize("door", ["seek", "safe"])
def test_each_door_says_first_what_happens_with_what_one_writes(door: str) -> None:
    page = Visitor().page(f"/{door}/")
    assert "GDPR article 6(1)(a)" in page
    assert "/doors/notice/" in page


@pytest.mark.parametrize(
    ("calendar", "written", "kept", "shown"),
    [
        ("gregorian", "2/4/1987", "1987-04-02", "2 April 1987"),
        ("jalali", "۱۳۶۶/۱/۱۳", "1987-04-02", "2 April 1987"),
        ("hijri", "٤ شعبان ١٤٠٧", "1987-04-02", "2 April 1987"),
        ("ethiopian", "24/7/1979", "1987-04-02", "2 April 1987"),
        ("hijri", "1410", "1410 hijri", "1989 or 1990"),
    ],
)
def test_a_date_in_ones_own_calendar_is_understood_and_shown_back(
    calendar: str, written: str, kept: str, shown: str
) -> None:
    amal = Visitor()
    amal.tell("seek", {**SEEKS, "who": {"full_name": "إدريس", "calendar": calendar,
                                        "date_of_birth": written}})  # fmt: skip
    assert shown in amal.page("/seek/check/")
    enquiry = receipts.holder_of(amal.send("seek"))
    assert isinstance(enquiry, Enquiry)
    assert records.unseal([enquiry.sought])[0]["date_of_birth"] == kept


def test_a_date_that_cannot_be_read_is_said_at_its_field() -> None:
    amal = Visitor()
    amal.begin("seek")
    answer = amal.client.post("/seek/who/", {"full_name": "x", "date_of_birth": "in the flood"})
    assert b"id_date_of_birth-error" in answer.content


def test_a_fault_unfolds_only_what_it_is_in() -> None:
    """A name that is missing left all else that might be known spread over a telephone, with the
    fault out of sight."""
    amal = Visitor()
    amal.begin("seek")
    answer = amal.client.post("/seek/who/", {"full_name": ""}).content.decode()
    assert ("id_full_name-error" in answer, '<details class="more">' in answer) == (True, True)
    answer = amal.client.post("/seek/who/", {"full_name": "x", "identifiers": "1" * 9999})
    assert '<details class="more" open>' in answer.content.decode()


def test_the_last_step_leads_to_the_notice_that_is_agreed_to() -> None:
    amal = Visitor()
    amal.tell("seek", SEEKS)
    assert 'href="/doors/notice/"' in amal.page("/seek/check/")


# What is kept


def test_what_amal_says_becomes_an_enquiry_by_the_public() -> None:
    enquiry = receipts.holder_of(Visitor().seek())
    assert isinstance(enquiry, Enquiry)
    sought = records.unseal([enquiry.sought])[0]
    assert sought["full_name"] == SEEKS["who"]["full_name"]
    assert sought["description"] == SEEKS["last"]["description"]
    seeker = records.unseal([enquiry])[0]
    assert (seeker["seeker_name"], seeker["danger"]) == (AMAL["full_name"], "no")
    entry = Entry.objects.get(action="enquiry:add")
    assert entry.actor_kind == "public"


def test_what_idris_says_becomes_a_registration_that_releases_nothing_yet() -> None:
    held = receipts.holder_of(Visitor().register())
    assert isinstance(held, Registration)
    assert len(registrations.people_of([held])[held.id]) == 2
    (given,) = Consent.objects.all()
    assert (given.scope, given.assurance) == (Scope.ALIVE.value, Assurance.UNVERIFIED)
    assert Block.objects.count() == 1


@pytest.mark.parametrize(("door", "said"), DOORS)
def test_a_draft_is_kept_for_its_cookie_and_gone_when_it_was_sent(
    door: seek.Door, said: dict[str, dict[str, str]]
) -> None:
    visitor = Visitor()
    visitor.begin(door.name)
    first = door.steps[0].name
    visitor.client.post(f"/{door.name}/{first}/", said[first])
    assert Visitor().client.get(f"/{door.name}/{first}/").status_code == 302
    cookie = visitor.client.cookies[door.cookie]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert 0 < int(cookie["max-age"]) <= 3 * 24 * 3600
    again = visitor.client.get(f"/{door.name}/{first}/").content.decode()
    assert "checked" in again or "selected" in again
    visitor.register() if door is safe.DOOR else visitor.seek()
    assert visitor.client.cookies[door.cookie].value == ""
    assert Draft.objects.filter(ended_at=None).count() == 1, "the first one, left behind"


def test_throwing_it_away_leaves_nothing() -> None:
    amal = Visitor()
    amal.tell("seek", SEEKS)
    amal.client.post("/seek/discard/")
    assert Draft.objects.filter(ended_at=None).count() == 0
    assert amal.client.get("/seek/check/").headers["Location"] == "/seek/"


def test_no_address_and_no_cookie_holds_anything_that_was_typed() -> None:
    amal = Visitor()
    amal.tell("seek", SEEKS)
    kept = " ".join(cookie.value for cookie in amal.client.cookies.values())
    for step in SEEKS.values():
        for value in step.values():
            assert value not in kept or len(value) < 5


def test_sending_it_twice_files_one_enquiry_and_says_the_same_code() -> None:
    amal = Visitor()
    amal.tell("seek", SEEKS)
    cookie = amal.client.cookies[seek.DOOR.cookie].value
    first = amal.send("seek")
    amal.client.cookies[seek.DOOR.cookie] = cookie  # the answer had been lost on its way
    assert amal.send("seek") == first
    assert Enquiry.objects.count() == 1


def test_what_was_not_agreed_to_is_not_filed() -> None:
    amal = Visitor()
    amal.tell("seek", SEEKS)
    assert amal.client.post("/seek/check/", {}).status_code == 200
    assert Enquiry.objects.count() == 0


def test_a_step_that_was_left_out_is_asked_for() -> None:
    amal = Visitor()
    amal.begin("seek")
    assert amal.client.post("/seek/check/", {"agreed": "on"}).headers["Location"] == "/seek/why/"


def test_an_address_that_is_no_step_is_not_there() -> None:
    amal = Visitor()
    amal.begin("seek")
    assert amal.client.get("/seek/nowhere/").status_code == 404


# Coming back


def test_the_code_opens_its_own_page_and_a_wrong_one_and_an_unknown_one_read_alike() -> None:
    code, mine = Visitor().seek(), Visitor()
    assert mine.come_back(code).headers["Location"] == "/back/case/"
    assert "received" in mine.page("/back/case/")
    wrong = [Visitor().come_back(text) for text in ("0000-0000-0000-0000", "not a code at all")]
    pages = {re.sub(r'value="[^"]{20,}"|value="[^"]*" (?=maxlength)|CSRFToken": "[^"]+', "",
                    answer.content.decode()) for answer in wrong}  # fmt: skip
    assert len({page.replace("not a code at all", "").replace("0000-0000-0000-0000", "")
                for page in pages}) == 1  # fmt: skip
    assert all(answer.status_code == 200 for answer in wrong)


@pytest.mark.parametrize(
    "place",
    ["case/", "me/", "letter/", "document/", "correct/", "withdraw/", "answer/", "agree/",
     "take-back/", "block/", "ask/", "file/"],
)  # fmt: skip
def test_nothing_behind_the_code_opens_without_it(place: str) -> None:
    answer = Client().post(f"/back/{place}", {"text": "x"})
    if answer.status_code == 405:
        answer = Client().get(f"/back/{place}")
    assert answer.headers["Location"] == "/back/"


def test_the_code_of_one_door_opens_nothing_of_the_other() -> None:
    amal = Visitor()
    amal.come_back(amal.seek())
    assert amal.client.get("/back/me/").headers["Location"] == "/back/"
    idris = Visitor()
    idris.come_back(idris.register())
    assert idris.client.get("/back/case/").headers["Location"] == "/back/"


def test_leaving_puts_the_code_away() -> None:
    amal = Visitor()
    amal.come_back(amal.seek())
    amal.client.post("/back/leave/")
    assert amal.client.get("/back/case/").headers["Location"] == "/back/"


def test_wrong_codes_are_counted_before_anything_is_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    code = Visitor().seek()
    rafi = Visitor()
    for _ in range(gate.WRONG_CODES):
        rafi.come_back("0000-0000-0000-0000")

    def hashed(_code: str) -> bytes:
        raise AssertionError("a code was hashed")

    with monkeypatch.context() as patched:
        patched.setattr(receipts, "digest", hashed)
        assert rafi.come_back(code).status_code == 429
    proven = rafi.client.post("/back/", {"code": code, **rafi.proof("back")})
    assert proven.headers["Location"] == "/back/case/", "who works for it gets on"
    assert Visitor("203.0.113.9").come_back(code).status_code == 302, "others are not held up"


def test_amal_writes_corrects_adds_and_withdraws() -> None:
    amal = Visitor()
    code = amal.seek()
    amal.come_back(code)
    assert "Kept." in amal.post("/back/letter/", {"to": "staff", "text": "He has a scar."})
    assert "Kept." in amal.post("/back/letter/", {"to": "found", "text": "Call me."})
    card = SimpleUploadedFile("card.png", picture(), "image/png")
    assert "Kept." in amal.post("/back/document/", {"title": "Card", "file": card})
    assert "Kept." in amal.post("/back/correct/", {"date_of_birth": "1988", "calendar": ""})
    assert {(row.to_side, row.state) for row in Letter.objects.all()} == {
        ("staff", "relayed"), ("found", "waiting"),
    }  # fmt: skip
    assert Document.objects.get().enquiry == Enquiry.objects.get()
    assert Enquiry.objects.get().sought.version == 2
    amal.post("/back/withdraw/", {})
    assert Enquiry.objects.get().closed_at is None, "only who is sure"
    assert "taken back" in amal.post("/back/withdraw/", {"sure": "yes"})
    assert Enquiry.objects.get().outcome == "withdrawn"


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("letter/", {"to": "staff", "text": ""}),
        ("letter/", {"to": "nobody", "text": "x"}),
        ("correct/", {"date_of_birth": "in the flood"}),
        ("correct/", {}),
        ("document/", {"title": "no file"}),
    ],
)
def test_what_cannot_be_kept_is_said_with_what_to_do(place: str, fields: dict[str, str]) -> None:
    amal = Visitor()
    amal.come_back(amal.seek())
    assert "alert-danger" in amal.post(f"/back/{place}", fields)
    assert Letter.objects.count() == 0


def test_a_file_that_is_no_picture_is_refused() -> None:
    amal = Visitor()
    amal.come_back(amal.seek())
    fake = SimpleUploadedFile("card.png", b"<svg onload=alert(1)>", "image/png")
    assert "alert-danger" in amal.post("/back/document/", {"title": "x", "file": fake})
    assert Document.objects.count() == 0


def photo_with_a_position() -> bytes:
    """As a telephone makes them."""
    exif, out = Image.Exif(), io.BytesIO()
    exif[0x010E] = "behind the mill"
    exif.get_ifd(0x8825)[2] = (32.0, 56.0, 12.0)
    Image.new("RGB", (8, 8), "grey").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_idris_adds_a_paper_to_what_is_held_about_himself() -> None:
    idris = Visitor()
    idris.come_back(idris.register())
    assert "unless you agree" in idris.page("/back/me/")
    card = SimpleUploadedFile("card.jpg", photo_with_a_position(), "image/jpeg")
    assert "Kept." in idris.post("/back/document/", {"title": "Card", "file": card})
    row = Document.objects.get()
    assert (row.account_id, row.enquiry, row.added_by) == (
        registrations.self_of(Registration.objects.get().pk), None, None,
    )  # fmt: skip
    kept = documents.open(staff(Role.SUPERVISOR).as_actor(), row.pk).data
    assert b"Exif" in photo_with_a_position()
    assert b"Exif" not in kept
    assert Entry.objects.filter(
        action=Permission.DOCUMENT_ADD.action, resource_id=str(row.pk)
    ).exists()


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"%PDF-1.7 nothing", b""])
def test_what_idris_adds_is_a_picture_or_a_pdf(data: bytes) -> None:
    idris = Visitor()
    idris.come_back(idris.register())
    fake = SimpleUploadedFile("card.png", data, "image/png")
    assert "alert-danger" in idris.post("/back/document/", {"title": "x", "file": fake})
    assert Document.objects.count() == 0


def test_without_the_code_nothing_is_added() -> None:
    card = SimpleUploadedFile("card.png", picture(), "image/png")
    answer = Visitor().client.post("/back/document/", {"title": "Card", "file": card})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/back/")
    assert Document.objects.count() == 0


def test_a_code_adds_so_many_and_is_told_before_anything_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MOST_FROM_A_CODE", 1)
    idris = Visitor()
    idris.come_back(idris.register())
    one, two = (SimpleUploadedFile("card.png", picture(), "image/png") for _ in range(2))
    assert "Kept." in idris.post("/back/document/", {"title": "Card", "file": one})

    def decoded(data: bytes) -> None:
        raise AssertionError("counted first")

    monkeypatch.setattr(documents, "re_encode", decoded)
    assert "is the most" in idris.post("/back/document/", {"title": "Card", "file": two})
    assert Document.objects.count() == 1


def test_a_flood_of_files_is_turned_away_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "UPLOADS_A_MINUTE", 2)
    idris = Visitor()
    idris.come_back(idris.register())
    answers = [idris.client.post("/back/document/", {"title": "x"}).status_code for _ in range(3)]
    assert answers == [302, 302, 429]
    assert idris.client.post("/back/letter/", {"to": "staff", "text": "x"}).status_code == 302


def asked() -> tuple[Visitor, Ask]:
    """Idris came back, and Noor has asked him about Amal."""
    from tests.casework.test_correspondence import case

    made = case()
    idris = Visitor()
    code = receipts.new()
    Registration.objects.filter(id=made.taken.registration.id).update(
        receipt_digest=receipts.digest(code)
    )
    idris.come_back(code)
    return idris, made.ask()


def test_idris_answers_what_staff_ask_and_changes_his_mind() -> None:
    idris, ask = asked()
    page = idris.page("/back/me/")
    assert "Your sister is looking for you." in page
    idris.post("/back/answer/", {"ask": ask.id, "answer": "yes"})
    scopes = set(Consent.objects.filter(withdrawn_at=None).values_list("scope", flat=True))
    assert scopes == {Scope.ALIVE.value, Scope.CONTACT.value}
    idris.post("/back/answer/", {"ask": ask.id, "answer": "no"})
    assert Consent.objects.filter(answer="agreed", withdrawn_at=None).count() == 0
    assert "alert-danger" in idris.post("/back/answer/", {"ask": ask.id, "answer": "message_only"})


def test_rafi_cannot_answer_what_idris_was_asked() -> None:
    _idris, ask = asked()
    rafi = Visitor()
    rafi.come_back(rafi.register())
    answer = rafi.client.post("/back/answer/", {"ask": str(ask.id), "answer": "yes"})
    assert answer.status_code == 404
    assert Consent.objects.filter(recipient__startswith="seeker:").count() == 0


def test_idris_lets_family_know_more_takes_it_back_blocks_and_asks_for_his_data() -> None:
    idris = Visitor()
    idris.come_back(idris.register())
    idris.post("/back/agree/", {"scopes": ["whereabouts"]})
    held = Registration.objects.get()
    about = registrations.self_of(held.id)
    given = Consent.objects.get(scope=Scope.WHEREABOUTS.value)
    assert "That they are alive" in idris.page("/back/me/")
    idris.post("/back/take-back/", {"consent": given.id})
    given.refresh_from_db()
    assert given.withdrawn_at is not None
    idris.post("/back/take-back/", {})
    assert "Nobody is told anything about you." in idris.page("/back/me/")
    idris.post("/back/block/", {"name": AMAL["full_name"]})
    assert Block.objects.filter(account=about).count() == 2
    idris.post("/back/ask/", {"kind": "access", "contact": "by telephone"})
    request = SubjectRequest.objects.get()
    assert request.kind == RequestKind.ACCESS
    assert request.due_at > timezone.now() + dt.timedelta(days=25)
    assert "alert-danger" in idris.post("/back/file/", {"request": request.id})
    from reknit.guard import rights

    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    rights.verify(officer, request.id, Assurance.SEEN_BY_STAFF, [about])
    copy = idris.client.post("/back/file/", {"request": request.id})
    assert copy.headers["Content-Disposition"].startswith("attachment")
    assert b"Zuwara" in copy.content


# Nothing is told (trust: I3)


def _code_for(enquiry: Enquiry) -> str:
    code = receipts.new()
    Enquiry.objects.filter(id=enquiry.id).update(receipt_digest=receipts.digest(code))
    return code


def absent() -> str:
    """Nobody on any list is who is sought."""
    from reknit.records.models import AccountKind
    from tests.guard.scene import an_account, an_enquiry

    return _code_for(an_enquiry(an_account(RAFI, AccountKind.SOUGHT), noor()))


def refused() -> str:
    """Found, asked, and said no."""
    from tests.guard.scene import a_scene

    scene = a_scene()
    consent.refuse(
        noor().as_actor(), scene.idris.id, how=How.IN_PERSON, assurance=Assurance.SEEN_BY_STAFF
    )
    scene.tell()
    return _code_for(scene.enquiry)


def blocked() -> str:
    """Agreed once, and blocks this seeker."""
    from tests.guard.scene import a_scene

    scene = a_scene()
    scene.agree()
    scene.tell()
    blocks.block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.SEEN_BY_STAFF,
        enquiry_id=scene.enquiry.id,
    )  # fmt: skip
    return _code_for(scene.enquiry)


def not_now() -> str:
    """Found and asked at the door, and does not want to answer now."""
    from reknit.casework.models import AskAnswer
    from tests.casework.test_correspondence import case

    made = case()
    made.answer(AskAnswer.NOT_NOW)
    return _code_for(made.enquiry)


ALIKE: list[Callable[[], str]] = [absent, refused, blocked, not_now]


def published() -> None:
    Enquiry.objects.update(created_at=timezone.now() - dt.timedelta(days=9))
    answers.publish(answers.last_publication(timezone.now()))


def _page(code: str) -> tuple[Visitor, str]:
    visitor = Visitor()
    assert visitor.come_back(code).status_code == 302
    return visitor, _without_token(visitor.page("/back/case/"))


def _without_token(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", page)


def test_a_page_of_absent_refused_blocked_and_not_now_is_the_same_bytes() -> None:
    codes = [make() for make in ALIKE]
    published()
    pages = {_page(code)[1] for code in codes}
    assert len(pages) == 1
    assert "searching" in pages.pop()


def test_they_ask_the_database_the_same_questions() -> None:
    codes = [make() for make in ALIKE]
    published()
    asked = []
    for code in codes:
        visitor, _ = _page(code)
        with CaptureQueriesContext(connection) as queries:
            visitor.page("/back/case/")
        ids = r"'[0-9a-f]{32}'|'[0-9a-f-]{36}'|'[0-9a-f]{40}'|'\d{4}-[^']+'|\b\d{9,}\b"
        asked.append([re.sub(ids, "ID", query["sql"]) for query in queries.captured_queries])
    assert all(one == asked[0] for one in asked)
    assert asked[0]


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("letter/", {"to": "found", "text": "Where are you?"}),
        ("letter/", {"to": "staff", "text": "Where is he?"}),
        ("correct/", {"full_name": "Idris"}),
        ("withdraw/", {"sure": "yes"}),
    ],
)
def test_whatever_a_seeker_does_reads_the_same(place: str, fields: dict[str, str]) -> None:
    codes = [make() for make in ALIKE]
    published()
    pages = set()
    for code in codes:
        visitor, _ = _page(code)
        visitor.post(f"/back/{place}", fields)
        visitor.page("/back/case/")
        pages.add(_without_token(visitor.page("/back/case/")))
    assert len(pages) == 1


def test_filing_reads_the_same_whether_the_person_is_known_or_not() -> None:
    """Learns nothing by probing: the receipt comes before anything is looked for."""
    from tests.guard.scene import a_scene

    a_scene()
    Visitor().seek()  # the door's own source is there from now on
    known, unknown = Visitor(), Visitor()
    asked = []
    for visitor, name in ((known, SEEKS["who"]["full_name"]), (unknown, "Nobody Atall")):
        visitor.tell("seek", {**SEEKS, "who": {**SEEKS["who"], "full_name": name}})
        with CaptureQueriesContext(connection) as queries:
            visitor.send("seek")
        asked.append([re.sub(r"'[^']*'|X'[^']*'|\b\d+\b|s\d+_x\d+", "?", q["sql"])
                      for q in queries.captured_queries])  # fmt: skip
    assert asked[0] == asked[1]


@pytest.mark.long
@pytest.mark.parametrize("other", [refused, blocked])
def test_time_at_the_door_does_not_tell_a_refusal_from_absence(other: Callable[[], str]) -> None:
    """2,000 probes a side, in random order, of the page itself: AUC at most 0.55."""
    sides = [[_page(absent())[0] for _ in range(10)], [_page(other())[0] for _ in range(10)]]
    published()
    gate.posts.clear()
    probes = [(side, sides[side][n % 10]) for side in (0, 1) for n in range(2000)]
    random.Random(7).shuffle(probes)
    for _, visitor in probes[:100]:
        visitor.client.get("/back/case/")
    taken: tuple[list[float], list[float]] = ([], [])
    pages = set()
    for side, visitor in probes:
        begin = time.perf_counter_ns()
        answer = visitor.client.get("/back/case/")
        taken[side].append(time.perf_counter_ns() - begin)
        assert answer.status_code == 200, "it is the page that is timed"
        pages.add(_without_token(answer.content.decode()))
    assert len(pages) == 1
    assert area_under_the_curve(*taken) <= 0.55


# Locked, closed


def test_without_an_office_the_doors_say_that_they_are_closed() -> None:
    from reknit.records.models import Office

    Office.objects.all().delete()
    assert Client().get("/seek/").status_code == 503


def test_the_doors_belong_to_the_office_that_the_settings_name(
    settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from django.conf import settings as django_settings

    office("Another")
    Visitor().seek()
    monkeypatch.setattr(
        django_settings, "CONFIG", replace(django_settings.CONFIG, door_office="Another")
    )
    Visitor().seek()
    offices = Enquiry.objects.order_by("created_at").values_list("office__name", flat=True)
    assert list(offices) == [office().name, "Another"]
    assert Account.objects.count() == 2
