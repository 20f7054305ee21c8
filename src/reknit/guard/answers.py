"""What a seeker sees: one of four words, and news where there is some (trust: I3).

Rules: absent, refused and blocked read the same, byte for byte, and take the same time: the page
reads one row that every enquiry has, written at fixed hours (`publish`), and nothing else. Only
where that row says "news" is anything else read, and then each piece is decided anew, so that what
was withdrawn since is not shown, and the word is "searching" again.

>>> at = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
>>> word_of(Progress(received_at=at), at).value
'received'
>>> word_of(Progress(received_at=at), at + dt.timedelta(hours=6)).value
'searching'
>>> word_of(Progress(received_at=at, news=True), at + dt.timedelta(hours=6)).value
'news'
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from reknit.guard import access, disclosure, log
from reknit.guard.commits import commit
from reknit.guard.disclosure import PUBLIC_HOURS
from reknit.guard.log import Resource
from reknit.guard.models.disclosures import Disclosure, SeekerAnswer
from reknit.guard.permissions import Permission
from reknit.records.models import Enquiry
from reknit.vocabulary import SYSTEM, Actor, Purpose

_AT_ONCE = 500


class Word(StrEnum):
    """All that a seeker is told about how it stands."""

    RECEIVED = "received"
    SEARCHING = "searching"
    NEEDS_SOMETHING = "we need something from you"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Progress:
    """What the word is made of; nothing else goes into it.

    news: something was told to this seeker on a consent that still holds.
    needs_something: staff asked the seeker for something.
    """

    received_at: dt.datetime
    needs_something: bool = False
    news: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A seeker's page: the word, as of which fixed hour, and the news."""

    word: Word
    as_of: dt.datetime
    news: tuple[Mapping[str, Any], ...] = ()

    def __bytes__(self) -> bytes:
        said = {"word": self.word.value, "as_of": self.as_of.isoformat(), "news": self.news}
        return json.dumps(said, ensure_ascii=False, sort_keys=True).encode()


def word_of(progress: Progress, as_of: dt.datetime) -> Word:
    """The one word, at a fixed hour."""
    if progress.news:
        return Word.NEWS
    if progress.needs_something:
        return Word.NEEDS_SOMETHING
    if last_publication(as_of) <= progress.received_at:
        return Word.RECEIVED
    return Word.SEARCHING


def last_publication(at: dt.datetime) -> dt.datetime:
    """The fixed hour at or before a time.

    >>> last_publication(dt.datetime(2026, 11, 26, 5, 59, tzinfo=dt.UTC)).hour
    0
    """
    day = at.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0)
    return day.replace(hour=max(hour for hour in PUBLIC_HOURS if hour <= day.hour))


def show(enquiry_id: UUID, at: dt.datetime | None = None) -> Shown:
    """What the page of an enquiry says now; the door has checked the seeker's receipt code.

    Raises Enquiry.DoesNotExist, AuditUnavailableError and LockedError (only where there is news).
    """
    now = at or timezone.now()
    row = SeekerAnswer.objects.filter(enquiry_id=enquiry_id).first()
    if row is None or row.as_of is None:
        received = Enquiry.objects.values_list("created_at", flat=True).get(id=enquiry_id)
        return Shown(word_of(Progress(received), last_publication(now)), last_publication(now))
    if row.word != Word.NEWS:
        return Shown(Word(row.word), row.as_of)
    told = disclosure.tell_again(enquiry_id, now)
    if not told:
        return Shown(Word.SEARCHING, row.as_of)
    news = tuple({"scope": piece.scope.value, "values": list(piece.values)} for piece in told)
    return Shown(Word.NEWS, row.as_of, news)


def publish(at: dt.datetime | None = None) -> int:
    """Write every enquiry's word as of the last fixed hour; how many. Run as a job at each one.

    Run late or twice it writes the same.
    """
    hour = last_publication(at or timezone.now())
    told = _told_by(hour)
    count = 0
    rows = Enquiry.objects.filter(created_at__lte=hour).order_by("id")
    needing = set(
        SeekerAnswer.objects.filter(needs_something=True).values_list("enquiry_id", flat=True)
    )
    ids = list(rows.values_list("id", "created_at"))
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        commit(partial(_write, part, needing, told, hour))
        count += len(part)
    return count


def ask_seeker(actor: Actor, enquiry_id: UUID, needs_something: bool) -> None:
    """Staff need something from the seeker, or have it; shown from the next fixed hour on.

    Raises NotPermittedError.
    """

    def work() -> None:
        enquiry = access.load(
            actor,
            Permission.ENQUIRY_CHANGE,
            Enquiry,
            enquiry_id,
            purpose=Purpose.FAMILY_TRACING,
        )
        SeekerAnswer.objects.update_or_create(
            enquiry=enquiry,
            defaults={"needs_something": needs_something},
            create_defaults={"needs_something": needs_something, "word": Word.RECEIVED.value},
        )
        log.record(
            actor,
            "seeker:ask",
            Resource.of(enquiry),
            Purpose.FAMILY_TRACING,
            needs_something=needs_something,
        )

    commit(work)


def _told_by(hour: dt.datetime) -> set[UUID]:
    """Enquiries with something told to their seeker by that hour, on a ground that still holds."""
    rows = Disclosure.objects.filter(published_at__lte=hour, enquiry__isnull=False)
    asked: set[UUID] = set()
    for row in rows.select_related("account").order_by("at"):
        if row.enquiry_id is None or row.enquiry_id in asked:
            continue
        if disclosure.still_holds(row, timezone.now()):
            asked.add(row.enquiry_id)
    return asked


def _write(
    part: list[tuple[UUID, dt.datetime]], needing: set[UUID], told: set[UUID], hour: dt.datetime
) -> None:
    answers = []
    for enquiry_id, received_at in part:
        progress = Progress(received_at, enquiry_id in needing, enquiry_id in told)
        answers.append(
            SeekerAnswer(
                enquiry_id=enquiry_id,
                word=word_of(progress, hour).value,
                needs_something=progress.needs_something,
                as_of=hour,
            )
        )
    SeekerAnswer.objects.bulk_create(
        answers,
        update_conflicts=True,
        unique_fields=["enquiry"],
        update_fields=["word", "as_of"],
    )
    log.record(
        SYSTEM, "answer:publish", Resource("answer", "many"), Purpose.FAMILY_TRACING,
        count=len(answers),
    )  # fmt: skip
