"""A flood changes nothing for a real person, and stays cheap (trust: adversaries 5 and 6)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from reknit.config import Config, ConfigError
from reknit.intake.models import Draft
from reknit.records.models import Enquiry
from reknit.web.doors import gate
from reknit.web.doors.gate import Counts, FullError, Passed, Queue, Wait
from tests.staff import office
from tests.web.visitor import Visitor

pytestmark = pytest.mark.django_db(databases=["default", "keys"])
FLOOD = 2_000


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    office()
    for counts in (gate.posts, gate.uploads, gate.begun, gate.wrong_codes, gate.queue):
        counts.clear()
    yield
    for counts in (gate.posts, gate.uploads, gate.begun, gate.wrong_codes, gate.queue):
        counts.clear()


def a_request(address: str, **fields: str) -> HttpRequest:
    return RequestFactory().post("/seek/", fields, REMOTE_ADDR=address)


def passes(address: str) -> Passed | Wait:
    """Somebody works for the proof of a fresh page, and begins."""
    made = gate.challenge(a_request(address), "seek")
    proof = next(n for n in range(1 << 28) if gate.is_solved(made.text, made.bits, str(n)))
    return gate.check(a_request(address, challenge=made.text, proof=str(proof)), "seek")


def test_thousands_of_posts_change_nothing_for_amal_and_write_nothing() -> None:
    robot = Client(REMOTE_ADDR="203.0.113.66")
    with CaptureQueriesContext(connections["default"]) as queries:
        answers = [robot.post("/seek/", {"full_name": "x" * 50}) for _ in range(FLOOD)]
        answers += [robot.post("/back/", {"code": "0" * 16}) for _ in range(200)]
    assert {answer.status_code for answer in answers} == {429}
    written = [q for q in queries.captured_queries if not q["sql"].startswith("SELECT")]
    assert written == []
    assert len(queries) <= 3 * gate.POSTS_A_MINUTE, "what is turned away asks the database nothing"
    assert Draft.objects.count() == Enquiry.objects.count() == 0
    amal = Visitor("198.51.100.7")
    _text, bits = amal.challenge("seek")
    assert bits - settings.CONFIG.proof_bits <= 2
    amal.seek()
    assert Enquiry.objects.count() == 1


def test_what_is_turned_away_costs_a_fraction_of_what_is_answered() -> None:
    """A ratio in one run: the median of a post that is turned away, to a page of the door."""
    robot = Client(REMOTE_ADDR="203.0.113.66")

    def median(ask: object, number: int) -> float:
        taken = []
        for _ in range(number):
            begin = time.process_time()
            ask()  # type: ignore[operator]
            taken.append(time.process_time() - begin)
        return sorted(taken)[number // 2]

    page = median(lambda: robot.get("/seek/"), 50)
    for _ in range(gate.POSTS_A_MINUTE):
        robot.post("/seek/", {})
    assert median(lambda: robot.post("/seek/", {}), 200) < page


def test_one_proof_begins_one_draft_ever() -> None:
    robot = Visitor()
    proof = robot.proof("seek")
    for _ in range(5):
        robot.client.post("/seek/", proof)
    assert Draft.objects.count() == 1


def test_a_proof_is_of_its_door_and_of_this_installation() -> None:
    robot = Visitor()
    proof = robot.proof("seek")
    assert robot.client.post("/safe/", proof).status_code == 429
    forged = {**proof, "challenge": proof["challenge"][:-2] + "xx"}
    assert robot.client.post("/seek/", forged).status_code == 429
    assert robot.client.post("/seek/", {**proof, "proof": "-1"}).status_code == 429
    assert Draft.objects.count() == 0


def test_the_field_that_people_do_not_see_lets_nobody_in() -> None:
    robot = Visitor()
    assert robot.client.post("/seek/", {**robot.proof("seek"), gate.TRAP: "x"}).status_code == 429
    assert Draft.objects.count() == 0


def test_without_javascript_one_waits_and_gets_on(monkeypatch: pytest.MonkeyPatch) -> None:
    amal = Visitor()
    first = amal.client.post("/seek/", {})
    assert first.status_code == 429
    ticket = first.context["ticket"]
    early = amal.client.post("/seek/", {"ticket": ticket})
    assert early.status_code == 429
    assert early.context["ticket"] == ticket, "who comes early keeps the place"
    later = time.time() + settings.CONFIG.proof_wait + 1
    monkeypatch.setattr(gate.time, "time", lambda: later)
    assert amal.client.post("/seek/", {"ticket": ticket}).headers["Location"] == "/seek/why/"
    assert amal.client.post("/seek/", {"ticket": ticket}).headers["Location"] == "/seek/"
    assert Draft.objects.count() == 1, "one wait begins one draft"


def test_each_network_has_a_queue_of_its_own_and_none_is_endless() -> None:
    now = [1000.0]
    places = Queue(clock=lambda: now[0])
    turns = [places.place(b"one", 5) for _ in range(10)]
    assert turns == [1005 + gate.SPACING_SECONDS * n for n in range(10)]
    assert places.place(b"another", 5) == 1005
    most = int(gate.LONGEST_WAIT_SECONDS / gate.SPACING_SECONDS)
    for _ in range(most - 12):
        places.place(b"one", 5)
    with pytest.raises(FullError):
        places.place(b"one", 900)


def test_the_proof_grows_with_the_load_of_its_network_and_shrinks_again() -> None:
    flooded, quiet = a_request("203.0.113.5"), a_request("198.51.100.7")
    before = gate.challenge(flooded, "seek").bits
    for _ in range(8 * gate.HARDER_FROM):
        gate.begun.add(gate.network(flooded))
    assert gate.challenge(flooded, "seek").bits == before + 3
    assert gate.challenge(a_request("203.0.113.200"), "seek").bits == before + 3, "one network"
    assert gate.challenge(quiet, "seek").bits == before
    for _ in range(10_000):
        gate.begun.add(gate.network(flooded))
    assert gate.challenge(flooded, "seek").bits == before + gate.HARDER_AT_MOST
    gate.begun.clear()
    assert gate.challenge(flooded, "seek").bits == before


def test_counts_forget() -> None:
    now = [0.0]
    counts = Counts(60, clock=lambda: now[0])
    assert [counts.add(b"x") for _ in range(3)] == [1, 2, 3]
    now[0] = 61
    assert counts.of(b"x") == 0
    assert counts.add(b"x") == 1


def test_no_address_is_kept_not_even_in_memory() -> None:
    request = a_request("203.0.113.66")
    kept = gate.network(request)
    assert b"203" not in kept
    assert kept == gate.network(a_request("203.0.113.1"))
    assert kept != gate.network(a_request("203.0.114.66"))
    assert gate.network(a_request("2001:db8:1:100::1")) == gate.network(
        a_request("2001:db8:1:1ff::9")
    )
    assert kept != hashlib.sha256(b"203.0.113.0").digest()[:16], "it is keyed"


@pytest.mark.parametrize(
    ("place", "length"),
    [("/seek/", 64_001), ("/back/letter/", 64_001), ("/back/document/", 21_000_001)],
)
def test_what_is_too_large_is_turned_away_unread(place: str, length: int) -> None:
    answer = Client().generic(
        "POST", place, b"x", content_type="application/x-www-form-urlencoded",
        headers={"content-length": str(length)},
    )  # fmt: skip
    assert answer.status_code == 413


def test_zero_bits_ask_for_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONFIG", replace(settings.CONFIG, proof_bits=0))
    assert isinstance(passes("198.51.100.7"), Passed)


@pytest.mark.parametrize("setting", ["REKNIT_PROOF_BITS", "REKNIT_PROOF_WAIT"])
@pytest.mark.parametrize("said", ["lots", "-1", "9999"])
def test_a_malformed_setting_of_the_doors_is_named(setting: str, said: str) -> None:
    with pytest.raises(ConfigError, match=setting):
        Config.read({setting: said})


def test_the_script_of_the_proof_is_ours_and_small() -> None:
    file = Path(gate.__file__).parents[1] / "static/web/proof.js"
    text = file.read_text("utf-8")
    assert len(text) < 6_000
    assert "eval" not in text
    assert "http" not in text
