"""How somebody reviews: which key does what, whether the score is hidden until they decided.

Rules: each act has one key and no key two acts, nor is one taken that the pages use already; what
is kept holds on every machine; an office can require that everybody reviews blind, and then nobody
chooses.

>>> read_keys({"match": "y", "no_match": "n"})["match"], USUAL["undo"]
('y', 'z')
>>> read_keys({"match": "n"})
Traceback (most recent call last):
reknit.casework.errors.KeysError: match and no_match: both on the key "n"; give each its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from reknit.casework.errors import KeysError
from reknit.casework.models import BlindOffice, Reviewer
from reknit.guard import access, audit, commits
from reknit.guard.audit import Resource
from reknit.guard.permissions import Permission
from reknit.records.models import Office
from reknit.vocabulary import Actor, Purpose

USUAL: Mapping[str, str] = MappingProxyType(
    {"match": "m", "no_match": "n", "unsure": "u", "skip": "s", "undo": "z", "back": "b"}
)
"""The acts of the review screen, and the key of each unless the reviewer chose another."""
TAKEN = "/"
"""Keys that every page uses: the search field's."""


@dataclass(frozen=True, slots=True)
class Way:
    """How one member of staff reviews. keys: by act; empty where keys are off.

    required: their office requires it blind.
    """

    keys: Mapping[str, str]
    chosen: Mapping[str, str]
    keys_on: bool
    blind: bool
    required: bool


def way_of(actor: Actor) -> Way:
    """The actor's own, or the usual one."""
    own = Reviewer.objects.filter(user=actor.user_id).first() or Reviewer()
    required = BlindOffice.objects.filter(office=actor.office_id).exists()
    chosen = {**USUAL, **own.keys}
    return Way(chosen if own.keys_on else {}, chosen, own.keys_on, own.blind or required, required)


def read_keys(wanted: Mapping[str, str]) -> dict[str, str]:
    """A key for each act, small letters; acts that are not named keep their usual one.

    Raises KeysError, which names the acts, for a key that is none or that two acts share.
    """
    keys = dict(USUAL)
    for act, key in wanted.items():
        if act not in USUAL:
            raise KeysError(f"{act}: no act of the review screen; they are {', '.join(USUAL)}.")
        key = key.strip().casefold()
        if len(key) != 1 or not key.isprintable() or key.isspace() or key in TAKEN:
            raise KeysError(f"{act}: choose one letter, figure or sign; / belongs to the search.")
        keys[act] = key
    by_key: dict[str, str] = {}
    for act, key in keys.items():
        if key in by_key:
            raise KeysError(f'{by_key[key]} and {act}: both on the key "{key}"; give each its own.')
        by_key[key] = act
    return keys


def choose(actor: Actor, keys: Mapping[str, str], *, keys_on: bool, blind: bool) -> None:
    """Keep how the actor reviews. Raises KeysError; then nothing was changed."""
    said = {"keys": read_keys(keys), "keys_on": keys_on, "blind": blind}
    Reviewer.objects.update_or_create(user_id=access.staff_id(actor), defaults=said)


def require_blind(actor: Actor, required: bool) -> None:
    """Say whether everybody in the actor's office reviews blind. Raises NotPermittedError."""

    def decide() -> None:
        office = access.load(
            actor, Permission.REVIEW_SET, Office, actor.office_id, purpose=Purpose.QUALITY
        )
        if required:
            BlindOffice.objects.get_or_create(
                office=office, defaults={"by_id": access.staff_id(actor)}
            )
        else:
            BlindOffice.objects.filter(office=office).delete()
        about = Resource("office", str(office.pk))
        action = Permission.REVIEW_SET.action
        audit.record(actor, action, about, Purpose.QUALITY, blind=required)

    commits.commit(decide)
