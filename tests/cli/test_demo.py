"""`reknit demo`: a scenario imported and matched, served, and a link for each role."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.installation import Installation, new_installation, stop

pytestmark = pytest.mark.database


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Installation]:
    with new_installation(tmp_path) as installation:
        yield installation


def test_it_refuses_to_be_reached_from_elsewhere(there: Installation) -> None:
    refused = there.reknit("demo", "--host", "0.0.0.0", code=1)  # noqa: S104
    assert "this machine" in refused.stderr


def test_it_leaves_an_installation_with_people_alone(there: Installation) -> None:
    there.reknit("users", "add", "noor@nord.example", "--role", "caseworker", "--office", "Nord")
    refused = there.reknit("demo", "--data", str(there.data), code=1)
    assert "no demonstration's" in refused.stderr


def test_it_serves_a_matched_scenario_and_signs_in_through_its_links(there: Installation) -> None:
    process = there.start("-m", "reknit", "demo", "--people", "50", "--port", "0")
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if "Administrator" in line:
                break
        text = "".join(lines)
        ready = re.search(r"READY (http://\S+)", text)
        link = re.search(r"Noor, caseworker: (http://\S+)", text)
        assert ready is not None, text
        assert link is not None, text
        with urllib.request.urlopen(ready[1] + "/healthz") as answer:  # noqa: S310
            assert answer.status == 200
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with opener.open(link[1]) as page:
            assert page.url == ready[1] + "/queue/"
            queue = page.read().decode()
            assert "data-open" in queue
            assert 'class="band band-1"' in queue
        with opener.open(ready[1] + "/enquiries/") as page:
            assert page.status == 200
            assert "/enquiries/" in page.read().decode()
        with opener.open(ready[1] + "/messages/") as page:
            assert "data-row" in page.read().decode()
        with pytest.raises(urllib.error.HTTPError, match="404"):
            opener.open(link[1].rstrip("/")[:-3] + "xyz/")
    finally:
        stop(process)
    matched = there.run(
        "from reknit.casework.models import Candidate; "
        "print(Candidate.objects.filter(probability__gt=0.5).count())"
    )
    assert int(matched) > 10
    views = there.run(
        "from django.utils import timezone; from reknit.casework import queue; "
        "from reknit.records.models import User; "
        "noor = User.objects.get(email='noor@demo.example').as_actor(); "
        "print(min(queue.counts(noor, queue.Filter(), timezone.now()).values()))"
    )
    assert int(views) > 0, "each view of the demonstration's caseworker has work in it"


def test_it_has_no_such_link_outside_a_demonstration() -> None:
    from django.urls import NoReverseMatch, reverse

    with pytest.raises(NoReverseMatch):
        reverse("demo_enter", args=["token"])
