"""A whole case: Amal files at the seekers' door, Idris registers at the found person's, Noor finds
him, two people go on though the case is flagged, Idris is asked and answers, Amal reads the news
behind her code, a letter goes each way, and the case is closed with contact restored. Rafi, with
and without an account and with a code of his own, learns nothing at any step.

With REKNIT_PICTURES=FOLDER it leaves a picture of each page; tools/pictures.py puts those that the
documentation shows in their place.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client
from playwright.sync_api import expect

from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.records.models import Account, AccountKind, Enquiry, User
from reknit.vocabulary import Role
from reknit.web.doors import gate
from tests.cast import RAFI, SIBLINGS_SOUGHT
from tests.staff import SUD, noor, office, staff
from tests.stories.clock import Clock
from tests.stories.desk import DESK, PHONE, Desk, Site, named
from tests.stories.visitors import (
    HARBOUR,
    TELEPHONE,
    amal_files,
    come_back,
    idris_registers,
)
from tests.web.signing_in import signed_in
from tests.web.visitor import SEEKS, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(databases=["default", "keys"], transaction=True),
]
LONG = pytest.mark.long
EVERYWHERE = [
    ("en", DESK),
    pytest.param("en", PHONE, marks=LONG),
    pytest.param("ar", DESK, marks=LONG),
    pytest.param("ar", PHONE, marks=LONG),
]
ASKED = "أختك أمل تبحث عنك.\nYour sister Amal looks for you."
TO_AMAL, TO_IDRIS = "I am well. Tell mother.", "أمي بخير وتنتظر صوتك"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """An office, and no flood left over from another test."""
    office()
    counts = (gate.posts, gate.uploads, gate.begun, gate.wrong_codes, gate.queue)
    for count in counts:
        count.clear()
    yield
    for count in counts:
        count.clear()


@dataclass
class Rafi:
    """The outsider: without an account, as another office's caseworker, and with the code of an
    enquiry of his own about Idris, beside somebody else's about a person whom nobody found."""

    stranger: Client = field(default_factory=Client)
    elsewhere: Client = field(
        default_factory=lambda: signed_in(named(staff(Role.CASEWORKER, SUD), "Rafi"))
    )
    codes: list[str] = field(default_factory=list)
    before: dict[str, str] = field(default_factory=dict)

    def seeks(self) -> None:
        """He looks for Idris, as a cousin would; another looks for somebody who is not there."""
        says = {"you": {"seeker_name": RAFI["full_name"]}, "why": {**SEEKS["why"]}}
        says["why"]["relationship"] = "cousin"
        self.codes.append(Visitor("198.51.100.8").seek({**SEEKS, **says}))
        nobody = {"full_name": SIBLINGS_SOUGHT[0]["full_name"], "date_of_birth": "1971"}
        self.codes.append(Visitor("198.51.100.9").seek({**SEEKS, **says, "who": nobody}))

    def learns_nothing(self, *, hour_struck: bool = False) -> None:
        """Each page that he may try says what it says of a case that there is not, and what it said
        before; behind his code he reads what the seeker of nobody reads."""
        case = Enquiry.objects.order_by("created_at").first()
        assert case is not None
        people = Account.objects.filter(kind=AccountKind.FOUND).values_list("pk", flat=True)
        for name, asks in (("stranger", self.stranger), ("elsewhere", self.elsewhere)):
            for place, thing in (
                *((f"/enquiries/{{}}/{page}", case.pk) for page in ("", "letters/", "print/")),
                ("/review/{}/", case.pk),
                *(("/people/{}/?purpose=family_tracing", pk) for pk in people),
            ):
                said = answer(asks, place.format(thing), thing)
                nothing = uuid.uuid4()
                assert said == answer(asks, place.format(nothing), nothing), place
                assert self.before.setdefault(f"{name} {place}", said) == said, place
        mine, nobodys = (self.behind(code) for code in self.codes)
        assert mine == nobodys
        if not hour_struck:
            assert self.before.setdefault("code", mine) == mine
        for secret in (HARBOUR, TELEPHONE, "Al-Shami", TO_AMAL, TO_IDRIS):
            assert not [said for said in (*self.before.values(), mine) if secret in said]

    def behind(self, code: str) -> str:
        """What the page behind a code says."""
        visitor = Visitor()
        visitor.come_back(code)
        return answer(visitor.client, "/back/case/", uuid.uuid4())


def answer(client: Client, place: str, thing: uuid.UUID) -> str:
    """Status and bytes, but for what is drawn anew each time and the id that was asked for."""
    said = client.get(place)
    text = f"{said.status_code} {said.headers.get('Location', '')} {said.content.decode()}"
    text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"', "", text)
    return text.replace(str(thing), "ID")


