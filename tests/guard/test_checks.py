"""What `reknit check` says of swap and clock: there when it should be, and only then.

The keeper's own word on its memory is in test_keeper.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reknit.guard import checks
from reknit.records.models import Account
from reknit.settings import CONFIG
from tests.cast import IDRIS_FOUND
from tests.guard.scene import an_account

SWAPS = """\
Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority
/dev/reknit-test-disk                   partition\t1000\t\t0\t\t-2
/dev/reknit-test-dm-0                   partition\t1000\t\t0\t\t-3
/dev/reknit-test-dm-1                   partition\t1000\t\t0\t\t-4
/dev/zram0                              partition\t1000\t\t0\t\t100
"""
"""As proc(5) lists them: a plain disk, one that dm-crypt made, one that LVM made, memory."""


def found(name: str) -> list[checks.Finding]:
    return list(checks.CHECKS[name](CONFIG))


def test_swap_that_is_not_encrypted_is_named_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for device, made_by in {"dm-0": "CRYPT-PLAIN-cryptswap", "dm-1": "LVM-abc"}.items():
        about = tmp_path / f"reknit-test-{device}" / "dm"
        about.mkdir(parents=True)
        (about / "uuid").write_text(made_by)
    listed = tmp_path / "swaps"
    listed.write_text(SWAPS)
    monkeypatch.setattr(checks, "_SWAPS", listed)
    monkeypatch.setattr(checks, "_BLOCK_DEVICES", tmp_path)
    swaps = found("swap")
    assert [one.place for one in swaps] == ["/dev/reknit-test-disk", "/dev/reknit-test-dm-1"]
    assert all("not encrypted" in one.wrong and "dm-crypt" in one.mend for one in swaps)


@pytest.mark.parametrize("swaps", [SWAPS.splitlines(keepends=True)[0], None])
def test_where_nothing_is_swapped_there_is_nothing_to_mend(
    swaps: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = tmp_path / "swaps"
    if swaps is not None:
        listed.write_text(swaps)
    monkeypatch.setattr(checks, "_SWAPS", listed)
    assert found("swap") == []


@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.parametrize(("state", "kept"), [(0, True), (3, True), (5, False)])
def test_a_clock_that_nobody_keeps_is_named(
    state: int, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """adjtimex(2): 0 is a clock in step, 3 one with a leap second, 5 one that nothing keeps."""
    monkeypatch.setattr(checks, "_clock_state", lambda: state)
    said = [] if kept else ["no time service keeps it"]
    assert [one.wrong for one in found("clock")] == said


def test_the_kernel_is_asked_for_the_clocks_state() -> None:
    assert checks._clock_state() in range(6)


@pytest.mark.django_db(databases=["default", "keys"])
@pytest.mark.parametrize(
    ("ahead", "set_back"), [(timedelta(days=1), True), (timedelta(minutes=2), False)]
)
def test_a_record_of_tomorrow_says_that_the_clock_was_set_back(
    ahead: timedelta, set_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "_clock_state", lambda: 0)
    account = an_account(IDRIS_FOUND)
    Account.objects.filter(pk=account.pk).update(created_at=datetime.now(UTC) + ahead)
    assert any("the clock was set back" in one.wrong for one in found("clock")) is set_back
