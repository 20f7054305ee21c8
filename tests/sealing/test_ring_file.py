"""The ring's file: whole, its owner's alone, in clear or under passphrases, recoverable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from reknit.sealing import recovery
from reknit.sealing.errors import LockedError, NoRingError, PassphraseError, TamperedError
from reknit.sealing.ring import KEPT_DAYS, KeyRing
from reknit.sealing.ring_file import RingFile
from reknit.sealing.sources import Variable, holder_of, source_of

TODAY = date(2026, 11, 26)
NOOR, RAFI = "correct horse battery", "staple of another kind"


@pytest.fixture
def file(tmp_path: Path) -> RingFile:
    return RingFile(tmp_path / "keyring.json")


def test_a_ring_in_clear_comes_back(file: RingFile) -> None:
    ring = KeyRing.new()
    file.make(ring, {})
    assert file.open(()).ring == ring
    assert file.path.stat().st_mode & 0o777 == 0o600


def test_an_existing_ring_is_never_overwritten_by_a_new_one(file: RingFile) -> None:
    file.make(KeyRing.new(), {})
    with pytest.raises(FileExistsError):
        file.make(KeyRing.new(), {})


def test_a_file_that_others_may_read_is_not_opened(file: RingFile) -> None:
    file.make(KeyRing.new(), {})
    file.path.chmod(0o640)
    with pytest.raises(LockedError, match="chmod 600"):
        file.open(())


def test_one_holder_opens_it_alone(file: RingFile) -> None:
    ring = KeyRing.new()
    file.make(ring, {"Noor": NOOR})
    assert file.holders() == ["Noor"]
    assert file.open([NOOR]).ring == ring
    with pytest.raises(PassphraseError):
        file.open(["no such passphrase"])


def test_two_holders_must_both_give_theirs_in_any_order(file: RingFile) -> None:
    ring = KeyRing.new()
    file.make(ring, {"Noor": NOOR, "Rafi": RAFI})
    assert file.open([RAFI, NOOR]).ring == ring
    for alone, missing in ((NOOR, "Rafi"), (RAFI, "Noor")):
        with pytest.raises(LockedError, match=missing):
            file.open([alone])
        with pytest.raises(LockedError, match=missing):
            file.open([alone, alone])


@pytest.mark.parametrize(
    "passphrases", [{"Noor": "short"}, {"Noor": NOOR, "Rafi": NOOR}, dict.fromkeys("abc", NOOR)]
)
def test_it_takes_no_weak_passphrase_and_no_third_holder(
    file: RingFile, passphrases: dict[str, str]
) -> None:
    with pytest.raises(PassphraseError):
        file.make(KeyRing.new(), passphrases)
    assert not file.exists()


def test_a_wrapped_file_shows_no_key(file: RingFile) -> None:
    ring = KeyRing.new()
    file.make(ring, {"Noor": NOOR})
    clear = RingFile(file.path.with_name("clear"))
    clear.make(ring, {})
    shown = set(clear.path.read_bytes().split(b'"'))
    long = {part for part in shown if len(part) > 40}
    assert len(long) == 3
    assert not long & set(file.path.read_bytes().split(b'"'))


def test_a_changed_file_is_noticed(file: RingFile) -> None:
    file.make(KeyRing.new(), {"Noor": NOOR})
    text = file.path.read_bytes()
    at = text.rindex(b'"sealed":"') + 40
    file.path.write_bytes(
        text[:at] + (b"A" if text[at : at + 1] != b"A" else b"B") + text[at + 1 :]
    )
    with pytest.raises(TamperedError):
        file.open([NOOR])


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b'{"format": 1}', b"\xff\xfe", b"{" * 9])
def test_nonsense_is_no_ring(file: RingFile, text: bytes) -> None:
    file.path.write_bytes(text)
    file.path.chmod(0o600)
    with pytest.raises(NoRingError):
        file.open(())


def test_the_recovery_code_brings_a_rotated_ring_back(file: RingFile) -> None:
    code = recovery.new_code()
    ring = replace(KeyRing.new(), recovery=recovery.public_half([code]))
    opened = file.make(ring, {"Noor": NOOR})
    turned = ring.rotated(TODAY)
    file.replace(replace(opened, ring=turned))
    file.path.unlink()
    assert file.recover([code.lower().replace("-", " ")]) == turned


def test_two_codes_are_both_needed(file: RingFile) -> None:
    codes = [recovery.new_code(), recovery.new_code()]
    ring = replace(KeyRing.new(), recovery=recovery.public_half(codes))
    file.make(ring, {})
    assert file.recover(list(reversed(codes))) == ring
    for alone in codes:
        with pytest.raises(PassphraseError):
            file.recover([alone])


def test_a_slip_in_a_code_is_told_before_anything_is_tried() -> None:
    code = recovery.new_code()
    slipped = code[:5] + ("0" if code[5] != "0" else "1") + code[6:]
    with pytest.raises(PassphraseError, match="miswritten"):
        recovery.public_half([slipped])


def test_an_old_version_opens_for_thirty_days_and_then_goes() -> None:
    ring = KeyRing.new()
    [(key, wrapped)] = ring.new_keys(["2f1c"])
    turned = ring.rotated(TODAY)
    assert turned.unwrap([wrapped]) == [key]
    assert turned.without_old(TODAY + timedelta(days=KEPT_DAYS), set()).unwrap([wrapped]) == [key]
    later = TODAY + timedelta(days=KEPT_DAYS + 1)
    assert turned.without_old(later, {1}).unwrap([wrapped]) == [key]
    with pytest.raises(TamperedError, match="version 1"):
        turned.without_old(later, set()).unwrap([wrapped])


def test_a_data_key_moved_to_another_id_is_refused() -> None:
    ring = KeyRing.new()
    [(_, one), (_, other)] = ring.new_keys(["2f1c", "9a01"])
    with pytest.raises(TamperedError):
        ring.unwrap([replace(one, key_id=other.key_id)])


def test_a_ring_comes_from_a_variable_or_a_plug(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = KeyRing.new()
    monkeypatch.setenv("OUR_RING", ring.to_json().decode())
    assert holder_of(source_of("env:OUR_RING")) == ring
    monkeypatch.delenv("OUR_RING")
    with pytest.raises(NoRingError, match="OUR_RING"):
        Variable("OUR_RING").open()
    assert holder_of(source_of("plug:reknit.sealing.ring:KeyRing.new")).verify_key()
    with pytest.raises(NoRingError, match="plug:nowhere:at_all"):
        source_of("plug:nowhere:at_all").open(())


def test_no_ring_shows_its_keys_when_it_is_printed() -> None:
    ring = KeyRing.new()
    assert repr(ring.signing) not in repr(ring)