@dataclass
class Story:
    """Everybody in it, at their windows. looks: at each page, else at those of this story alone."""

    site: Site
    language: str
    width: int
    clock: Clock
    case: str = ""
    person: str = ""

    def __post_init__(self) -> None:
        self.amal, self.idris = self._window(None), self._window(None)
        self.noor = self._window(named(noor(), "Noor"))
        self.salma = self._window(named(staff(Role.SUPERVISOR), "Salma"))
        self.rafi = Rafi()
        self.all_pages = (self.language, self.width) != ("en", DESK)

    def _window(self, user: User | None) -> Desk:
        return self.site.desk(user, language=self.language, width=self.width)


@pytest.mark.parametrize(("language", "width"), EVERYWHERE)
def test_amal_reads_of_idris_and_rafi_sees_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    story = Story(site, language, width, Clock(monkeypatch))
    rafi = story.rafi
    code = amal_files(story.amal, looks=story.all_pages)
    rafi.seeks()
    his = idris_registers(story.idris, blocks=RAFI["full_name"], looks=story.all_pages)
    work_off(HANDLERS)
    rafi.learns_nothing()

    salma_gives_it_to_noor(story)
    noor_flags_it(story)
    noor_judges(story)
    rafi.learns_nothing()
    salma_confirms(story)
    noor_verifies_and_asks(story)
    rafi.learns_nothing()

    idris_answers(story, his)
    come_back(story.amal, code)
    expect(word(story.amal)).to_have_text(said("received", language))
    noor_tells(story)
    letter_to_amal(story)
    story.amal.open("/back/case/")
    expect(word(story.amal)).to_have_text(said("received", language))
    assert TELEPHONE not in story.amal.text()
    rafi.learns_nothing()

    story.clock.reach_the_hour()
    amal_reads(story)
    letter_to_idris(story)
    rafi.learns_nothing(hour_struck=True)
    noor_closes(story)
    story.amal.open("/back/case/")
    expect(word(story.amal)).to_have_text(said("news", language))
    rafi.learns_nothing(hour_struck=True)


def salma_gives_it_to_noor(story: Story) -> None:
    salma = story.salma
    salma.sign_in()
    salma.open("/queue/?view=nobodys&names=on")
    expect(salma.page.locator("[data-open]")).to_have_count(3)
    salma.looks("whole-queue")
    row = salma.page.locator("tr[data-row]").first
    with salma.page.expect_navigation():
        row.locator("[data-open]").click()
    salma.page.select_option("#id_user", label="Noor")
    salma.follow("form[action$='/assign/'] button")
    done(salma)
    story.case = salma.page.url.removeprefix(story.site.url)


def noor_flags_it(story: Story) -> None:
    desk, page = story.noor, story.noor.page
    desk.sign_in()
    desk.open("/queue/")
    expect(page.locator("[data-review]")).to_be_visible()
    desk.follow("[data-open]")
    risk = f"form[action='{story.case}risk/']"
    page.click("details:has(form[action$='/risk/']) > summary")
    page.check(f"{risk} input[value=flagged]")
    page.check(f"{risk} input[value=abuse]")
    page.fill(f"{risk} textarea", "A cousin asks for the same man and is feared.")
    desk.follow(f"{risk} button")
    done(desk)
    second(story, "flagged_case", "His sister alone would be told; both were spoken to.")


def second(story: Story, matter: str, why: str) -> None:
    desk, form = story.noor, f"form[action='{story.case}second/']"
    desk.page.click("details:has(form[action$='/second/']) > summary")
    desk.page.select_option(f"{form} select", matter)
    desk.page.fill(f"{form} textarea", why)
    desk.follow(f"{form} button")
    done(desk)


def noor_judges(story: Story) -> None:
    desk = story.noor
    desk.open("/queue/")
    expect(desk.page.locator("[data-review]")).to_be_visible()
    with desk.page.expect_navigation():
        desk.page.keyboard.press("r")
    desk.looks("whole-review")
    desk.page.fill("#reason", "same father's name, same day of birth, the port that she named")
    desk.follow("#verdict button[value=match]")
    desk.open(story.case)
    expect(desk.page.locator("#candidates .state-warn")).to_be_visible()
    expect(desk.page.locator("#steps button[value=verifying]")).to_have_count(0)
    desk.looks("whole-two")


def salma_confirms(story: Story) -> None:
    salma = story.salma
    for _ in range(2):
        salma.open("/approvals/")
        salma.follow("main a[href^='/approvals/'] >> nth=0")
        expect(salma.page.locator("dl.facts a")).to_be_visible()
        salma.follow("button[name=decision][value=confirm]")
        done(salma)


