"""What one member of staff is shown in a day is bounded; browsing raises an alarm (test 12)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from reknit.config import Config, ConfigError
from reknit.guard import access, alarms, canaries, disclosure, quota, vault, watch
from reknit.guard.errors import AlarmError, NotPermittedError, QuotaExceededError
from reknit.guard.models import (
    Acknowledgement,
    Alarm,
    AlarmKind,
    Canary,
    Entry,
    Revealed,
    Tally,
)
from reknit.guard.permissions import Permission
from reknit.records.models import Account
from reknit.vocabulary import SYSTEM, Actor, Purpose, Role
from tests.guard.people import account, accounts, enquiry, no_id
from tests.staff import NORD, SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

TRACING = Purpose.FAMILY_TRACING


def _open(actor: Actor, *rows: Account, by: Permission = Permission.ACCOUNT_READ) -> None:
    access.read(actor, by, rows, purpose=TRACING)


def _kinds() -> list[str]:
    return sorted(Alarm.objects.values_list("kind", flat=True))


@pytest.fixture
def _five_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quota, "limit", lambda role: 5)


@pytest.mark.usefixtures("_five_a_day")
def test_it_refuses_the_person_too_many_and_shows_nothing_of_that_request() -> None:
    actor = noor().as_actor()
    _open(actor, *accounts(4))
    with pytest.raises(QuotaExceededError, match="5 people a day"):
        _open(actor, *accounts(2))
    assert Entry.objects.filter(action="account:read").count() == 4
    refused = Entry.objects.get(action="account:read:refused")
    assert '"reason":"quota"' in refused.detail
    assert _kinds() == [AlarmKind.QUOTA]
    _open(actor, account())


@pytest.mark.usefixtures("_five_a_day")
def test_a_person_counts_once_a_day_whichever_of_their_records_is_shown() -> None:
    actor, rows = noor().as_actor(), accounts(8)
    Account.objects.update(identity_id=rows[0].identity_id)
    for row in rows:
        _open(actor, row)
    assert Tally.objects.get().people == 1


@pytest.mark.usefixtures("_five_a_day")
def test_hits_in_a_list_count_as_people_shown() -> None:
    actor = noor().as_actor()
    _open(actor, *accounts(5), by=Permission.ACCOUNT_SEARCH)
    with pytest.raises(QuotaExceededError):
        _open(actor, account())


@pytest.mark.usefixtures("_five_a_day")
def test_how_to_reach_a_seeker_counts_whom_they_seek_as_shown() -> None:
    desk, cases = staff(Role.DESK).as_actor(), [enquiry() for _ in range(6)]
    for case in cases:
        vault.put_seeker_contact(case.id, {"phones": "+961 3 555 0101"})
    for case in [*cases[:5], cases[0]]:
        assert disclosure.seeker_contact(desk, case.id, TRACING)["phones"]
    with pytest.raises(QuotaExceededError):
        disclosure.seeker_contact(desk, cases[5].id, TRACING)
    assert set(Revealed.objects.values_list("person_id", flat=True)) == {
        case.sought.identity_id for case in cases[:5]
    }
    assert Entry.objects.filter(action="contact:read").count() == 6
    assert _kinds() == [AlarmKind.QUOTA]


def test_whoever_collects_the_seekers_telephones_is_alarmed() -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    for _ in range(watch.SPEED_PEOPLE):
        disclosure.seeker_contact(supervisor, enquiry().id, TRACING)
    assert _kinds() == [AlarmKind.SPEED]


@pytest.mark.usefixtures("_five_a_day")
def test_each_user_has_a_quota_of_their_own() -> None:
    _open(noor().as_actor(), *accounts(5))
    _open(staff(Role.SUPERVISOR).as_actor(), *accounts(5))
    assert Tally.objects.count() == 2


@pytest.mark.usefixtures("_five_a_day")
def test_a_new_day_begins_with_nothing_and_forgets_the_old() -> None:
    actor = noor().as_actor()
    _open(actor, *accounts(5))
    yesterday = timezone.now().date() - timedelta(days=1)
    Tally.objects.update(day=yesterday)
    Revealed.objects.update(day=yesterday)
    _open(actor, *accounts(5))
    assert Revealed.objects.count() == 5
    assert Tally.objects.get().day > yesterday


@pytest.mark.usefixtures("_five_a_day")
def test_jobs_have_none_since_they_show_nothing_to_anybody() -> None:
    _open(SYSTEM, *accounts(6))
    assert not Tally.objects.exists()


def test_an_administrator_may_be_shown_nobody() -> None:
    assert quota.limit(Role.ADMINISTRATOR) == 0


def test_the_setting_changes_the_roles_that_it_names() -> None:
    said = Config.read({"REKNIT_QUOTAS": "caseworker=7, desk=3"})
    assert (said.quotas[Role.CASEWORKER], said.quotas[Role.DESK]) == (7, 3)
    assert said.quotas[Role.SUPERVISOR] == 300


@pytest.mark.parametrize("text", ["caseworker", "caseworker=", "king=3", "desk=-1", "desk=many"])
def test_a_malformed_quota_stops_start_up_by_name(text: str) -> None:
    with pytest.raises(ConfigError, match=r"REKNIT_QUOTAS: .* is no quota; use ROLE=NUMBER"):
        Config.read({"REKNIT_QUOTAS": text})


@pytest.mark.parametrize("role", [Role.DESK, Role.CASEWORKER, Role.SUPERVISOR])
def test_a_browser_is_alarmed_by_the_twentieth_view_off_case(role: Role) -> None:
    """Their own cases between the others hide nothing."""
    user = staff(role)
    actor = user.as_actor()
    cases = [enquiry(NORD, assigned_to=user).sought for _ in range(5)]
    for case in cases:
        _open(actor, case)
    for view in range(1, 21):
        _open(actor, account())
        if view % 4 == 0:
            _open(actor, cases[view % 5])
        if view < watch.OFF_CASE_PEOPLE:
            assert _kinds() == []
    (alarm,) = Alarm.objects.all()
    assert (alarm.kind, alarm.user_id, alarm.count) == ("off_case", user.pk, 15)
    assert Tally.objects.get().off_case == 20
    assert Entry.objects.filter(action="alarm:raise").count() == 1


def test_opening_the_people_of_ones_own_cases_is_no_browsing() -> None:
    user = noor()
    for _ in range(20):
        case = enquiry(SUD, assigned_to=user)
        _open(user.as_actor(), Account.objects.get(pk=case.sought_id))
    assert Tally.objects.get().off_case == 0
    assert _kinds() == []


def test_a_case_that_was_closed_opens_its_person_no_more() -> None:
    user, case = noor(), enquiry(SUD, assigned_to=noor())
    case.closed_at = timezone.now()
    case.save()
    with pytest.raises(NotPermittedError):
        _open(user.as_actor(), case.sought)


def test_hits_of_a_search_are_no_browsing_but_opening_them_is() -> None:
    actor, rows = noor().as_actor(), accounts(20)
    _open(actor, *rows, by=Permission.ACCOUNT_SEARCH)
    assert Tally.objects.get().off_case == 0
    for row in rows[:15]:
        _open(actor, row)
    assert _kinds() == [AlarmKind.OFF_CASE]
    assert Tally.objects.get().people == 20


def test_bulk_reading_is_alarmed_while_it_goes_on() -> None:
    actor = noor().as_actor()
    for _ in range(12):
        _open(actor, *accounts(10), by=Permission.ACCOUNT_SEARCH)
    assert _kinds() == [AlarmKind.SPEED]


def test_reading_at_a_persons_pace_is_not() -> None:
    actor = noor().as_actor()
    for _ in range(12):
        _open(actor, *accounts(10), by=Permission.ACCOUNT_SEARCH)
        Revealed.objects.update(at=timezone.now() - watch.SPEED_WINDOW)
    assert _kinds() == []


def test_refusals_again_and_again_are_alarmed() -> None:
    actor = noor().as_actor()
    for _ in range(watch.REFUSALS):
        assert _kinds() == []
        with pytest.raises(NotPermittedError):
            access.load(actor, Permission.ACCOUNT_READ, Account, no_id(), purpose=TRACING)
    assert _kinds() == [AlarmKind.REFUSALS]


def test_a_canary_is_alarmed_at_once_and_each_time() -> None:
    officer, nobody = staff(Role.DATA_PROTECTION_OFFICER).as_actor(), account()
    canaries.plant(officer, nobody.pk)
    canaries.plant(officer, nobody.pk)
    assert Canary.objects.count() == 1
    for _ in range(2):
        _open(noor().as_actor(), nobody)
    assert _kinds() == [AlarmKind.CANARY, AlarmKind.CANARY]


def test_a_canary_among_the_hits_is_nobodys_fault() -> None:
    nobody = account()
    canaries.plant(staff(Role.DATA_PROTECTION_OFFICER).as_actor(), nobody.pk)
    _open(noor().as_actor(), nobody, by=Permission.ACCOUNT_SEARCH)
    assert _kinds() == []


def test_the_database_does_not_say_which_records_are_canaries() -> None:
    nobody = account()
    canaries.plant(staff(Role.DATA_PROTECTION_OFFICER).as_actor(), nobody.pk)
    stored = bytes(Canary.objects.get().digest)
    assert nobody.pk.bytes not in stored
    planted = Entry.objects.get(action="canary:plant")
    assert str(nobody.pk) not in (planted.resource_id, planted.subject_id, planted.detail)


def test_a_canary_that_was_dug_up_is_a_record_like_any() -> None:
    officer, nobody = staff(Role.DATA_PROTECTION_OFFICER).as_actor(), account()
    canaries.plant(officer, nobody.pk)
    assert canaries.dig_up(officer, nobody.pk)
    assert not canaries.dig_up(officer, nobody.pk)
    _open(noor().as_actor(), nobody)
    assert _kinds() == []


@pytest.mark.parametrize(
    "role", [role for role in Role if role is not Role.DATA_PROTECTION_OFFICER]
)
def test_only_the_officer_plants_canaries(role: Role) -> None:
    with pytest.raises(NotPermittedError):
        canaries.plant(staff(role).as_actor(), account().pk)


def _alarm() -> Alarm:
    for _ in range(watch.OFF_CASE_PEOPLE):
        _open(noor().as_actor(), account())
    return Alarm.objects.get()


def test_an_alarm_is_acknowledged_with_a_sealed_reason() -> None:
    alarm, supervisor = _alarm(), staff(Role.SUPERVISOR).as_actor()
    assert list(alarms.open_alarms(supervisor)) == [alarm]
    alarms.acknowledge(supervisor, alarm.pk, "Noor covers for a colleague this week")
    assert list(alarms.open_alarms(supervisor)) == []
    assert list(alarms.all_alarms(supervisor)) == [alarm]
    assert b"colleague" not in bytes(Acknowledgement.objects.get().sealed)
    assert Entry.objects.get(action="alarm:acknowledge").user_id == supervisor.user_id
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    said, reason = alarms.reason_of(officer, alarm.pk)
    assert (said.by_id, reason) == (supervisor.user_id, "Noor covers for a colleague this week")


def test_an_alarm_is_acknowledged_once() -> None:
    alarm, supervisor = _alarm(), staff(Role.SUPERVISOR).as_actor()
    alarms.acknowledge(supervisor, alarm.pk, "looked into")
    with pytest.raises(AlarmError, match="acknowledged before"):
        alarms.acknowledge(supervisor, alarm.pk, "looked into again")


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 2_001])
def test_an_acknowledgement_needs_a_reason(reason: str) -> None:
    with pytest.raises(AlarmError, match="needs a reason"):
        alarms.acknowledge(staff(Role.SUPERVISOR).as_actor(), _alarm().pk, reason)


def test_nobody_acknowledges_an_alarm_about_themselves() -> None:
    supervisor = staff(Role.SUPERVISOR).as_actor()
    for _ in range(watch.OFF_CASE_PEOPLE):
        _open(supervisor, account())
    with pytest.raises(NotPermittedError, match="about you"):
        alarms.acknowledge(supervisor, Alarm.objects.get().pk, "it was I")
    assert Alarm.objects.get().acknowledged_at is None


@pytest.mark.parametrize(
    ("role", "office_name", "sees"),
    [
        (Role.SUPERVISOR, NORD, 1),
        (Role.SUPERVISOR, SUD, 0),
        (Role.DATA_PROTECTION_OFFICER, SUD, 1),
        (Role.CASEWORKER, NORD, 0),
        (Role.COORDINATOR, NORD, 0),
        (Role.ADMINISTRATOR, NORD, 0),
    ],
)
def test_who_sees_an_alarm(role: Role, office_name: str, sees: int) -> None:
    _alarm()
    assert alarms.open_alarms(staff(role, office_name).as_actor()).count() == sees
