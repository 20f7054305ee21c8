"""The queue's page: what it shows without opening anybody, and what it refuses."""

from __future__ import annotations

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reknit.casework import claims, needs
from reknit.casework.models import Bulk, Takeover
from reknit.casework.need_rules import Band, Fact
from reknit.casework.needs import Known
from reknit.guard.models.audit import Entry
from reknit.records.models import Enquiry
from reknit.vocabulary import Role
from tests.casework.test_queue import a_candidate, a_case
from tests.cast import IDRIS_SOUGHT
from tests.staff import SUD, noor, staff
from tests.web.signing_in import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
NAME = IDRIS_SOUGHT["full_name"]


def number(case: Enquiry) -> str:
    return str(case.pk)[:8].upper()


def page(client: Client, address: str = "", **said: str) -> str:
    answer = client.get(reverse("queue") + address, said)
    assert answer.status_code == 200
    return answer.content.decode()


def at_supervisor() -> Client:
    return signed_in(staff(Role.SUPERVISOR))


def test_it_shows_number_band_reasons_and_who_works_on_it_and_names_nobody() -> None:
    case = a_case(noor())
    a_candidate(case)
    needs.state(noor().as_actor(), case.pk, Known({Fact.MEDICAL}), "dialysis")
    text = page(signed_in(noor()))
    for said in (number(case), "Urgent medical need", "1 new candidate", "you work on it now"):
        assert said in text
    assert f"{noor().email}</bdi> works on it now" in page(at_supervisor())
    assert NAME not in text
    assert "dialysis" not in text
    read = Entry.objects.filter(user_id=noor().pk).values_list("action", flat=True)
    assert set(read) & {"account:read", "enquiry:read", "account:search"} == set()
    assert "need:read" in read


def test_names_are_shown_when_asked_for_and_then_audited() -> None:
    case = a_case(noor())
    assert NAME in page(signed_in(noor()), names="on")
    assert Entry.objects.filter(action="account:read", subject_id=str(case.sought_id)).exists()


def test_a_coordinator_sees_the_queues_of_all_offices_and_no_reason_or_name() -> None:
    case = a_case(noor(), need=Band.NOW)
    needs.state(noor().as_actor(), case.pk, Known({Fact.MEDICAL}), "dialysis")
    text = page(signed_in(staff(Role.COORDINATOR, SUD)), names="on")
    assert number(case) in text
    assert "Urgent medical need" not in text
    assert NAME not in text


def test_another_office_sees_nothing_of_it() -> None:
    case = a_case(noor())
    for role in (Role.CASEWORKER, Role.SUPERVISOR, Role.DESK):
        assert number(case) not in page(signed_in(staff(role, SUD)), view="all", names="on")


def test_what_is_looked_for_is_in_no_address_and_its_purpose_is_stated() -> None:
    case, client = a_case(noor()), signed_in(noor())
    answer = client.post(reverse("queue"), {"q": "Idris Haddad", "purpose": "family_tracing"})
    assert number(case) in answer.content.decode()
    assert "q=" not in answer.content.decode()
    without = client.post(reverse("queue"), {"q": "Idris Haddad"})
    assert "Fill this in, or choose, to go on." in without.content.decode()
    assert Entry.objects.filter(action="account:search").count() == 1


def test_an_empty_view_says_what_to_do() -> None:
    assert "Ask your supervisor for one" in page(signed_in(noor()))
    assert "Somebody works on every case" in page(at_supervisor(), view="nobodys")


def test_the_print_names_nobody_unless_asked_and_is_audited() -> None:
    case, client = a_case(noor()), signed_in(noor())
    for said, names in (({}, False), ({"names": "on"}, True)):
        text = client.get(reverse("queue_print"), said).content.decode()
        assert number(case) in text
        assert (NAME in text) is names
    printed = Entry.objects.filter(action="queue:print").order_by("seq")
    assert ['"names":false' in str(e.detail).replace(" ", "").lower() for e in printed] == [
        True, False
    ]  # fmt: skip


def many(client: Client, **said: object) -> HttpResponse:
    return client.post(reverse("queue_many"), {"scope": "whole", "view": "nobodys", **said})  # type: ignore[return-value]


def test_many_cases_are_counted_first_then_done_then_taken_back() -> None:
    cases = [a_case(None) for _ in range(30)]
    client = at_supervisor()
    said = {"kind": "assign", "to_user": noor().pk}
    asked = many(client, **said)
    assert "Do this to 30 cases?" in asked.content.decode()
    assert not Bulk.objects.exists()
    answer = many(client, **said, confirmed=asked.context["confirmed"])
    done = Bulk.objects.get()
    assert answer["Location"] == reverse("bulk", args=[done.pk])
    assert Enquiry.objects.filter(assigned_to=noor()).count() == len(cases)
    assert "30 cases are done" in client.get(answer["Location"]).content.decode()
    client.post(answer["Location"])
    assert Enquiry.objects.filter(assigned_to=None).count() == len(cases)


