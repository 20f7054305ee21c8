"""Sources and what they copy.

Rules: a mirror counts once: a source stands for the one that its chain of mirrors ends in.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from reknit.records.errors import RecordsError
from reknit.records.models import Office, Source
from reknit.vocabulary import LegalBasis


def find_or_add(
    name: str, office: Office, *, legal_basis: LegalBasis = LegalBasis.PUBLIC_INTEREST
) -> Source:
    """The source of that name; a new one, kept by `office`, when there is none."""
    return Source.objects.get_or_create(
        name=" ".join(name.split()), defaults={"office": office, "legal_basis": legal_basis.value}
    )[0]


def set_mirror(source: Source, original: Source | None) -> None:
    """Say that `source` copies `original` (None: that it copies nobody).

    Raises RecordsError when that would close a circle.
    """
    if original is not None and source.id in chain(original.id):
        raise RecordsError(
            _("%(name)s: %(original)s already copies it; a source cannot mirror itself.")
            % {"name": source.name, "original": original.name}
        )
    source.mirrors = original
    source.save(update_fields=["mirrors"])


def chain(source_id: UUID) -> list[UUID]:
    """The source, the one it mirrors, and so on to the original."""
    copies = dict(Source.objects.exclude(mirrors=None).values_list("id", "mirrors_id"))
    found = [source_id]
    while (original := copies.get(found[-1])) is not None and original not in found:
        found.append(original)
    return found


def independent(source_ids: Iterable[UUID]) -> int:
    """How many sources speak, mirrors counted once."""
    return len({chain(source_id)[-1] for source_id in source_ids})
