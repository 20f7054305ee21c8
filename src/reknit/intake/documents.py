"""Documents and photos: taken in re-encoded, without metadata, sealed on disk.

Rules: a picture is decoded and written anew, so that nothing but its pixels comes in (no EXIF, no
position, no second file hidden in it); a PDF becomes pictures of its pages (`pages`); anything
else is refused, and so is what is larger, or swells larger, than a document is. Who comes with a
receipt code adds a fixed number at most, counted before anything is decoded. No face is ever
looked for.

    document = add(actor, data, "Identity card", "scan.jpg", enquiry=enquiry)
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from reknit.guard import access, audit, commits, subjects
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.intake.errors import RefusedUploadError
from reknit.intake.pages import as_pictures
from reknit.intake.uploads import place_of
from reknit.records.models import Account, Document, Enquiry
from reknit.sealing import files
from reknit.sealing import records as sealing
from reknit.vocabulary import Actor, ActorKind, Purpose

MOST_BYTES = 20_000_000
MOST_PIXELS = 25_000_000
MOST_FROM_A_CODE = 20
"""Documents that whoever holds a receipt code may add, those taken out since included."""
MOST_LISTED = 50
_PICTURES = ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP")
_JPEG_QUALITY = 88


@dataclass(frozen=True, slots=True)
class ReEncoded:
    """Pixels and nothing else, in a format of ours."""

    data: bytes
    media_type: str


def re_encode(data: bytes) -> ReEncoded:
    """A picture or PDF, written anew. Raises RefusedUploadError."""
    if len(data) > MOST_BYTES:
        raise RefusedUploadError(
            _("this file has %(number)s MB and %(most)s MB is the most; save it smaller.")
            % {"number": f"{len(data) / 1e6:.0f}", "most": MOST_BYTES // 1_000_000}
        )
    if data[:1024].lstrip().startswith(b"%PDF"):
        return ReEncoded(as_pictures(data), "application/pdf")
    return _picture(data)


def add(
    actor: Actor,
    data: bytes,
    title: str,
    original_name: str,
    *,
    account: Account | None = None,
    enquiry: Enquiry | None = None,
) -> Document:
    """Keep a document with an account or an enquiry that the actor has in hand.

    Raises RefusedUploadError, NotPermittedError, LockedError.
    """
    access.require(actor, Permission.DOCUMENT_ADD)
    if actor.kind is ActorKind.PUBLIC:
        _count(Document.objects.filter(account=account, enquiry=enquiry, added_by=None))
    made = re_encode(data)

    def keep() -> Document:
        document = Document(
            account=account,
            enquiry=enquiry,
            media_type=made.media_type,
            size=len(made.data),
            added_by_id=actor.user_id,
        )
        sealing.seal([document], [{"title": title, "original_name": original_name}])
        files.seal(document, made.data, place_of(document))
        document.save(force_insert=True)
        audit.record(
            actor,
            Permission.DOCUMENT_ADD.action,
            Resource.of(document),
            Purpose.FAMILY_TRACING,
            bytes=len(made.data),
        )
        return document

    return commits.commit(keep)


def _count(added: QuerySet[Document]) -> None:
    if added.count() >= MOST_FROM_A_CODE:
        raise RefusedUploadError(
            _("you have added %(most)s, which is the most; write to staff if there is more.")
            % {"most": MOST_FROM_A_CODE}
        )


@dataclass(frozen=True, slots=True)
class Listed:
    """A document and what it is, as whoever added it said."""

    document: Document
    title: str

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it as it is."""
        return self.document.media_type.startswith("image/")


def of_enquiry(actor: Actor, enquiry: Enquiry) -> list[Listed]:
    """Those of a case that the actor may list. Raises what `titled` raises."""
    return _listed(actor, Q(enquiry=enquiry))


def of_both(
    actor: Actor, enquiry: Enquiry, candidate: Account
) -> tuple[list[Listed], list[Listed]]:
    """Of the case and whoever is sought in it; of all accounts held to be the candidate. Raises
    what `titled` raises."""
    sought = Q(account__in=subjects.versions_of(enquiry.sought_id))
    same = Q(account__identity_id=candidate.identity_id)
    return _listed(actor, Q(enquiry=enquiry) | sought), _listed(actor, same & ~sought)


def _listed(actor: Actor, which: Q) -> list[Listed]:
    rows = _there().filter(which).order_by("-added_at", "pk")
    return titled(actor, access.visible(actor, Permission.DOCUMENT_LIST, rows)[:MOST_LISTED])


