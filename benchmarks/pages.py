"""How long the server takes for each page, and how much it sends, with 100,000 people on record.

Rules: a fresh installation, served by `reknit serve` as anybody would run it; the found come in
through an import, the sought through another, so that each has an enquiry, and the jobs have looked
for their candidates before anything is measured. Every page that one of ROLES can open by its
address is asked for TIMES times over HTTP, one at a time, and so are searches; the time is from
asking to the last byte. A page weighs what a first visit brings, compressed: itself, and each file
of ours that it names.

    python -m benchmarks --only pages [--quick] [--records PEOPLE]
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.load import RAISED, served, step
from benchmarks.targets import PAGE_KB, PAGE_MS, PAGES, SEARCH_MS
from reknit.synth import synthesise
from reknit.vocabulary import Purpose, Role

NAME = PAGES
PEOPLE, QUICK_PEOPLE = 78_000, 1_000
"""On whom 100,000 lists' rows come in."""
ENQUIRIES, QUICK_ENQUIRIES = 5_000, 100
TIMES, QUICK_TIMES = 20, 3
SEED = 83
MOST_SETTLING_SECONDS = 1_800
ROLES = (Role.SUPERVISOR, Role.CASEWORKER, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR)
_FILE = re.compile(r'(?:src|href)="(/static/[^"#?]+)')


def run(bench: Bench) -> Iterator[Figure]:
    """The slowest page, searches, and the heaviest page; each page's own time as a line."""
    folder = bench.scratch / NAME
    folder.mkdir(parents=True, exist_ok=True)
    people = bench.records or (QUICK_PEOPLE if bench.quick else PEOPLE)
    made = synthesise(people=people, seed=SEED, scenario="crossing")
    made.found.write_csv(folder / "found.csv")
    sought = made.sought.head(QUICK_ENQUIRIES if bench.quick else ENQUIRIES)
    sought.write_csv(folder / "sought.csv")
    times = QUICK_TIMES if bench.quick else TIMES
    environment = {**os.environ, **RAISED, "REKNIT_DATA": str(folder / "data")}
    module = "benchmarks.pages"
    step(environment, "fill", folder, module=module)
    with served(environment) as (_process, address):
        step(environment, "settle", module=module)
        asked = json.loads(step(environment, "addresses", folder, module=module))
        yield Figure(NAME, OURS, "people on record", asked["people"])
        yield Figure(NAME, OURS, "enquiries", asked["enquiries"])
        host = urlsplit(address).netloc
        timed: dict[str, float] = {}
        weighed: dict[str, float] = {}
        for name, place, headers in asked["pages"]:
            seconds, body = _asked(host, "GET", place, headers, "", times)
            timed[name] = _p95_ms(seconds)
            weighed[name] = _weight(host, body) / 1000
        seconds = []
        for _name, place, headers, form in asked["searches"]:
            seconds += _asked(host, "POST", place, headers, form, 1)[0]
    slowest, heaviest = (max(of, key=of.__getitem__) for of in (timed, weighed))
    yield Figure(NAME, OURS, "pages", len(timed))
    yield Figure(NAME, OURS, PAGE_MS, timed[slowest])
    yield Figure(NAME, OURS, SEARCH_MS, _p95_ms(seconds))
    yield Figure(NAME, OURS, PAGE_KB, weighed[heaviest])
    for name in sorted(timed, key=timed.__getitem__, reverse=True)[:8]:
        yield Figure(NAME, OURS, f"{name}, p95, ms", timed[name])
    yield Figure(NAME, OURS, f"{heaviest}, kB", weighed[heaviest])


def _asked(
    host: str, method: str, place: str, headers: Mapping[str, str], form: str, times: int
) -> tuple[list[float], bytes]:
    """Seconds of each of `times` askings after two to warm up, and the last body."""
    seconds = []
    for number in range(times + (2 if times > 1 else 0)):
        connection = http.client.HTTPConnection(host, timeout=60)
        started = time.perf_counter()
        connection.request(method, place, form or None, dict(headers))
        answer = connection.getresponse()
        body = answer.read()
        took = time.perf_counter() - started
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{place}: {answer.status}")
        if times == 1 or number >= 2:
            seconds.append(took)
    return seconds, body


def _p95_ms(seconds: list[float]) -> float:
    return float(np.percentile(seconds, 95)) * 1000


def _weight(host: str, body: bytes) -> int:
    """Bytes of a first visit: the page and the files that it names, compressed."""
    weight = len(gzip.compress(body))
    for place in sorted(set(_FILE.findall(body.decode()))):
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("GET", place, headers={"Accept-Encoding": "gzip"})
        weight += len(connection.getresponse().read())
        connection.close()
    return weight


