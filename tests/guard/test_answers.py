"""To a seeker, absent, refused and blocked are one answer, in bytes and in time (trust: I3)."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reknit.guard import answers, blocks, consent
from reknit.guard.answers import Progress, Shown, Word, last_publication, publish, show, word_of
from reknit.guard.models import Entry, SeekerAnswer
from reknit.records.models import AccountKind, Enquiry
from reknit.vocabulary import Assurance, How, Scope
from tests.cast import RAFI
from tests.guard.scene import HARBOUR, Scene, a_scene, an_account, an_enquiry
from tests.staff import noor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

SIX_HOURS = dt.timedelta(hours=6)


def absent() -> UUID:
    """Nobody on any list is who is sought."""
    return an_enquiry(an_account(RAFI, AccountKind.SOUGHT), noor()).id


def refused() -> UUID:
    """The person was found and asked, and said no."""
    scene = a_scene()
    consent.refuse(
        noor().as_actor(), scene.idris.id, how=How.IN_PERSON, assurance=Assurance.SEEN_BY_STAFF
    )
    scene.tell()
    return scene.enquiry.id


def blocked() -> UUID:
    """The person agreed once, and blocks this seeker."""
    scene = a_scene()
    scene.agree()
    scene.tell()
    blocks.block(
        noor().as_actor(), scene.idris.id, assurance=Assurance.SEEN_BY_STAFF,
        enquiry_id=scene.enquiry.id,
    )  # fmt: skip
    return scene.enquiry.id


def withdrawn() -> UUID:
    """The person agreed, was told of, and took it back before it was shown."""
    scene = a_scene()
    given = scene.agree()
    scene.tell()
    consent.withdraw(noor().as_actor(), given.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED)
    return scene.enquiry.id


def found_and_not_asked() -> UUID:
    """Staff are sure, and have asked nobody yet."""
    return a_scene().enquiry.id


ALIKE: list[Callable[[], UUID]] = [absent, refused, blocked, withdrawn, found_and_not_asked]


def told() -> Scene:
    """The person agreed, and Noor told."""
    scene = a_scene()
    scene.agree()
    scene.tell()
    return scene


def at_the_next_hour() -> dt.datetime:
    """Publish as the job does at the next fixed hour; that hour."""
    hour = last_publication(timezone.now()) + SIX_HOURS
    publish(hour)
    return hour


def age(*enquiry_ids: UUID, by: dt.timedelta = dt.timedelta(days=9)) -> None:
    Enquiry.objects.filter(id__in=enquiry_ids).update(created_at=timezone.now() - by)


def test_absent_refused_and_blocked_are_the_same_bytes() -> None:
    ids = [make() for make in ALIKE]
    age(*ids)
    hour = at_the_next_hour()
    shown = {bytes(show(enquiry_id, hour)) for enquiry_id in ids}
    assert len(shown) == 1
    assert b"searching" in shown.pop()


def test_they_are_the_same_before_the_first_publication_too() -> None:
    ids = [make() for make in ALIKE]
    age(*ids, by=dt.timedelta(0))
    now = timezone.now()
    assert {show(enquiry_id, now).word for enquiry_id in ids} == {Word.RECEIVED}
    age(*ids)
    assert len({bytes(show(enquiry_id, now)) for enquiry_id in ids}) == 1


def test_they_ask_the_database_the_same_one_question() -> None:
    ids = [make() for make in ALIKE]
    hour = at_the_next_hour()
    asked = set()
    for enquiry_id in ids:
        with CaptureQueriesContext(connection) as queries:
            show(enquiry_id, hour)
        (query,) = queries.captured_queries
        sql = query["sql"]
        for form in (str(enquiry_id), enquiry_id.hex):
            sql = sql.replace(form, "ID")
        asked.add(sql)
    assert len(asked) == 1


def test_their_rows_differ_in_nothing_but_the_id() -> None:
    ids = [make() for make in ALIKE]
    age(*ids)
    at_the_next_hour()
    rows = SeekerAnswer.objects.filter(enquiry_id__in=ids)
    assert len({(row.word, row.needs_something, row.as_of) for row in rows}) == 1


def test_news_appears_at_the_fixed_hour_and_not_before() -> None:
    scene = told()
    age(scene.enquiry.id)
    publish(timezone.now())
    assert show(scene.enquiry.id).word is Word.SEARCHING
    hour = at_the_next_hour()
    shown = show(scene.enquiry.id, hour)
    assert shown.word is Word.NEWS
    assert shown.news[0]["scope"] == Scope.WHEREABOUTS
    assert shown.news[0]["values"][0]["place"] == HARBOUR
    assert Entry.objects.filter(action="disclosure:show").count() == 1


def test_what_is_withdrawn_after_it_was_shown_is_shown_no_more() -> None:
    scene = told()
    hour = at_the_next_hour()
    assert show(scene.enquiry.id, hour).word is Word.NEWS
    consent.refuse(
        noor().as_actor(), scene.idris.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED
    )
    shown = show(scene.enquiry.id, hour)
    assert shown == Shown(Word.SEARCHING, hour)
    assert HARBOUR.encode() not in bytes(shown)


def test_alive_no_contact_wished_is_news_only_once_agreed_to() -> None:
    scene = a_scene()
    scene.tell(Scope.NO_CONTACT)
    hour = at_the_next_hour()
    assert show(scene.enquiry.id, hour).word is not Word.NEWS
    scene.agree(Scope.NO_CONTACT)
    scene.tell(Scope.NO_CONTACT)
    publish(hour + SIX_HOURS)
    assert show(scene.enquiry.id, hour + SIX_HOURS).word is Word.NEWS


def test_staff_may_ask_the_seeker_for_something() -> None:
    enquiry_id = absent()
    age(enquiry_id)
    answers.ask_seeker(noor().as_actor(), enquiry_id, True)
    hour = at_the_next_hour()
    assert show(enquiry_id, hour).word is Word.NEEDS_SOMETHING
    answers.ask_seeker(noor().as_actor(), enquiry_id, False)
    publish(hour + SIX_HOURS)
    assert show(enquiry_id, hour + SIX_HOURS).word is Word.SEARCHING


def test_to_publish_late_or_twice_writes_the_same() -> None:
    ids = [make() for make in ALIKE]
    age(*ids)
    hour = at_the_next_hour()
    before = list(SeekerAnswer.objects.order_by("enquiry_id").values())
    publish(hour + dt.timedelta(hours=5, minutes=59))
    assert list(SeekerAnswer.objects.order_by("enquiry_id").values()) == before


def test_there_are_four_words_and_no_other() -> None:
    assert [word.value for word in Word] == [
        "received", "searching", "we need something from you", "news",
    ]  # fmt: skip
    at = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
    words = {
        word_of(Progress(at - age, needs, news), at)
        for age in (dt.timedelta(0), SIX_HOURS)
        for needs in (False, True)
        for news in (False, True)
    }
    assert words == set(Word)


def area_under_the_curve(one: Sequence[float], other: Sequence[float]) -> float:
    """How well a threshold on time tells two sides apart: 0.5 not at all, 1 always (the
    Mann–Whitney statistic over the number of pairs)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(rank for rank, (_, side) in enumerate(ranked, 1) if side == 1)
    found = (ranks - len(other) * (len(other) + 1) / 2) / (len(one) * len(other))
    return max(found, 1 - found)


