"""Tells Django that the room exists, and guard to whom its rows belong."""

from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The room's rows live in tables named after it."""

    name = "reknit.casework"
    label = "casework"

    def ready(self) -> None:
        """A candidate is part of its enquiry's case, and so is the account that it names. Rules of
        need with a mistake stop the start."""
        from django.db.models import Q, QuerySet

        from reknit.casework import need_rules
        from reknit.casework.models import (
            Bulk,
            Candidate,
            CandidateState,
            Claim,
            Companion,
            Edit,
            Move,
            Need,
            NeedStatement,
            Note,
            SavedFilter,
            Skip,
            Takeover,
            Task,
            Transfer,
        )
        from reknit.guard.scoping import Belongs, declare, declare_case
        from reknit.records.models import Account, Enquiry, MatchingModel

        need_rules.current()

        def candidates_of(cases: QuerySet[Enquiry]) -> Q:
            of_cases = Candidate.objects.filter(
                enquiry__in=cases.filter(closed_at=None), state=CandidateState.OPEN
            )
            # What a pair was before one of the two changed, to say what changed.
            back = of_cases.filter(returned__isnull=False)
            # Who was registered together with a candidate and has a relative's name.
            beside = Companion.objects.filter(candidate__in=of_cases)
            return (
                Q(pk__in=of_cases.values("account"))
                | Q(pk__in=back.values("returned__account"))
                | Q(pk__in=back.values("returned__sought"))
                | Q(pk__in=beside.values("account"))
            )

        declare(MatchingModel, Belongs())
        declare(
            Candidate,
            Belongs(office=("enquiry__office",), case="enquiry", account=("account",)),
        )
        declare(Claim, Belongs(office=("enquiry__office",), case="enquiry", own="held_by"))
        of_case = Belongs(office=("enquiry__office",), case="enquiry")
        declare(Need, of_case)
        declare(SavedFilter, Belongs(own="owner"))
        declare(Bulk, Belongs(office=("office",), own="by"))
        # Offered to an office, a case is not its own yet: what it sees is the offer.
        declare(Transfer, Belongs(office=("from_office", "to_office"), own="asked_by"))
        declare(NeedStatement, of_case)
        declare(Takeover, Belongs(office=("enquiry__office",), case="enquiry", own="held_by"))
        declare(
            Skip,
            Belongs(
                office=("candidate__enquiry__office",), own="by", case="candidate__enquiry",
                account=("candidate__account",),
            ),
        )  # fmt: skip
        for model in (Move, Edit, Task, Note):
            declare(
                model,
                Belongs(office=("enquiry__office",), case="enquiry", account=("enquiry__sought",)),
            )
        declare_case(Account, candidates_of)
