"""Sources and what they copy.

Rules: a mirror counts once: a source stands for the one that its chain of mirrors ends in; what a
source copies is said by somebody, and what was said last can be undone. Callers (intake) ask guard
first and write the audit entry in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from reknit.records.errors import AlreadyUndoneError, RecordsError
from reknit.records.models import Batch, Mirroring, Office, Source, User
from reknit.sealing.prepared import Prepared
from reknit.vocabulary import LegalBasis


def find_or_add(
    name: str, office: Office, *, legal_basis: LegalBasis = LegalBasis.PUBLIC_INTEREST
) -> Source:
    """The source of that name; a new one, kept by `office`, when there is none."""
    called = " ".join(name.split())
    known = _CALLED.first(called)
    if known is not None:
        return known
    return Source.objects.get_or_create(
        name=called, defaults={"office": office, "legal_basis": legal_basis.value}
    )[0]


def _called(name: str) -> QuerySet[Source]:
    return Source.objects.filter(name=name)


_CALLED = Prepared(_called, str)


def named(name: str) -> Source | None:
    """The source of that name, whatever its spaces and capitals; None when there is none."""
    called = Source.objects.filter(name__iexact=" ".join(name.split()))
    return called.order_by("created_at").first()


def set_mirror(
    source: Source, original: Source | None, by: User, *, batch: Batch | None = None
) -> Mirroring | None:
    """Say that `source` copies `original` (None: that it copies nobody), in the caller's
    transaction; None where that is what was said before.

    batch: the import with which it was said. Raises RecordsError when that would close a circle.
    """
    source = _locked(source.pk)
    if source.mirrors_id == (None if original is None else original.pk):
        return None
    before = source.mirrors
    _point(source, original)
    return Mirroring.objects.create(
        source=source, original=original, before=before, by=by, batch=batch
    )


def undo_mirror(mirroring: Mirroring, by: User, at: datetime) -> None:
    """Take back what was said last of a source; it copies again what it did before.

    Raises AlreadyUndoneError, and RecordsError when something was said since, or when that would
    close a circle.
    """
    source = _locked(mirroring.source_id)
    mirroring.refresh_from_db()
    if mirroring.undone_at is not None:
        raise AlreadyUndoneError(_("%(name)s: it was undone before.") % {"name": source.name})
    if last_said(source) != mirroring:
        raise RecordsError(
            _("%(name)s: something else was said since; take that back first.")
            % {"name": source.name}
        )
    _point(source, mirroring.before)
    mirroring.undone_by, mirroring.undone_at = by, at
    mirroring.save(update_fields=["undone_by", "undone_at"])


def last_said(source: Source) -> Mirroring | None:
    """What was said last of what a source copies, and not taken back."""
    return Mirroring.objects.filter(source=source, undone_at=None).order_by("-at").first()


def chain(source_id: UUID) -> list[UUID]:
    """The source, the one it mirrors, and so on to the original."""
    return _followed(source_id, _copies())


def independent(source_ids: Iterable[UUID]) -> int:
    """How many sources speak, mirrors counted once."""
    copies = _copies()
    return len({_followed(source_id, copies)[-1] for source_id in source_ids})


def _copies() -> dict[UUID, UUID]:
    return dict(Source.objects.exclude(mirrors=None).values_list("id", "mirrors_id"))


def _followed(source_id: UUID, copies: Mapping[UUID, UUID]) -> list[UUID]:
    found = [source_id]
    while (original := copies.get(found[-1])) is not None and original not in found:
        found.append(original)
    return found


def _locked(source_id: UUID) -> Source:
    """The source, all of them kept from whoever says so of another at this moment: two who are
    each right alone could close a circle together. Who only brings in a list does not wait."""
    rows = Source.objects.select_for_update(no_key=True).order_by("pk")
    return next(row for row in rows if row.pk == source_id)


def _point(source: Source, original: Source | None) -> None:
    if original is not None and source.pk in chain(original.pk):
        raise RecordsError(
            _("%(name)s: %(original)s already copies it; a source cannot mirror itself.")
            % {"name": source.name, "original": original.name}
        )
    source.mirrors = original
    source.save(update_fields=["mirrors"])
