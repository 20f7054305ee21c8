"""Wrap the ring's content key by passphrases: one, or two that must both be given.

Rules: each holder has a random share, sealed under a key made of the passphrase; the content key is
made of all shares, so that one holder alone opens nothing and can be told at once whether the
passphrase was right. A passphrase has at least LEAST_LETTERS characters.
Source: Argon2id with the second recommended setting of RFC 9106 (64 MiB, 3 passes).

>>> key, shares = new_shares({"Noor": "a long passphrase", "Rafi": "another long one"})
>>> holder, share = share_of("another long one", shares)
>>> holder
'Rafi'
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reknit.sealing.envelope import KEY_BYTES, Place, new_key, seal, unseal
from reknit.sealing.errors import PassphraseError, TamperedError

LEAST_LETTERS = 12
MOST_HOLDERS = 2
_PASSES, _MEMORY_KIB, _LANES = 3, 64 * 1024, 4


@dataclass(frozen=True, slots=True)
class Share:
    """One holder's part of the content key, sealed under the passphrase."""

    holder: str
    salt: bytes
    sealed: bytes


def new_shares(passphrases: Mapping[str, str]) -> tuple[bytes, list[Share]]:
    """A new content key (32 bytes) and the share of each holder, by name. Raises PassphraseError
    for a passphrase that is too short or given twice, or for too many holders."""
    if not 1 <= len(passphrases) <= MOST_HOLDERS:
        raise PassphraseError(f"a ring has one or {MOST_HOLDERS} key holders.")
    if len(set(passphrases.values())) < len(passphrases):
        raise PassphraseError("two key holders have the same passphrase; let each choose alone.")
    shares, parts = [], []
    for holder, passphrase in passphrases.items():
        if len(passphrase) < LEAST_LETTERS:
            raise PassphraseError(
                f"the passphrase of {holder} is too short; use {LEAST_LETTERS} characters or more."
            )
        salt, part = os.urandom(16), new_key()
        parts.append(part)
        shares.append(Share(holder, salt, seal(part, _key(passphrase, salt), _place(holder))))
    return content_key(parts), shares


def share_of(passphrase: str, shares: Sequence[Share]) -> tuple[str, bytes]:
    """Whose passphrase this is and the open share. Raises PassphraseError when it is nobody's."""
    for share in shares:
        key = _key(passphrase, share.salt)
        try:
            return share.holder, unseal(share.sealed, key, _place(share.holder))
        except TamperedError:
            continue
    raise PassphraseError("this passphrase is no key holder's; ask for it again.")


def content_key(parts: Sequence[bytes]) -> bytes:
    """The content key out of all open shares, in the order of their holders."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"reknit ring").derive(b"".join(parts))


def _key(passphrase: str, salt: bytes) -> bytes:
    return hash_secret_raw(
        passphrase.encode(), salt, _PASSES, _MEMORY_KIB, _LANES, KEY_BYTES, Type.ID
    )


def _place(holder: str) -> Place:
    return Place("key ring", holder, "share")
