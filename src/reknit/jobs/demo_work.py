"""The work that a demonstration's caseworker finds in the morning: cases at every step, with needs,
deadlines, tasks and candidates. All of it about people who do not exist.

Rules: it goes through the functions that the pages call, so that nothing is shown that could not
have come about; only the days on which families asked are set back, so that some have waited.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils import timezone
from PIL import Image, ImageDraw

from reknit.casework import (
    correspondence,
    lifecycle,
    needs,
    queue,
    review,
    saved_filters,
    tasks,
    transfers,
)
from reknit.casework.assignments import assign
from reknit.casework.models import Candidate
from reknit.casework.need_rules import Band, Fact
from reknit.casework.needs import Known
from reknit.casework.queue import Filter, View
from reknit.guard import assessments
from reknit.guard.ages import age_group_of_all
from reknit.guard.assessments import Concern
from reknit.intake import documents, enquiries
from reknit.records.models import Enquiry, EnquiryStatus, Proof, Risk, User, Verdict
from reknit.sealing import records as sealing
from reknit.vocabulary import PUBLIC, Actor

DAYS_WAITED = (2, 5, 9, 16, 23, 31, 44, 62, 75, 120)
"""How long families have waited: one after the other, over and over."""
_DAY = dt.timedelta(days=1)
_SURE = 0.95

STATED: tuple[tuple[frozenset[Fact], int | None, int | None, str], ...] = (
    (frozenset({Fact.DETAINED}), 20, 4, "The lawyer's letter: a hearing in four days."),
    (frozenset({Fact.MEDICAL}), 12, None, "Needs dialysis twice a week, the mother says."),
    (frozenset({Fact.ALONE}), 8, None, "Was last seen at the bus stop without an adult."),
    (frozenset({Fact.TRAFFICKING}), 6, None, "A man offered her work abroad, her sister says."),
    (frozenset(), 260, None, "The last call came in spring."),
    (frozenset(), 9, 6, "The camp is to be closed in six days."),
)
"""What staff stated of cases: facts, days since the last contact, days to a deadline, why."""

TASKS = (
    ("Call the hospital's social service", -1),
    ("Ask the family for a photograph", 2),
    ("Ask the port's desk for the second list", 5),
)

LETTER = "He limps since he was a boy. Did anybody ask at the hospital in the harbour?"
"""What a family writes behind its receipt code, and nobody has read yet."""


def lay_out(noor: User, supervisor: User, coordinator: User, olena: User) -> None:
    """Give the cases of one caseworker what a morning has."""
    cases = list(Enquiry.objects.filter(assigned_to=noor).order_by("created_at", "pk"))
    _wait()
    ready, asked, judged = _walks(cases)
    actor = noor.as_actor()
    if ready is not None:
        _ready_to_tell(actor, ready, noor)
    for candidate in asked:
        _ask_the_person(actor, candidate)
        _add_papers(actor, supervisor.as_actor(), candidate)
    for candidate in judged:
        review.judge(actor, candidate.pk, Verdict.NO_MATCH, "Another father's name.")
    others = [case for case in cases if ready is None or case.pk != ready.enquiry_id]
    _state(actor, others)
    for case, (title, days) in zip(others[6:], TASKS, strict=False):
        tasks.add(actor, case.pk, title, timezone.now() + days * _DAY, noor)
    if len(others) > 10:
        correspondence.write(replace(PUBLIC, holds=others[10].pk), LETTER)
    if len(others) > 9:
        assessments.assess_risk(
            actor, others[9].pk, Risk.FLAGGED, "She asked twice for the shelter's address.",
            [Concern.TRAFFICKING],
        )  # fmt: skip
        needs.override(
            supervisor.as_actor(), others[8].pk, Band.NOW, "The bus leaves tomorrow morning."
        )
    saved_filters.keep(
        supervisor.as_actor(), "Urgent, nobody's", Filter(View.NOBODYS, Band.NOW), shared=True
    )
    _offered(coordinator.as_actor(), olena, supervisor)


def _wait() -> None:
    """Some families have waited: the only thing that no door can do."""
    now = timezone.now()
    for number, case in enumerate(Enquiry.objects.order_by("created_at", "pk")):
        waited = DAYS_WAITED[number % len(DAYS_WAITED)] * _DAY + dt.timedelta(minutes=number)
        Enquiry.objects.filter(pk=case.pk).update(created_at=now - waited)
    needs.nightly()


def _walks(
    cases: Sequence[Enquiry],
) -> tuple[Candidate | None, list[Candidate], list[Candidate]]:
    """A sure candidate who is certainly an adult, for the walk to a disclosure; two more, who are
    being asked; and some weak ones."""
    ids = [case.pk for case in cases]
    mine = queue.undecided().filter(enquiry__in=ids).select_related("sought", "account", "enquiry")
    sure = list(_of_different_cases(mine.filter(probability__gte=_SURE).order_by("-probability")))
    weak = _of_different_cases(mine.filter(probability__lt=0.3).order_by("probability", "pk"))
    taken = {candidate.enquiry_id for candidate in sure[:3]}
    others = [candidate for candidate in weak if candidate.enquiry_id not in taken]
    return (sure[0] if sure else None), sure[1:3], others[:8]


def _of_different_cases(rows: Iterable[Candidate]) -> Iterator[Candidate]:
    """The first of each case, of people who are certainly adults: one person is enough for them."""
    seen = set()
    today = timezone.now().date()
    for candidate in rows:
        contents = sealing.unseal([candidate.sought, candidate.account])
        minor = age_group_of_all(contents, today).counts_as_minor
        if candidate.enquiry_id not in seen and not minor:
            seen.add(candidate.enquiry_id)
            yield candidate


def _ready_to_tell(actor: Actor, candidate: Candidate, noor: User) -> None:
    """All that a disclosure needs but the judgement and the person's own word."""
    case = candidate.enquiry_id
    assessments.assess_risk(
        actor, case, Risk.NO_CONCERN, "Spoke with the family twice; no fear on either side."
    )
    assessments.record_proof(actor, case, Proof.DOCUMENTED, "Family booklet seen at the desk.")
    needs.override(actor, case, Band.NOW, "The whole walk can be tried on this case.")
    tasks.add(
        actor, case,
        "Try the whole walk: judge the first candidate, record what they agree to, tell the family",
        timezone.now() + _DAY, noor,
    )  # fmt: skip


