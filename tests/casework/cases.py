"""Cases of Noor's with candidates whose scores the test says, without an index.

((first, second),) = some_candidates([[0.9, 0.4]])     # one case, two candidates
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reknit.casework.models import Candidate
from reknit.records.models import Account, AccountKind, Enquiry
from reknit.sealing import records
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT
from tests.guard.scene import an_account, an_enquiry
from tests.staff import NORD, noor

EVIDENCE: tuple[dict[str, str | float], ...] = (
    {"field": "name", "weight": 14.5, "sentence": "“إدريس حداد” and “Idris Haddad”: the same."},
    {"field": "birth", "weight": 8.25, "sentence": "Birth: born 1987, and born 1987: same day."},
    {"field": "home", "weight": -2.5, "sentence": "Home: Homs, and Hama: another town."},
    {"field": "sex", "weight": 0.0, "sentence": "Sex: not known, and not known."},
)
PRIOR = -12.0


def candidate_of(enquiry: Enquiry, account: Account, probability: float = 0.9) -> Candidate:
    """A candidate of the enquiry, with evidence, as the job would have left it."""
    weight = sum(float(line["weight"]) for line in EVIDENCE)
    made = Candidate(
        enquiry=enquiry, sought=enquiry.sought, account=account,
        probability=probability, match_weight=weight, model_version="test",
    )  # fmt: skip
    records.seal([made], [{"evidence": list(EVIDENCE), "prior_weight": PRIOR}])
    made.save(force_insert=True)
    return made


def a_candidate(
    found: Mapping[str, str] = IDRIS_FOUND, office_name: str = NORD, probability: float = 0.9
) -> Candidate:
    """Idris as he was found, beside Idris as he is sought, in Noor's hands."""
    sought = an_account(IDRIS_SOUGHT, AccountKind.SOUGHT, office_name)
    account = an_account(found, AccountKind.FOUND, office_name)
    return candidate_of(an_enquiry(sought, noor()), account, probability)


def some_candidates(scores: Sequence[Sequence[float]]) -> list[list[Candidate]]:
    """For each case its candidates, with these scores."""
    made = []
    for of_case in scores:
        enquiry = an_enquiry(an_account(IDRIS_SOUGHT, AccountKind.SOUGHT), noor())
        made.append([candidate_of(enquiry, an_account(IDRIS_FOUND), p) for p in of_case])
    return made
