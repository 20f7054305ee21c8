"""The only path from records to rows for an export.

Rules: each row needs its person's live consent to the scope "record" for that recipient, and is a
Disclosure of its own; whereabouts and contacts are in no row, whoever agreed to what: there is no
bulk of them (docs/trust/refusals.md); what is withheld is counted by reason, not named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reknit.guard import vault
from reknit.guard.commits import commit
from reknit.guard.disclosure import Disclosed, disclose
from reknit.guard.reasons import Reason
from reknit.records.models import Account
from reknit.vocabulary import Actor, Purpose, Recipient, Scope


@dataclass(frozen=True, slots=True)
class Released:
    """Rows in the contract's columns, and how many people were withheld, by reason."""

    rows: tuple[Mapping[str, Any], ...]
    withheld: Mapping[Reason, int]


def release(
    actor: Actor, accounts: Sequence[Account], purpose: Purpose, recipient: Recipient
) -> Released:
    """The rows of those accounts whose people agreed to it; all in one transaction. People beyond
    the actor's quota of the day are withheld for that reason.

    Raises AuditUnavailableError, LockedError.
    """

    def work() -> Released:
        rows: list[Mapping[str, Any]] = []
        withheld: Counter[Reason] = Counter()
        for account in accounts:
            told = disclose(actor, account, purpose, recipient, scope=Scope.RECORD)
            if isinstance(told, Disclosed):
                rows += [_without_vault(row) for row in told.values]
            else:
                withheld[told.reason] += 1
        return Released(tuple(rows), dict(withheld))

    return commit(work)


def _without_vault(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without columns of the vault, should one ever stand in a record."""
    return {name: value for name, value in row.items() if name not in vault.COLUMNS}
