"""A source that copies another does not count twice."""

from __future__ import annotations

import pytest
from django.utils import timezone

from reknit.records import sources
from reknit.records.errors import AlreadyUndoneError, RecordsError
from reknit.records.models import Mirroring, Source
from reknit.records.state import state_hash
from tests.staff import noor, office

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def test_it_finds_a_source_again_whatever_the_spaces() -> None:
    assert sources.find_or_add(" Port  list ", office()) == sources.find_or_add(
        "Port list", office()
    )


def say(source: Source, original: Source | None) -> Mirroring:
    said = sources.set_mirror(source, original, noor())
    assert said is not None
    return said


def test_it_finds_a_source_by_name_whatever_its_spaces_and_capitals() -> None:
    port = sources.find_or_add("Port of Zuwara", office())
    assert sources.named("  port of  ZUWARA ") == port
    assert sources.named("Port") is None


def test_it_counts_mirrors_of_mirrors_once() -> None:
    port, copy, copied_again, camp = (
        sources.find_or_add(name, office()) for name in ("Port", "Copy", "Copy of copy", "Camp")
    )
    say(copy, port)
    say(copied_again, copy)
    assert sources.independent([port.id, copied_again.id, copy.id]) == 1
    assert sources.independent([copied_again.id, camp.id]) == 2


def test_it_refuses_a_circle_of_mirrors() -> None:
    port, copy = (sources.find_or_add(name, office()) for name in ("Port", "Copy"))
    say(copy, port)
    for source, original in ((port, copy), (port, port)):
        with pytest.raises(RecordsError, match="already copies"):
            sources.set_mirror(source, original, noor())


def test_what_was_said_before_is_not_said_again() -> None:
    port, copy = (sources.find_or_add(name, office()) for name in ("Port", "Copy"))
    say(copy, port)
    assert sources.set_mirror(copy, port, noor()) is None
    assert Mirroring.objects.count() == 1


def test_undoing_goes_back_word_by_word_and_restores_the_state() -> None:
    port, camp, copy = (sources.find_or_add(name, office()) for name in ("Port", "Camp", "Copy"))
    states = [state_hash()]
    first = say(copy, port)
    states.append(state_hash())
    second = say(copy, camp)
    assert len({*states, state_hash()}) == 3
    with pytest.raises(RecordsError, match="said since"):
        sources.undo_mirror(first, noor(), timezone.now())
    for said, before in ((second, states[1]), (first, states[0])):
        sources.undo_mirror(said, noor(), timezone.now())
        assert state_hash() == before
    with pytest.raises(AlreadyUndoneError, match="undone before"):
        sources.undo_mirror(first, noor(), timezone.now())


def test_undoing_closes_no_circle_either() -> None:
    port, copy = (sources.find_or_add(name, office()) for name in ("Port", "Copy"))
    say(copy, port)
    free = say(copy, None)
    say(port, copy)
    with pytest.raises(RecordsError, match="already copies"):
        sources.undo_mirror(free, noor(), timezone.now())