def _ask_the_person(actor: Actor, candidate: Candidate) -> None:
    """Judged, safe, and waiting for the person's own answer."""
    case = candidate.enquiry_id
    review.judge(actor, candidate.pk, Verdict.MATCH, "Name, day of birth and father agree.")
    assessments.assess_risk(actor, case, Risk.NO_CONCERN, "No fear on either side.")
    for step in (EnquiryStatus.VERIFYING, EnquiryStatus.AWAITING_ANSWER):
        lifecycle.move(actor, case, step)


def _add_papers(actor: Actor, supervisor: Actor, candidate: Candidate) -> None:
    """A paper on either side, to be looked at beside each other."""
    documents.add(
        actor, _specimen("Family booklet"), "Family booklet", "scan.png", enquiry=candidate.enquiry
    )
    documents.add(
        supervisor, _specimen("Card of the port's desk"), "Card of the port's desk", "card.png",
        account=candidate.account,
    )  # fmt: skip


def _specimen(what: str) -> bytes:
    """A picture of a paper that is nobody's, and says so."""
    picture, out = Image.new("RGB", (640, 400), "#f4efe2"), io.BytesIO()
    draw = ImageDraw.Draw(picture)
    draw.rectangle((12, 12, 627, 387), outline="#0f5c6e", width=4)
    draw.text((40, 50), what, fill="#1c2733", font_size=40)
    draw.text((40, 300), "Specimen: a paper of nobody", fill="#56616d", font_size=28)
    picture.save(out, "PNG")
    return out.getvalue()


def _state(actor: Actor, cases: Sequence[Enquiry]) -> None:
    today = timezone.now().date()
    for case, (facts, silent, left, why) in zip(cases, STATED, strict=False):
        known = Known(
            facts,
            None if silent is None else today - silent * _DAY,
            None if left is None else today + left * _DAY,
        )
        needs.state(actor, case.pk, known, why)


def _offered(coordinator: Actor, olena: User, supervisor: User) -> None:
    """A case that the other office offers to this one."""
    if olena.office is None or supervisor.office is None:
        return
    sought = {"full_name": "Ганна Мельничук", "date_of_birth": "1991-07-14", "sex": "female",
              "home_city": "Маріуполь", "relatives": "brother: Остап Мельничук"}  # fmt: skip
    seeker = {"seeker_name": "Остап Мельничук", "relationship": "sister"}
    taken = enquiries.accept(
        olena.as_actor(), olena.office, sought, seeker, {"phones": "+999 000 0001"}
    )
    assign(coordinator, [taken.enquiry.pk], olena)
    transfers.ask(
        olena.as_actor(), taken.enquiry.pk, supervisor.office, "The brother has moved to the north."
    )
