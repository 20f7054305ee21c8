"""Look again at some of the office's judgements, chosen by chance, without seeing what was judged.

Rules: the drawing is recorded with its seed and can be done again; whoever looks has not judged it
themselves, sees the two people and neither verdict, score, reason nor colleague until they have
said what they see; who disagrees says why. What comes out is how often two people who look at the
same pair agree, for the whole sample, with how sure that is: never a figure about a colleague. A
look changes no judgement: who finds one wrong takes it back on the case.

    sample = draw(supervisor, size=20, days=30)
    look(supervisor, first.id, Verdict.NO_MATCH, "the fathers differ")
    agreement(sample)

>>> interval(18, 20)
(0.699, 0.972)
"""

from __future__ import annotations

import datetime as dt
import random
import secrets
from dataclasses import dataclass
from math import sqrt
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from reknit.casework.errors import CaseworkError
from reknit.casework.models import Look, Sample
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Account, Judgement, Verdict
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, Purpose

MOST = 200
_PURPOSE = Purpose.QUALITY
_SURE = 1.959964  # standard deviations on both sides of 95 %


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the two agree. low, high: between which shares it lies with 95 % certainty, None
    where nothing was looked at."""

    size: int
    looked: int
    agreed: int
    low: float | None
    high: float | None


def draw(actor: Actor, *, size: int, days: int) -> Sample:
    """Choose `size` of the judgements that others made in the actor's office in the last days, or
    all where there are fewer.

    Raises NotPermittedError, CaseworkError where there is none or the size is none to draw.
    """
    if not 1 <= size <= MOST:
        raise CaseworkError(_("sample: draw 1 to %(most)s judgements.") % {"most": MOST})

    def choose() -> Sample:
        access.require(actor, Permission.SAMPLE_DRAW, purpose=_PURPOSE)
        now = timezone.now()
        since, seed = now - dt.timedelta(days=days), secrets.randbits(62)
        ids = list(_judgements(actor, since).order_by("pk").values_list("pk", flat=True))
        if not ids or actor.office_id is None:
            raise CaseworkError(_("sample: nobody else judged anything in that time; take longer."))
        chosen = drawn(ids, min(size, len(ids)), seed)
        sample = Sample.objects.create(
            office_id=actor.office_id, drawn_by_id=access.staff_id(actor), drawn_at=now,
            since=since, seed=seed, population=len(ids), size=len(chosen),
        )  # fmt: skip
        looks = [
            Look(sample=sample, judgement_id=pk, number=number)
            for number, pk in enumerate(chosen, 1)
        ]
        sealing.seal(looks, [{"reason": ""}] * len(looks))
        Look.objects.bulk_create(looks)
        audit.record(
            actor, Permission.SAMPLE_DRAW.action, Resource.of(sample), _PURPOSE,
            population=len(ids), size=len(chosen),
        )  # fmt: skip
        return sample

    return commits.commit(choose)


def drawn(ids: list[UUID], size: int, seed: int) -> list[UUID]:
    """Which are chosen: the same ids in the same order, size and seed choose the same."""
    return random.Random(seed).sample(ids, size)


def shown(actor: Actor, look_id: UUID) -> tuple[Look, dict[str, Any], dict[str, Any]]:
    """The two people of one judgement, and nothing of what was judged. Audited.

    Raises NotPermittedError, CaseworkError for one's own judgement.
    """
    row = _loaded(actor, look_id)
    one, other = row.judgement.one, row.judgement.other
    left, right = access.read(actor, Permission.ACCOUNT_READ, [one, other], purpose=_PURPOSE)
    return row, left, right


def look(actor: Actor, look_id: UUID, verdict: Verdict, reason: str) -> Look:
    """Say what one sees; then the first verdict is shown.

    Raises NotPermittedError, CaseworkError for one's own judgement, one that was looked at, or a
    disagreement without a reason.
    """

    def see() -> Look:
        row = _loaded(actor, look_id, lock=True)
        if row.verdict:
            raise CaseworkError(_("sample: it was looked at already; take that back first."))
        if verdict != row.judgement.verdict and not reason.strip():
            raise CaseworkError(_("sample: your colleague saw it otherwise; say what you see."))
        row.verdict, row.by_id, row.at = verdict, access.staff_id(actor), timezone.now()
        sealing.reseal([row], [{"reason": reason.strip()}])
        row.save(update_fields=["verdict", "by", "at", "sealed"])
        audit.record(actor, "sample:look", Resource.of(row), _PURPOSE)
        return row

    return commits.commit(see)


def undo(actor: Actor, look_id: UUID) -> Look:
    """Take one's look back. Raises NotPermittedError, CaseworkError where it is not one's own."""

    def back() -> Look:
        row = _loaded(actor, look_id, lock=True)
        if row.by_id != actor.user_id:
            raise CaseworkError(_("sample: somebody else looked at it; they can take it back."))
        row.verdict, row.by, row.at = "", None, None
        sealing.reseal([row], [{"reason": ""}])
        row.save(update_fields=["verdict", "by", "at", "sealed"])
        audit.record(actor, "sample:undo", Resource.of(row), _PURPOSE)
        return row

    return commits.commit(back)


def looks(actor: Actor, sample: Sample) -> list[tuple[Look, str]]:
    """All of a sample in the order of the drawing, those that were looked at with their reason."""
    rows = Look.objects.filter(sample=sample).select_related("judgement").order_by("number")
    done = [row for row in rows if row.verdict]
    contents = access.read(actor, Permission.SAMPLE_READ, done, purpose=_PURPOSE)
    reasons = {row.pk: said["reason"] for row, said in zip(done, contents, strict=True)}
    return [(row, reasons.get(row.pk, "")) for row in rows]


def agreement(sample: Sample) -> Agreement:
    """Of the whole sample. Nobody's own figure can be asked for."""
    rows = Look.objects.filter(sample=sample).exclude(verdict="")
    looked = rows.count()
    agreed = rows.filter(verdict=F("judgement__verdict")).count()
    low, high = interval(agreed, looked) if looked else (None, None)
    return Agreement(sample.size, looked, agreed, low, high)


def interval(agreed: int, looked: int) -> tuple[float, float]:
    """Between which shares the true one lies with 95 % certainty (E. B. Wilson, Probable Inference,
    the Law of Succession, and Statistical Inference, JASA 22, 1927): right for small samples, too.
    """
    share, z2 = agreed / looked, _SURE**2
    middle = share + z2 / (2 * looked)
    half = _SURE * sqrt(share * (1 - share) / looked + z2 / (4 * looked**2))
    whole = 1 + z2 / looked
    return round((middle - half) / whole, 3), round((middle + half) / whole, 3)


def _judgements(actor: Actor, since: dt.datetime) -> QuerySet[Judgement]:
    """Made by others of the office, not undone, about people whom the actor may open."""
    people = Account.objects.filter(removed_at=None)
    readable = access.visible(actor, Permission.ACCOUNT_READ, people).values("pk")
    rows = Judgement.objects.filter(
        one__in=readable, other__in=readable, at__gte=since, undone_at=None
    )
    return access.visible(actor, Permission.SAMPLE_DRAW, rows).exclude(by=actor.user_id)


def _loaded(actor: Actor, look_id: UUID, *, lock: bool = False) -> Look:
    rows = Look.objects.select_related("judgement__one", "judgement__other")
    row = access.load(actor, Permission.SAMPLE_DRAW, rows, look_id, purpose=_PURPOSE, lock=lock)
    if row.judgement.by_id == actor.user_id:
        raise CaseworkError(_("sample: you judged it yourself; let a colleague look at it."))
    return row
