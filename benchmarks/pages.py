"""How long the server takes for each page, and how much it sends, with 100,000 people on record.

Rules: first a fresh installation is prepared: the found come in through an import, the sought
through another, so that each has an enquiry, and every job that is due runs to its end. Then it is
served by `reknit serve` as anybody would run it, and every page that one of the roles, or a visitor
at a public door, can open by its address is asked for over HTTP, one at a time, LOOKS times after
twice to warm up; the SLOWEST of them, and searches, TIMES times more. Two times are told of a page:
wall, from asking to the last byte, and the processor time of all processes of `reknit serve` (not
of PostgreSQL's), which counts also where others keep the machine busy. A page weighs
what a first visit brings, compressed: itself, and each file of ours that it names.

    python -m benchmarks --only pages [--quick] [--records PEOPLE] [--prepared DIR]

With --prepared what was prepared is kept in DIR, and the next run measures a copy of it. Where
REKNIT_DATABASE names an empty PostgreSQL database, it is prepared and measured there:

    python tools/with_postgres.py python -m benchmarks --only pages
"""

from __future__ import annotations

import gzip
import http.client
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import numpy as np

from benchmarks.bench import OURS, Bench, Figure
from benchmarks.load import RAISED, processor_seconds, served, step
from benchmarks.targets import (
    CANDIDATES_OF_LIST,
    CANDIDATES_PROCESSOR,
    CANDIDATES_RATE,
    PAGE_KB,
    PAGE_MS,
    PAGE_PROCESSOR_MS,
    PAGES,
    SEARCH_MS,
)
from reknit.synth import synthesise
from reknit.vocabulary import Purpose, Role

ON_POSTGRES = bool(os.environ.get("REKNIT_DATABASE"))
NAME = f"{PAGES}, {'PostgreSQL' if ON_POSTGRES else 'SQLite'}"
SEARCHED = f"{CANDIDATES_OF_LIST}, {'PostgreSQL' if ON_POSTGRES else 'SQLite'}"
PEOPLE, QUICK_PEOPLE = 78_000, 1_000
"""On whom 100,000 lists' rows come in."""
ENQUIRIES, QUICK_ENQUIRIES = 5_000, 100
LOOKS, QUICK_LOOKS = 3, 1
TIMES, QUICK_TIMES = 20, 3
SLOWEST = 8
SEED = 83
MODULE = "benchmarks.pages"
NO_PAGE_OF_OURS = {"account_logout", "enquiry_pdf"}
"""One ends the session; the other is a file."""
_FILE = re.compile(r'(?:src|href)="(/static/[^"#?]+)')


@dataclass(frozen=True, slots=True)
class Asked:
    """What was measured of one page: wall seconds of each answer, processor seconds of all."""

    seconds: list[float]
    processor: float
    body: bytes

    @property
    def p95_ms(self) -> float:
        """Of the wall times."""
        return float(np.percentile(self.seconds, 95)) * 1000

    @property
    def processor_ms(self) -> float:
        """An answer, in the mean."""
        return self.processor / len(self.seconds) * 1000


@dataclass(frozen=True, slots=True)
class Page:
    """One question to the server."""

    name: str
    method: str
    place: str
    headers: Mapping[str, str]
    form: str = ""


def run(bench: Bench) -> Iterator[Figure]:
    """The slowest page, searches, and the heaviest page; the slowest pages' own times as lines."""
    people = bench.records or (QUICK_PEOPLE if bench.quick else PEOPLE)
    enquiries = QUICK_ENQUIRIES if bench.quick else ENQUIRIES
    folder = bench.prepared or bench.scratch / NAME
    if not _is_prepared(folder, people, enquiries):
        yield from _prepare(folder, people, enquiries)
    data = folder / "data"
    if bench.prepared and not ON_POSTGRES:
        data = Path(shutil.copytree(data, bench.scratch / "served"))
    environment = _environment(data)
    looks, times = (QUICK_LOOKS, QUICK_TIMES) if bench.quick else (LOOKS, TIMES)
    with served(environment) as (process, address):
        asked = json.loads(step(environment, "addresses", folder, module=MODULE))
        yield Figure(NAME, OURS, "people on record", asked["people"])
        yield Figure(NAME, OURS, "enquiries", asked["enquiries"])
        host = urlsplit(address).netloc
        pages = [Page(*one) for one in asked["pages"]]
        measured = {}
        for number, page in enumerate(pages):
            _tell(f"asking for pages: {number + 1} of {len(pages)}")
            measured[page.name] = _ask(host, process, [page] * looks, warm=2)
        slowest = {}
        for page in _slowest(pages, measured):
            _tell(f"asking again for the slowest: {page.name}")
            slowest[page.name] = _ask(host, process, [page] * times)
        weights = {name: _weight(host, one.body) / 1000 for name, one in measured.items()}
        searches = _ask(host, process, [Page(*one) for one in asked["searches"]], warm=2)
    yield from _figures(slowest, weights, searches)


