"""What commits after a withdrawal saw it (trust: I2), with several tellers at work."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connections, transaction

from reknit.guard import consent
from reknit.guard.disclosure import Disclosed, Withheld
from reknit.guard.log import heads
from reknit.guard.models import Consent, Disclosure
from reknit.vocabulary import Assurance, How
from tests.guard.scene import a_scene
from tests.staff import noor

pytestmark = pytest.mark.django_db(databases=["default", "keys"], transaction=True)

TELLERS = 3
_PAUSE_SECONDS = 0.05  # SQLite's writers do not queue: who pauses lets others in


def test_nothing_is_told_after_a_withdrawal_though_others_are_telling() -> None:
    """Each teller has a transaction and a connection of its own, as another process would."""
    scene = a_scene()
    given = scene.agree()
    actor = noor().as_actor()
    stop = threading.Event()
    told: list[tuple[float, Disclosed | Withheld]] = []
    failures: list[BaseException] = []

    def tell() -> None:
        try:
            while not stop.is_set():
                began = time.monotonic()
                with transaction.atomic():
                    heads.lock()  # first, as each commit does
                    with transaction.atomic(using="keys"):
                        outcome = scene.tell(actor=actor)
                told.append((began, outcome))
                stop.wait(_PAUSE_SECONDS)
        except BaseException as failure:
            failures.append(failure)
        finally:
            connections.close_all()

    tellers = [threading.Thread(target=tell) for _ in range(TELLERS)]
    for teller in tellers:
        teller.start()
    while not any(isinstance(outcome, Disclosed) for _, outcome in told) and not failures:
        time.sleep(0.01)
    consent.withdraw(actor, given.id, how=How.TELEPHONE, assurance=Assurance.UNVERIFIED)
    withdrawn = time.monotonic()
    seen = len(told)
    while len(told) < seen + 2 * TELLERS and not failures:
        time.sleep(0.01)
    stop.set()
    for teller in tellers:
        teller.join()
    assert failures == []
    assert all(isinstance(outcome, Withheld) for began, outcome in told if began > withdrawn)
    at = Consent.objects.get(id=given.id).withdrawn_at
    assert at is not None
    assert not Disclosure.objects.filter(at__gt=at).exists()
