"""Tells Django that the room exists, and guard to whom its rows belong."""

from __future__ import annotations

from uuid import UUID

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    """The room's rows live in tables named after it."""

    name = "reknit.casework"
    label = "casework"

    def ready(self) -> None:
        """A candidate is part of its enquiry's case, and so is the account that it names. Rules of
        need with a mistake stop the start."""
        from django.db.models import Exists, OuterRef, Q, QuerySet

        from reknit.casework import correspondence, need_rules
        from reknit.casework.models import (
            Ask,
            Bulk,
            Candidate,
            CandidateState,
            Claim,
            Companion,
            Edit,
            Letter,
            LetterState,
            Look,
            Move,
            Need,
            NeedStatement,
            Note,
            Sample,
            SavedFilter,
            Side,
            Skip,
            Takeover,
            Task,
            Transfer,
        )
        from reknit.guard import holdings, retention
        from reknit.guard.scoping import (
            Belongs,
            declare,
            declare_case,
            declare_held,
            rows_of_people_in_cases,
        )
        from reknit.intake.models import Registered
        from reknit.records.models import Account, Enquiry, MatchingModel

        need_rules.current()

        def candidates_of(cases: QuerySet[Enquiry]) -> Q:
            # By the account, each through its index: all candidates of an office are many.
            of_cases = Candidate.objects.filter(
                enquiry__in=cases.filter(closed_at=None), state=CandidateState.OPEN
            )
            beside = Companion.objects.filter(
                candidate__enquiry__in=cases.filter(closed_at=None),
                candidate__state=CandidateState.OPEN,
            )
            me = OuterRef("pk")
            return (
                Q(Exists(of_cases.filter(account=me)))
                # What a pair was before one of the two changed, to say what changed.
                | Q(Exists(of_cases.filter(returned__account=me)))
                | Q(Exists(of_cases.filter(returned__sought=me)))
                # Who was registered together with a candidate and has a relative's name.
                | Q(Exists(beside.filter(account=me)))
            )

        declare(MatchingModel, Belongs())
        declare(
            Candidate,
            Belongs(office=("enquiry__office",), case="enquiry", account=("account",)),
        )
        declare(Claim, Belongs(office=("enquiry__office",), case="enquiry", own="held_by"))
        of_case = Belongs(office=("enquiry__office",), case="enquiry")
        declare(Need, of_case)
        declare(Sample, Belongs(office=("office",)))
        declare(Look, Belongs(office=("sample__office",), own="by"))
        declare(SavedFilter, Belongs(own="owner"))
        retention.declare_saved_filters(SavedFilter)
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

        # The doors: what belongs to whoever holds a receipt code, besides what intake says.
        def registered(held: UUID) -> Q:
            return Q(account__in=Registered.objects.filter(registration=held).values("account"))

        def of_people_in_cases(cases: QuerySet[Enquiry]) -> Q:
            return Q(enquiry=None) & rows_of_people_in_cases("account", cases)

        holdings.declare_letters(correspondence.held_about)
        relayed = Q(state=LetterState.RELAYED, undone_at=None)
        declare(
            Letter,
            Belongs(
                office=("enquiry__office",), case="enquiry",
                account=("account", "enquiry__sought"),
            ),
        )  # fmt: skip
        declare_case(Letter, of_people_in_cases)
        declare_held(Letter, lambda held: relayed & Q(enquiry=held, to_side=Side.SEEKER))
        declare_held(Letter, lambda held: relayed & Q(to_side=Side.FOUND) & registered(held))
        declare(
            Ask,
            Belongs(office=("enquiry__office",), case="enquiry", own="by", account=("account",)),
        )
        declare_held(Ask, lambda held: Q(undone_at=None) & registered(held))