def _slowest(pages: Sequence[Page], measured: Mapping[str, Asked]) -> list[Page]:
    """Those that take most of the processor, and those that take longest: a database's own
    processes are not the server's."""
    by_processor = sorted(pages, key=lambda one: -measured[one.name].processor_ms)
    by_clock = sorted(pages, key=lambda one: -min(measured[one.name].seconds))
    chosen = {page.name: page for page in (*by_processor[:SLOWEST], *by_clock[:SLOWEST])}
    return list(chosen.values())


def _figures(
    slowest: Mapping[str, Asked], weights: Mapping[str, float], searches: Asked
) -> Iterator[Figure]:
    by_processor = sorted(slowest, key=lambda name: -slowest[name].processor_ms)
    heaviest = max(weights, key=weights.__getitem__)
    yield Figure(NAME, OURS, "pages", len(weights))
    yield Figure(NAME, OURS, PAGE_MS, max(one.p95_ms for one in slowest.values()))
    yield Figure(NAME, OURS, PAGE_PROCESSOR_MS, slowest[by_processor[0]].processor_ms)
    yield Figure(NAME, OURS, SEARCH_MS, searches.p95_ms)
    yield Figure(NAME, OURS, "search page, processor time, ms", searches.processor_ms)
    yield Figure(NAME, OURS, PAGE_KB, weights[heaviest])
    by_clock = sorted(slowest, key=lambda name: -slowest[name].p95_ms)
    for name in dict.fromkeys([*by_clock[:3], *by_processor[:3]]):
        yield Figure(NAME, OURS, f"{name}, p95, ms", slowest[name].p95_ms)
        yield Figure(NAME, OURS, f"{name}, processor time, ms", slowest[name].processor_ms)
    yield Figure(NAME, OURS, f"{heaviest}, kB", weights[heaviest])


def _is_prepared(folder: Path, people: int, enquiries: int) -> bool:
    said = folder / "prepared.json"
    if not said.exists():
        return False
    if json.loads(said.read_text()) != [people, enquiries]:
        raise RuntimeError(f"{folder}: prepared for other numbers; give an empty folder.")
    return True


def _prepare(folder: Path, people: int, enquiries: int) -> Iterator[Figure]:
    folder.mkdir(parents=True, exist_ok=True)
    _tell("inventing people")
    made = synthesise(people=people, seed=SEED, scenario="crossing")
    made.found.write_csv(folder / "found.csv")
    made.sought.head(enquiries).write_csv(folder / "sought.csv")
    # The steps' own progress goes to this process's standard error.
    said = json.loads(
        step(_environment(folder / "data"), "fill", folder, module=MODULE, shows=True)
    )
    (folder / "prepared.json").write_text(json.dumps([people, enquiries]))
    yield Figure(SEARCHED, OURS, CANDIDATES_RATE, enquiries / said["seconds"])
    yield Figure(SEARCHED, OURS, CANDIDATES_PROCESSOR, said["processor"] / enquiries * 1000)


def _environment(data: Path) -> dict[str, str]:
    return {**os.environ, **RAISED, "REKNIT_DATA": str(data)}


def _tell(what: str) -> None:
    print(f"pages: {what}", file=sys.stderr, flush=True)


def _ask(host: str, process: int, pages: Sequence[Page], warm: int = 0) -> Asked:
    """Ask one after the other; the first `warm` of them are asked once before, uncounted."""
    for page in pages[:warm]:
        _answer(host, page)
    seconds = []
    before = processor_seconds(process)
    for page in pages:
        started = time.perf_counter()
        body = _answer(host, page)
        seconds.append(time.perf_counter() - started)
    return Asked(seconds, processor_seconds(process) - before, body)


