"""Corrections teach, beside the rules, and only once a supervisor says so."""

from __future__ import annotations

import pytest

from reknit.guard.errors import NotPermittedError
from reknit.intake import desk, learned, reading
from reknit.intake.errors import LessonError
from reknit.intake.models import LearnedModel, LearnedState
from reknit.intake.uploads import place_of
from reknit.jobs.handlers import HANDLERS
from reknit.queue.worker import work_off
from reknit.sealing import files
from reknit.vocabulary import Role
from tests.intake.letters import read, take
from tests.staff import noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
FEW = 48


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty-eight messages about a local word that no lexicon has, corrected by people."""
    monkeypatch.setattr(learned, "_loaded", None)
    for number in range(FEW):
        about_water = number % 2 == 0
        word = "zorbatank is empty" if about_water else "greetings to the office"
        message = take(f"The {word} in street {number}, kind regards number {number}")
        desk.correct(
            noor().as_actor(), message.id, ["water"] if about_water else ["other"],
            4 if about_water else 1, "en",
        )  # fmt: skip


def lesson() -> LearnedModel:
    work_off({learned.JOB: HANDLERS[learned.JOB]})
    return LearnedModel.objects.latest("made_at")


def test_what_people_corrected_is_learned_measured_and_proposed(taught: None) -> None:
    assert learned.is_due()
    learned.ask(staff(Role.SUPERVISOR).as_actor())
    row = lesson()
    assert (row.state, row.labels) == (LearnedState.PROPOSED, FEW)
    (found,) = learned.listed(staff(Role.SUPERVISOR).as_actor())
    assert found.figures["model"]["categories"] > found.figures["rules"]["categories"]
    assert found.figures["model"]["danger"] >= found.figures["rules"]["danger"]
    assert b"zorbatank" not in place_of(row).read_bytes()
    assert not learned.is_due()


def test_one_that_is_below_the_rules_is_set_aside_and_cannot_be_accepted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half of what people say contradicts the rest: what is learned of it is worse than rules."""
    monkeypatch.setattr(learned, "_loaded", None)
    for number in range(FEW):
        thirst = number % 2 == 0 or number % 4 == 3
        text = "We have no water" if thirst else "greetings to the office"
        right = "water" if thirst else "other"
        said = right if number % 4 == 0 or not thirst else "transport"
        message = take(f"{text} in street {number}, kind regards number {number}")
        desk.correct(noor().as_actor(), message.id, [said], 3, "en")
    supervisor = staff(Role.SUPERVISOR).as_actor()
    learned.ask(supervisor)
    row = lesson()
    (found,) = learned.listed(supervisor)
    assert row.state == LearnedState.BELOW
    assert found.figures["model"]["categories"] < found.figures["rules"]["categories"]
    with pytest.raises(LessonError, match="only a proposed one"):
        learned.decide(supervisor, row.id, accept=True)


def test_it_reads_nothing_before_a_supervisor_accepts_it_and_can_be_stopped(taught: None) -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    learned.ask(supervisor)
    row = lesson()
    said = "Our zorbatank is empty again, please come to street 900"
    assert "water" not in read(said).categories
    learned.decide(supervisor, row.id, accept=True)
    assert "water" in read(f"{said} today").categories
    learned.retire(supervisor, row.id)
    assert "water" not in read(f"{said} or tomorrow").categories


def test_it_never_takes_a_danger_away(taught: None) -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    learned.ask(supervisor)
    learned.decide(supervisor, lesson().id, accept=True)
    message = read("greetings to the office, my wife is bleeding, kind regards")
    assert "medical" in message.categories
    assert message.urgency == 5


@pytest.mark.parametrize("role", [Role.DESK, Role.CASEWORKER, Role.COORDINATOR])
def test_only_a_supervisor_decides(role: Role, taught: None) -> None:
    learned.ask(staff(Role.SUPERVISOR).as_actor())
    row = lesson()
    for attempt in (
        lambda: learned.decide(staff(role).as_actor(), row.id, accept=True),
        lambda: learned.ask(staff(role).as_actor()),
    ):
        with pytest.raises(NotPermittedError):
            attempt()
    row.refresh_from_db()
    assert row.state == LearnedState.PROPOSED


def test_it_is_decided_once(taught: None) -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    learned.ask(supervisor)
    row = lesson()
    learned.decide(supervisor, row.id, accept=False)
    with pytest.raises(LessonError, match="only a proposed one"):
        learned.decide(supervisor, row.id, accept=True)


def test_a_few_corrections_teach_nothing() -> None:
    message = read("Where is Idris?")
    desk.confirm(noor().as_actor(), message.id)
    learned.ask(staff(Role.SUPERVISOR).as_actor())
    work_off({learned.JOB: HANDLERS[learned.JOB]})
    assert not LearnedModel.objects.exists()


def test_a_damaged_model_leaves_the_rules_at_work(taught: None) -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    learned.ask(supervisor)
    row = lesson()
    learned.decide(supervisor, row.id, accept=True)
    files.seal(row, b"no model", place_of(row))
    assert learned.in_use() is None
    assert reading.in_use() is None
    assert "medical" in read("Please help, my wife is bleeding").categories