def test_those_that_are_marked_and_no_others() -> None:
    first, second = a_case(None), a_case(None)
    client = at_supervisor()
    said = {"kind": "assign", "to_user": noor().pk, "scope": "chosen", "case": [str(first.pk)]}
    asked = many(client, **said)
    assert "Do this to 1 case?" in asked.content.decode()
    many(client, **said, confirmed=asked.context["confirmed"])
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.assigned_to, second.assigned_to) == (noor(), None)


def test_nothing_marked_does_nothing() -> None:
    a_case(None)
    asked = many(at_supervisor(), kind="assign", to_user=noor().pk, scope="chosen")
    assert "No case is marked" in asked.content.decode()


def test_a_caseworker_who_posts_what_they_are_not_offered_is_refused() -> None:
    case = a_case(None)
    client = signed_in(noor())
    assert "Give them to this person" not in page(client, view="all")
    many(client, kind="assign", to_user=noor().pk, confirmed="x")
    case.refresh_from_db()
    assert case.assigned_to is None


def test_a_filter_is_kept_found_and_removed() -> None:
    client = signed_in(noor())
    kept = {"view": "stuck", "band": "1", "name": "Old and urgent"}
    assert client.post(reverse("filter_keep"), kept)["Location"] == "/queue/?view=stuck&band=1"
    text = page(client)
    assert "Old and urgent" in text
    assert 'href="/queue/?view=stuck&amp;band=1"' in text


def test_the_page_of_need_shows_each_reason_and_takes_facts_and_a_band() -> None:
    case, client = a_case(noor()), signed_in(noor())
    place = reverse("enquiry_need", args=[case.pk])
    assert "No rule of need holds" in client.get(place).content.decode()
    client.post(place, {"facts": ["detained"], "reason": "the lawyer wrote"})
    text = client.get(place).content.decode()
    assert "Detained" in text
    assert "cannot look for their family themselves" in text
    refused = client.post(place, {"band-band": "1", "band-reason": ""})
    assert "Fill this in, or choose, to go on." in refused.content.decode()
    client.post(place, {"band-band": "1", "band-reason": "he is moved tomorrow"})
    case.refresh_from_db()
    assert case.need == Band.NOW
    said = needs.statements(noor().as_actor(), case.pk)
    client.post(reverse("need_undo", args=[said[0][0].pk]))
    case.refresh_from_db()
    assert case.need == Band.SOON


def test_whoever_reads_a_need_without_working_on_the_case_changes_nothing() -> None:
    case = a_case(noor())
    desk = signed_in(staff(Role.DATA_PROTECTION_OFFICER))
    place = reverse("enquiry_need", args=[case.pk])
    assert desk.get(place).status_code == 200
    assert desk.post(place, {"facts": ["detained"], "reason": "so"}).status_code == 404


def test_a_claim_is_taken_released_and_taken_over_from_the_case() -> None:
    case = a_case(noor())
    place = reverse("enquiry_claim", args=[case.pk])
    signed_in(noor()).post(place, {"do": "take"})
    assert claims.holder(case.pk) == noor()
    at_supervisor().post(place, {"do": "take"})
    assert claims.holder(case.pk) == noor()
    at_supervisor().post(place, {"do": "take_over", "reason": "she went home ill"})
    assert claims.holder(case.pk) == staff(Role.SUPERVISOR)
    assert Takeover.objects.count() == 1
    at_supervisor().post(place, {"do": "release"})
    assert claims.holder(case.pk) is None


def test_the_page_asks_as_many_queries_for_twenty_five_cases_as_for_two() -> None:
    client = signed_in(noor())

    def asked() -> int:
        with CaptureQueriesContext(connection) as said:
            page(client, names="on")
        # In a test's transaction each audit entry is appended alone, else many at once.
        of_the_log = ("SAVEPOINT", "guard_head", 'INSERT INTO "guard_entry"')
        return sum(not any(word in query["sql"] for word in of_the_log) for query in said)

    def more(count: int) -> None:
        for n in range(count):
            case = a_case(noor())
            needs.weigh([case.pk])
            if n % 2:
                needs.override(noor().as_actor(), case.pk, Band.SOON, "asked for")

    more(2)
    asked()
    few = asked()
    more(23)
    assert asked() < few + 10, "a query a case would add twenty-three"