def _answer(host: str, page: Page) -> bytes:
    connection = http.client.HTTPConnection(host, timeout=60)
    connection.request(page.method, page.place, page.form or None, dict(page.headers))
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{page.place}: {answer.status}")
    return body


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
    """Bring both lists in, run what is due, and add one of each other thing. Prints how long the
    candidates and the need of the sought took, wall and processor seconds, as JSON."""
    from reknit.casework import bulk
    from reknit.guard import searching
    from reknit.intake import imports
    from reknit.queue import cancel
    from reknit.queue.models import Job, JobState
    from reknit.records.models import AccountKind
    from tests.staff import NORD, staff
    from tests.web.everything import everything

    importer = staff(Role.SUPERVISOR)
    took: dict[str, float] = {}
    for kind in (AccountKind.FOUND, AccountKind.SOUGHT):
        batch = imports.start(
            importer.as_actor(), (folder / f"{kind.value}.csv").read_bytes(), f"{kind.value}.csv",
            f"Port, {kind.value}", kind, purpose=Purpose.REGISTRATION, why="invented people",
            most_bytes=imports.MOST_COMMAND_BYTES,
        )  # fmt: skip
        imports.wait_for(batch, _shows(f"importing {kind.value}"))
        _tell("building the index")
        searching.ask(AccountKind.FOUND, {"full_name": "Nobody Here"})
        wall, processor = time.perf_counter(), time.process_time()
        _work_off()
        took = {"seconds": time.perf_counter() - wall,
                "processor": time.process_time() - processor}  # fmt: skip
    things = {name: str(thing) for name, thing in everything(NORD).items()}
    for job in Job.objects.filter(name=bulk.JOB, state=JobState.WAITING):
        cancel(job.id)  # it would give one caseworker every case
    _work_off()
    (folder / "things.json").write_text(json.dumps(things))
    print(json.dumps(took))


def _work_off() -> None:
    """Every job that is due, to its end; one that fails ends the benchmark."""
    from django.utils import timezone

    from reknit.jobs.handlers import HANDLERS
    from reknit.queue.models import Job, JobState
    from reknit.queue.worker import work_through

    due = Job.objects.filter(state=JobState.WAITING)
    while (job := due.filter(run_at__lte=timezone.now()).order_by("run_at").first()) is not None:
        state = work_through(job.id, HANDLERS[job.name], _shows(job.name))
        if state is not JobState.DONE:
            raise SystemExit(f"the job {job.name!r} ended as {state.value}.")


def _shows(what: str) -> Callable[[str, float], None]:
    """Progress, a line for each tenth."""
    told = -1

    def show(_step: str, share: float) -> None:
        nonlocal told
        if int(share * 10) > told:
            told = int(share * 10)
            _tell(f"{what}: {share:.0%}")

    return show


def addresses(folder: Path) -> None:
    """Print the pages to ask for, with their headers, and the searches, as JSON."""
    from django.conf import settings
    from django.db.models import Count
    from django.test import Client
    from django.urls import reverse

    from reknit.casework import assignments
    from reknit.casework.models import Candidate
    from reknit.guard.permissions import Permission, granted
    from reknit.records.models import Account, Enquiry
    from reknit.web.routes import PUBLIC, all_routes, declared_of
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
    for role in (None, *Role):
        client = Client() if role is None else signed_in(staff(role))
        client.get("/")
        cookies = "; ".join(f"{name}={one.value}" for name, one in client.cookies.items())
        headers = {"Cookie": cookies}
        purpose = (
            Purpose.DATA_PROTECTION if role is Role.DATA_PROTECTION_OFFICER
            else Purpose.FAMILY_TRACING
        )  # fmt: skip
        for route in all_routes():
            declared = declared_of(route.callback)
            may = role is not None and (
                not isinstance(declared, Permission)
                or granted(declared, staff(role).as_actor()) is not None
            )
            if not (may or declared == PUBLIC) or route.name in NO_PAGE_OF_OURS:
                continue
            if not set(route.pattern.converters) <= set(things):
                continue
            given = {name: things[name] for name in route.pattern.converters}
            place = f"{reverse(str(route.name), kwargs=given)}?purpose={purpose.value}"
            answer = client.get(place)
            if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                who = "visitor" if role is None else role.value
                pages.append((f"{route.name} ({who})", "GET", place, headers))
        if role is Role.CASEWORKER:
            token = client.cookies[settings.CSRF_COOKIE_NAME].value
            sending = headers | {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": token,
            }
            searches = [
                ("search", "POST", "/search/", sending, urlencode(one)) for one in _searches(folder)
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
        case ["addresses", folder]:
            addresses(Path(folder))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