def titled(actor: Actor, documents: Iterable[Document]) -> list[Listed]:
    """Each with its title, which is audited as listed, not as opened.

    Raises NotPermittedError, QuotaExceededError, AuditUnavailableError, ErasedError, LockedError.
    """
    shown = list(documents)
    said = access.read(actor, Permission.DOCUMENT_LIST, shown, purpose=Purpose.FAMILY_TRACING)
    return [Listed(one, content["title"]) for one, content in zip(shown, said, strict=True)]


@dataclass(frozen=True, slots=True)
class Opened:
    """A document in hand."""

    title: str
    media_type: str
    data: bytes


def open(actor: Actor, document_id: UUID) -> Opened:
    """A document's bytes. Raises NotPermittedError, QuotaExceededError, AuditUnavailableError,
    ErasedError, LockedError."""
    rows = _there()
    purpose = Purpose.FAMILY_TRACING
    document = access.load(actor, Permission.DOCUMENT_READ, rows, document_id, purpose=purpose)
    (content,) = access.read(actor, Permission.DOCUMENT_READ, [document], purpose=purpose)
    data = files.unseal(document, place_of(document))
    return Opened(content["title"], document.media_type, data)


def remove(actor: Actor, document_id: UUID, reason: str) -> None:
    """Take a document out; retention erases it later, until then it can be put back.

    Raises NotPermittedError, also where it was taken out before; ErasedError, LockedError.
    """

    def take_out() -> None:
        document = _loaded(actor, document_id, removed=False)
        (content,) = sealing.unseal([document])
        _leave(document, timezone.now(), {**content, "remove_reason": reason})
        _audit(actor, Permission.DOCUMENT_REMOVE.action, document)

    commits.commit(take_out)


def put_back(actor: Actor, document_id: UUID) -> None:
    """Undo `remove`: the document is there again, as it was. Raises as `remove` does."""

    def put() -> None:
        document = _loaded(actor, document_id, removed=True)
        (content,) = sealing.unseal([document])
        content.pop("remove_reason", None)
        _leave(document, None, content)
        _audit(actor, "document:put_back", document)

    commits.commit(put)


def _loaded(actor: Actor, document_id: UUID, *, removed: bool) -> Document:
    rows = Document.objects.exclude(removed_at=None) if removed else _there()
    return access.load(
        actor, Permission.DOCUMENT_REMOVE, rows, document_id,
        purpose=Purpose.FAMILY_TRACING, lock=True,
    )  # fmt: skip


def _there() -> QuerySet[Document]:
    return Document.objects.filter(removed_at=None)


def _leave(
    document: Document, removed_at: dt.datetime | None, content: Mapping[str, object]
) -> None:
    sealing.reseal([document], [content])
    document.removed_at = removed_at
    document.save(update_fields=["removed_at", "sealed"])


def _audit(actor: Actor, action: str, document: Document) -> None:
    audit.record(actor, action, Resource.of(document), Purpose.FAMILY_TRACING)


def _picture(data: bytes) -> ReEncoded:
    try:
        with Image.open(io.BytesIO(data), formats=_PICTURES) as picture:
            width, height = picture.size
            if width * height > MOST_PIXELS:
                raise RefusedUploadError(_too_large())
            ImageOps.exif_transpose(picture, in_place=True)
            return _written(picture)
    except UnidentifiedImageError:
        raise RefusedUploadError(
            _("this is neither a picture nor a PDF; save it as JPEG, PNG or PDF.")
        ) from None
    except Image.DecompressionBombError:  # far more pixels than Pillow itself takes
        raise RefusedUploadError(_too_large()) from None
    except (OSError, ValueError, SyntaxError):
        raise RefusedUploadError(_("this picture is damaged; save it again and retry.")) from None


def _too_large() -> str:
    return _(
        "this picture has more than %(most)s million pixels, which is the most; save it smaller."
    ) % {"most": MOST_PIXELS // 1_000_000}


def _written(picture: Image.Image) -> ReEncoded:
    out = io.BytesIO()
    see_through = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if see_through else "RGB"
    pixels = picture if picture.mode == mode else picture.convert(mode)
    pixels.info.clear()  # what Pillow would write along: comments, profiles, dates
    if see_through:
        pixels.save(out, "PNG")
        return ReEncoded(out.getvalue(), "image/png")
    pixels.save(out, "JPEG", quality=_JPEG_QUALITY)
    return ReEncoded(out.getvalue(), "image/jpeg")