def fill(folder: Path) -> None:
    """Bring both lists in, and one of each other thing."""
    from reknit.intake import imports
    from reknit.records.models import AccountKind
    from tests.staff import NORD, staff
    from tests.web.everything import everything

    importer = staff(Role.SUPERVISOR)
    for kind in (AccountKind.FOUND, AccountKind.SOUGHT):
        batch = imports.start(
            importer.as_actor(), (folder / f"{kind.value}.csv").read_bytes(), f"{kind.value}.csv",
            f"Port, {kind.value}", kind, purpose=Purpose.REGISTRATION, why="invented people",
            most_bytes=imports.MOST_COMMAND_BYTES,
        )  # fmt: skip
        imports.wait_for(batch, lambda _step, _share: None)
    things = {name: str(thing) for name, thing in everything(NORD).items()}
    (folder / "things.json").write_text(json.dumps(things))


def settle() -> None:
    """Wait until the jobs have looked for everybody's candidates."""
    from django.utils import timezone

    from reknit.queue.models import Job, JobState

    until = time.monotonic() + MOST_SETTLING_SECONDS
    due = Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING])
    while due.filter(run_at__lte=timezone.now()).exists():
        assert time.monotonic() < until, "jobs are not done in time"
        time.sleep(0.5)


def addresses(folder: Path) -> None:
    """Print the pages to ask for, with their headers, and the searches, as JSON."""
    from django.conf import settings
    from django.db.models import Count
    from django.urls import reverse

    from reknit.casework import assignments
    from reknit.casework.models import Candidate
    from reknit.guard.permissions import Permission, granted
    from reknit.records.models import Account, Enquiry
    from reknit.web.routes import all_routes, declared_of
    from tests.staff import staff
    from tests.web.signing_in import signed_in

    settings.ALLOWED_HOSTS.append("testserver")
    things = json.loads((folder / "things.json").read_text())
    worker, supervisor = staff(Role.CASEWORKER), staff(Role.SUPERVISOR)
    busiest = (
        Candidate.objects.filter(enquiry__removed_at=None).values("enquiry")
        .annotate(number=Count("pk")).order_by("-number", "enquiry")
    )  # fmt: skip
    cases = [row["enquiry"] for row in busiest[:200]]
    assignments.assign(supervisor.as_actor(), cases, worker)
    candidate = Candidate.objects.filter(enquiry=cases[0]).order_by("-probability").first()
    assert candidate is not None
    things |= {"enquiry_id": str(cases[0]), "candidate_id": str(candidate.pk),
               "account_id": str(candidate.account_id)}  # fmt: skip
    pages, searches = [], []
    for role in ROLES:
        user = staff(role)
        client = signed_in(user)
        client.get("/")
        cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        headers = {"Cookie": cookies}
        purpose = (
            Purpose.DATA_PROTECTION if role is Role.DATA_PROTECTION_OFFICER
            else Purpose.FAMILY_TRACING
        )  # fmt: skip
        for route in all_routes():
            declared = declared_of(route.callback)
            if isinstance(declared, Permission) and granted(declared, user.as_actor()) is None:
                continue
            if not set(route.pattern.converters) <= set(things):
                continue
            given = {name: things[name] for name in route.pattern.converters}
            place = f"{reverse(str(route.name), kwargs=given)}?purpose={purpose.value}"
            answer = client.get(place)
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                pages.append((f"{route.name} ({role.value})", place, headers))
        if role is Role.CASEWORKER:
            token = client.cookies[settings.CSRF_COOKIE_NAME].value
            sending = headers | {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": token,
            }
            searches = [
                ("search", "/search/", sending, urlencode(one)) for one in _searches(folder)
            ]
    print(
        json.dumps(
            {
                "people": Account.objects.count(),
                "enquiries": Enquiry.objects.count(),
                "pages": pages,
                "searches": searches,
            }
        )
    )


def _searches(folder: Path) -> list[dict[str, str]]:
    from benchmarks.load import asked_of

    return [
        {**row, "kind": "found", "purpose": Purpose.FAMILY_TRACING.value}
        for row in asked_of(folder / "sought.csv")[:50]
    ]


def main(arguments: list[str]) -> None:
    """One step, in a process of the installation that the environment names."""
    from reknit.cli.application import start_django

    start_django(Path(os.environ["REKNIT_DATA"]))
    match arguments:
        case ["fill", folder]:
            fill(Path(folder))
        case ["settle"]:
            settle()
        case ["addresses", folder]:
            addresses(Path(folder))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