def test_the_measure_of_time_tells_sides_apart_that_differ() -> None:
    assert area_under_the_curve([1, 2, 3], [4, 5, 6]) == 1.0
    assert area_under_the_curve([1, 3, 5, 7], [2, 4, 6, 8]) == pytest.approx(0.625)


@pytest.mark.long
@pytest.mark.parametrize("other", [refused, blocked])
def test_time_does_not_tell_a_refusal_from_absence(other: Callable[[], UUID]) -> None:
    """2,000 probes a side, in random order, of twenty cases each: AUC at most 0.55."""
    sides = [[absent() for _ in range(20)], [other() for _ in range(20)]]
    age(*sides[0], *sides[1])
    hour = at_the_next_hour()
    probes = [(side, sides[side][n % 20]) for side in (0, 1) for n in range(2000)]
    random.Random(7).shuffle(probes)
    for _, enquiry_id in probes[:200]:
        show(enquiry_id, hour)
    taken: tuple[list[float], list[float]] = ([], [])
    shown = set()
    for side, enquiry_id in probes:
        begin = time.perf_counter_ns()
        answer = bytes(show(enquiry_id, hour))
        taken[side].append(time.perf_counter_ns() - begin)
        shown.add(answer)
    assert len(shown) == 1
    assert area_under_the_curve(*taken) <= 0.55
