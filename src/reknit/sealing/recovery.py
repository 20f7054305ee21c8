"""Recovery codes: printed once, kept on paper, they open the copy of the ring made for them.

Rules: the copy is sealed to the codes' public half, so that a rotation can renew it without them;
where two people hold the keys there are two codes, and both are needed; a slip of the pen is
noticed by the code's checksum before anything is tried.
Sources: X25519 (RFC 7748) and HKDF (RFC 5869) as in a sealed box; letters of Crockford's base 32.

>>> code = new_code()
>>> ring = sealed_to(public_half([code]), b"ring")
>>> opened_with([code.lower()], ring)
b'ring'
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reknit.sealing.errors import PassphraseError

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SECRET_BYTES, _CHECK_BYTES, _GROUP = 32, 3, 4
_DIGITS = (8 * (_SECRET_BYTES + _CHECK_BYTES)) // 5
_NONCE = bytes(12)
"""Each key seals one message only: it is derived from a fresh ephemeral key."""


def new_code() -> str:
    """256 random bits and a checksum, as 14 groups of four letters."""
    secret = os.urandom(_SECRET_BYTES)
    number = int.from_bytes(secret + _check(secret))
    digits = [_LETTERS[number >> 5 * place & 31] for place in reversed(range(_DIGITS))]
    text = "".join(digits)
    return "-".join(text[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def public_half(codes: Sequence[str]) -> bytes:
    """What the ring keeps of the codes (32 bytes), in the order they were made."""
    return _private(codes).public_key().public_bytes_raw()


def sealed_to(public: bytes, message: bytes) -> bytes:
    """Seal a message so that only the codes open it: ephemeral public key, then AES-256-GCM."""
    ephemeral = X25519PrivateKey.generate()
    mine = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    return mine + AESGCM(_derive(shared, mine + public)).encrypt(_NONCE, message, None)


def opened_with(codes: Sequence[str], sealed: bytes) -> bytes:
    """The message, codes in any order. Raises PassphraseError where they are not the right ones."""
    theirs, body = sealed[:32], sealed[32:]
    for order in (list(codes), list(reversed(codes))):
        private = _private(order)
        public = private.public_key().public_bytes_raw()
        try:
            shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
            return AESGCM(_derive(shared, theirs + public)).decrypt(_NONCE, body, None)
        except (InvalidTag, ValueError):
            continue
    raise PassphraseError(
        "the recovery codes do not open this copy of the ring; "
        "give all codes that were printed with it."
    )


def _private(codes: Sequence[str]) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(
        _derive(b"".join(map(_secret, codes)), b"reknit recovery")
    )


def _secret(code: str) -> bytes:
    """The random bits of a code as somebody typed it. Raises PassphraseError for a slip."""
    text = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_MISREAD)
    if len(text) == _DIGITS and set(text) <= set(_LETTERS):
        number = 0
        for letter in text:
            number = number << 5 | _LETTERS.index(letter)
        whole = number.to_bytes(_SECRET_BYTES + _CHECK_BYTES)
        if _check(whole[:_SECRET_BYTES]) == whole[_SECRET_BYTES:]:
            return whole[:_SECRET_BYTES]
    raise PassphraseError(
        f"this is no recovery code: it has {_DIGITS} letters and digits, and one may be "
        "miswritten; compare it with the paper."
    )


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"reknit recovery code" + secret).digest()[:_CHECK_BYTES]


def _derive(secret: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret)
