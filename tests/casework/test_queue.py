"""The queue: most needed first, each view's number the number of its rows, a few queries a page."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reknit.casework import claims, correspondence, queue, saved_filters, tasks
from reknit.casework.errors import CaseworkError
from reknit.casework.models import Candidate, Letter, LetterState, SavedFilter, Side
from reknit.casework.need_rules import Band
from reknit.casework.queue import Filter, View
from reknit.guard.errors import NotPermittedError
from reknit.guard.models import Revealed
from reknit.guard.models.audit import Entry
from reknit.guard.searching import QuestionError
from reknit.records import judgements
from reknit.records.models import AccountKind, Enquiry, EnquiryStatus, User, Verdict
from reknit.sealing import records as sealing
from reknit.vocabulary import Purpose, Role
from tests.casework.test_correspondence import case as written_case
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT, renamed
from tests.guard.scene import an_account, an_enquiry, supervisor
from tests.staff import NORD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NOW = timezone.now()


def a_case(to: User | None = None, office_name: str = NORD, **columns: Any) -> Enquiry:
    said = renamed(IDRIS_SOUGHT, "s")
    enquiry = an_enquiry(an_account(said, AccountKind.SOUGHT, office_name), to)
    Enquiry.objects.filter(pk=enquiry.pk).update(**columns)
    enquiry.refresh_from_db()
    return enquiry


def a_candidate(case: Enquiry) -> Candidate:
    found = an_account(IDRIS_FOUND)
    row = Candidate(
        enquiry=case, sought=case.sought, account=found,
        probability=0.9, match_weight=8.0, model_version="test",
    )  # fmt: skip
    sealing.seal([row], [{"evidence": []}])
    row.save(force_insert=True)
    return row


def a_letter(case: Enquiry, **columns: Any) -> Letter:
    """From the family to staff."""
    row = Letter(
        enquiry=case, author_side=Side.SEEKER, to_side=Side.STAFF, state=LetterState.RELAYED,
        at=timezone.now(), **columns,
    )  # fmt: skip
    sealing.seal([row], [{"text": "متى نسمع منكم؟"}])
    row.save(force_insert=True)
    return row


def ids(actor: Any, wanted: Filter) -> list[Any]:
    return [case.pk for case in queue.rows(actor, wanted, timezone.now())]


def ago(days: int) -> dt.datetime:
    return timezone.now() - dt.timedelta(days=days)


def test_the_most_urgent_band_comes_first_and_in_it_the_one_that_waited_longest() -> None:
    in_turn_long = a_case(noor(), created_at=ago(400))
    now_short = a_case(noor(), need=Band.NOW, created_at=ago(1))
    soon_long = a_case(noor(), need=Band.SOON, created_at=ago(9))
    now_long = a_case(noor(), need=Band.NOW, created_at=ago(2))
    soon_short = a_case(noor(), need=Band.SOON, created_at=ago(3))
    expected = [now_long, now_short, soon_long, soon_short, in_turn_long]
    assert ids(noor().as_actor(), Filter()) == [case.pk for case in expected]


def test_each_view_holds_what_it_says_and_its_number_is_that_of_its_rows() -> None:
    idle = a_case(noor(), created_at=ago(15))
    mine = a_case(noor())
    other = a_case(staff(Role.SUPERVISOR))
    free = a_case(None)
    a_candidate(mine)
    judged = a_candidate(other)
    judgements.judge(noor(), judged.sought, judged.account, Verdict.NO_MATCH, "", enquiry=other)
    asked = a_case(noor(), status=EnquiryStatus.AWAITING_ANSWER)
    due = a_case(noor(), due_on=timezone.now().date() + dt.timedelta(days=7))
    a_case(noor(), due_on=timezone.now().date() + dt.timedelta(days=9))
    tasked = a_case(noor())
    tasks.add(noor().as_actor(), tasked.pk, "Call them", ago(1), noor())
    written = a_case(noor())
    a_letter(written)
    a_letter(a_case(noor()), seen_at=timezone.now())
    a_letter(a_case(staff(Role.CASEWORKER, "Sud"), "Sud"))
    a_case(noor(), closed_at=timezone.now())
    a_case(noor(), removed_at=timezone.now())
    actor = noor().as_actor()
    assert set(ids(actor, Filter(View.CANDIDATES))) == {mine.pk}
    assert set(ids(actor, Filter(View.LETTERS))) == {written.pk}
    assert set(ids(supervisor(), Filter(View.LETTERS))) == {written.pk}
    assert set(ids(actor, Filter(View.WAITING))) == {asked.pk}
    assert set(ids(actor, Filter(View.DEADLINES))) == {due.pk, tasked.pk}
    assert set(ids(actor, Filter(View.STUCK))) == {idle.pk}
    assert set(ids(actor, Filter(View.NOBODYS))) == {free.pk}
    assert other.pk not in ids(actor, Filter(View.MINE))
    assert other.pk in ids(actor, Filter(View.ALL))
    for who in (actor, supervisor()):
        for view, count in queue.counts(who, Filter(), timezone.now()).items():
            assert count == len(ids(who, Filter(view))), view


def test_work_on_a_case_takes_it_out_of_the_stuck_ones() -> None:
    case = a_case(noor(), created_at=ago(20))
    assert ids(noor().as_actor(), Filter(View.STUCK)) == [case.pk]
    claims.claim(noor().as_actor(), case.pk)
    claims.release(noor().as_actor(), case.pk)
    assert ids(noor().as_actor(), Filter(View.STUCK)) == []


def test_a_filter_narrows_by_band_state_and_colleague() -> None:
    one = a_case(noor(), need=Band.NOW)
    two = a_case(staff(Role.SUPERVISOR), status=EnquiryStatus.VERIFYING)
    assert ids(supervisor(), Filter(band=Band.NOW)) == [one.pk]
    assert ids(supervisor(), Filter(status=EnquiryStatus.VERIFYING)) == [two.pk]
    assert ids(supervisor(), Filter(assigned_to=noor().pk)) == [one.pk]


def test_a_filter_says_itself_in_an_address_and_is_read_back() -> None:
    said = Filter(View.STUCK, Band.SOON, EnquiryStatus.OPEN, 7)
    assert Filter.read(said.said()) == said
    assert Filter.read({}) == Filter()
    assert Filter.read({"view": "x", "band": "9", "status": "x", "assigned_to": "-1"}) == Filter()


@pytest.mark.parametrize(
    ("who", "sees"),
    [((Role.CASEWORKER, "Sud"), False), ((Role.SUPERVISOR, "Sud"), False),
     ((Role.DESK, NORD), True), ((Role.COORDINATOR, "Sud"), True),
     ((Role.ADMINISTRATOR, NORD), False)],
)  # fmt: skip
def test_it_lists_what_the_role_may_list(who: tuple[Role, str], sees: bool) -> None:
    case = a_case(noor())
    assert (case.pk in ids(staff(*who).as_actor(), Filter())) is sees


def test_a_page_costs_as_many_queries_for_one_case_as_for_twenty() -> None:
    actor = noor().as_actor()

    def asked() -> int:
        with CaptureQueriesContext(connection, ) as said:  # fmt: skip
            cases = list(queue.rows(actor, Filter(), timezone.now())[:25])
            queue.marks(actor, cases)
            claims.holders([case.pk for case in cases])
        return len(said)

    a_candidate(a_case(noor()))
    one = asked()
    for _ in range(19):
        a_candidate(a_case(noor()))
    assert asked() == one <= 6


def test_it_counts_new_candidates_and_open_tasks_of_a_case() -> None:
    case, actor = a_case(noor()), noor().as_actor()
    a_candidate(case)
    judged = a_candidate(case)
    judgements.judge(noor(), judged.sought, judged.account, Verdict.UNSURE, "", enquiry=case)
    first = tasks.add(actor, case.pk, "Call", ago(-3), noor())
    tasks.add(actor, case.pk, "Write", ago(-1), None)
    tasks.done(actor, tasks.add(actor, case.pk, "Done", ago(9), None).pk)
    marks = queue.marks(actor, [case])[case.pk]
    assert (marks.candidates, marks.tasks) == (1, 2)
    assert marks.due_at is not None
    assert first.due_at is not None
    assert marks.due_at < first.due_at


def test_it_counts_letters_for_whoever_works_on_the_case_and_for_nobody_else() -> None:
    made = written_case(judged=False, verified=False)
    correspondence.write(made.amal, "I have his school card.")
    for who, letters in ((noor(), 1), (staff(Role.DESK), 0), (staff(Role.COORDINATOR), 0)):
        marks = queue.marks(who.as_actor(), [made.enquiry])[made.enquiry.pk]
        assert marks.letters == letters, who


def test_a_case_is_found_by_its_number_without_a_search() -> None:
    case = a_case(noor())
    number = str(case.pk)[:8]
    for text in (number, number.upper(), f" {number[:5]} "):
        assert case.pk in queue.find(noor().as_actor(), text, Purpose.FAMILY_TRACING)
    assert not Entry.objects.filter(action="account:search").exists()
    theirs = staff(Role.CASEWORKER, "Sud").as_actor()
    assert queue.find(theirs, number, Purpose.FAMILY_TRACING) == ()


def test_a_case_is_found_by_a_name_in_another_script_audited_and_nobody_opened() -> None:
    case = a_case(noor())
    a_case(None, "Sud")
    before = Revealed.objects.count()
    assert queue.find(noor().as_actor(), "Idris Haddad", Purpose.FAMILY_TRACING) == (case.pk,)
    entry = Entry.objects.get(action="account:search")
    assert entry.purpose == "family_tracing"
    assert "Idris" not in str(entry.detail)
    assert Revealed.objects.count() == before


@pytest.mark.parametrize("role", [Role.DESK, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_whoever_may_not_search_finds_nobody_by_name(role: Role) -> None:
    a_case(noor())
    with pytest.raises(NotPermittedError):
        queue.find(staff(role).as_actor(), "Idris", Purpose.FAMILY_TRACING)


def test_nothing_is_looked_for_without_a_word() -> None:
    with pytest.raises(QuestionError):
        queue.find(noor().as_actor(), "  ", Purpose.FAMILY_TRACING)


def test_a_saved_filter_is_its_owners_and_the_offices_where_it_is_shared() -> None:
    kept = Filter(View.STUCK, Band.NOW)
    own = saved_filters.keep(noor().as_actor(), "Old ones", kept, shared=False)
    saved_filters.keep(noor().as_actor(), "Children", Filter(band=Band.NOW), shared=True)
    assert [one.name for one in saved_filters.of(noor().as_actor())] == ["Children", "Old ones"]
    assert saved_filters.of(noor().as_actor())[1].filter == kept
    (shared,) = saved_filters.of(supervisor())
    assert (shared.name, shared.is_own, shared.is_shared) == ("Children", False, True)
    assert saved_filters.of(staff(Role.CASEWORKER, "Sud").as_actor()) == []
    with pytest.raises(NotPermittedError):
        saved_filters.remove(supervisor(), own.pk)
    saved_filters.remove(noor().as_actor(), own.pk)
    assert [one.name for one in saved_filters.of(noor().as_actor())] == ["Children"]


def test_a_saved_filter_holds_no_search_and_its_name_is_sealed() -> None:
    found = Filter(View.ALL, found=(a_case(noor()).pk,))
    saved_filters.keep(noor().as_actor(), "Haddad family", found, shared=True)
    (kept,) = saved_filters.of(noor().as_actor())
    assert kept.filter.found is None
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {SavedFilter._meta.db_table}")  # noqa: S608
        assert b"Haddad" not in b"".join(
            bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode()
            for row in cursor.fetchall() for v in row
        )  # fmt: skip
    with pytest.raises(CaseworkError, match="name"):
        saved_filters.keep(noor().as_actor(), " ", Filter(), shared=False)


def test_who_may_not_read_letters_has_no_view_of_them() -> None:
    case = a_case(noor())
    a_letter(case)
    coordinator = staff(Role.COORDINATOR).as_actor()
    assert View.LETTERS not in queue.views(coordinator)
    assert ids(coordinator, Filter(View.LETTERS)) == []
    other = staff(Role.CASEWORKER, "Sud").as_actor()
    assert ids(other, Filter(View.LETTERS)) == []


def test_a_judgement_takes_a_candidate_out_of_what_is_undecided_whichever_way_round() -> None:
    case = a_case(noor())
    turned = a_candidate(case)
    judgements.judge(noor(), turned.account, turned.sought, Verdict.NO_MATCH, "", enquiry=case)
    gone = a_candidate(a_case(noor(), removed_at=timezone.now()))
    waits = a_candidate(case)
    assert set(queue.undecided()) == {waits}
    assert gone not in queue.undecided(Candidate.objects.filter(pk=gone.pk))