def noor_verifies_and_asks(story: Story) -> None:
    desk, page = story.noor, story.noor.page
    desk.open("/registrations/")
    page.click("main details > summary")
    page.check("main details input[type=checkbox]")
    desk.follow("main details button[type=submit]")
    done(desk)

    desk.open(story.case)
    desk.follow("#steps button[value=verifying]")
    done(desk)
    desk.follow("#steps button[value=awaiting_answer]")
    done(desk)
    desk.looks("whole-awaiting")
    desk.follow(f".tabs a[href='{story.case}letters/']")
    page.fill("#ask_0_words", ASKED)
    desk.follow("form[action$='/ask/'] button")
    done(desk)


def idris_answers(story: Story, code: str) -> None:
    idris, page = story.idris, story.idris.page
    come_back(idris, code)
    expect(page.locator("#ask-1")).to_contain_text("أختك أمل")
    idris.looks("whole-asked")
    page.check("#ask-1 input[value=not_now]")
    idris.follow("#ask-1 form button[type=submit]")
    expect(page.locator("#ask-1 .state-good")).to_be_visible()
    page.click("#ask-1 summary >> nth=0")
    page.check("#ask-1 input[value=yes]")
    idris.follow("#ask-1 form[action='/back/answer/'] button[type=submit]")
    expect(page.locator("main form[action='/back/take-back/']").first).to_be_visible()
    page.click("#ask-1 details:has(form[action='/back/letter/']) > summary")
    page.fill("#ask-1 form[action='/back/letter/'] textarea", TO_AMAL)
    idris.follow("#ask-1 form[action='/back/letter/'] button")
    done(idris)


def noor_tells(story: Story) -> None:
    desk, page = story.noor, story.noor.page
    desk.open(story.case)
    desk.follow("#consents .card-header a")
    story.person = page.url.removeprefix(story.site.url)
    assert TELEPHONE not in desk.text()
    desk.follow("main .heading-actions a[href*='/tell/']")
    page.select_option("#id_scope", "contact")
    page.select_option("#id_recipient", index=0)
    desk.follow("main form button[type=submit]")
    assert TELEPHONE not in desk.text()
    desk.looks("whole-tell")
    desk.follow("button[name=confirmed]")
    expect(page.locator("main")).to_contain_text(TELEPHONE)


def letter_to_amal(story: Story) -> None:
    passes_on(story, TO_AMAL)


def passes_on(story: Story, text: str) -> None:
    desk = story.noor
    desk.open(f"{story.case}letters/")
    expect(desk.page.locator("main")).to_contain_text(text)
    desk.looks("whole-letters")
    desk.follow("button[name=relay]")
    done(desk)


def amal_reads(story: Story) -> None:
    amal = story.amal
    amal.open("/back/case/")
    expect(word(amal)).to_have_text(said("news", story.language))
    expect(amal.page.locator("main")).to_contain_text(TELEPHONE)
    expect(amal.page.locator("main")).to_contain_text(TO_AMAL)
    assert HARBOUR not in amal.text()
    amal.looks("whole-news")


def letter_to_idris(story: Story) -> None:
    amal, idris = story.amal, story.idris
    amal.page.click("details:has(#message_text) > summary")
    amal.page.fill("#message_text", TO_IDRIS)
    amal.follow("form:has(#message_text) button")
    done(amal)
    passes_on(story, TO_IDRIS)
    idris.open("/back/me/")
    expect(idris.page.locator("main")).to_contain_text(TO_IDRIS)
    idris.looks("whole-letter")


def noor_closes(story: Story) -> None:
    desk, page = story.noor, story.noor.page
    proof = f"form[action='{story.case}proof/']"
    desk.open(story.case)
    page.click("details:has(form[action$='/proof/']) > summary")
    page.select_option(f"{proof} select", "verified")
    page.fill(f"{proof} textarea", "Both named the same parents and the same school.")
    desk.follow(f"{proof} button")
    done(desk)
    page.click("#steps details:has(input[value=contact_restored]) > summary")
    page.check("#steps input[value=contact_restored]")
    desk.follow("#steps details:has(input[value=contact_restored]) button")
    done(desk)
    desk.follow("#steps button[value=follow_up]")
    done(desk)
    desk.follow(f".tabs a[href='{story.case}history/']")
    expect(page.locator("main")).to_contain_text("Salma")
    desk.looks("whole-history")
    desk.open(story.case)
    page.click("#steps details:has(#reason-closed) > summary")
    page.fill("#reason-closed", "They spoke on the telephone.")
    desk.follow("#steps details:has(#reason-closed) button")
    done(desk)
    assert Enquiry.objects.filter(outcome="contact_restored", status="closed").count() == 1
    desk.looks("whole-closed")


def done(desk: Desk) -> None:
    """The page says that it was done."""
    expect(desk.page.locator(".alert-success").first).to_be_visible()


def word(desk: Desk) -> object:
    return desk.page.locator("#word")


def said(text: str, language: str) -> str:
    """A text of the pages in the language of who reads it."""
    from django.utils import translation

    with translation.override(language):
        return translation.gettext(text)
