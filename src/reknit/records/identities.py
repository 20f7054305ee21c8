"""Identities: which accounts are one person, by the judgements that stand.

Rules: accounts are never merged; an identity is a connected component of accounts under matches
that count, and versions of one account belong together. It is computed anew from the judgements
each time one is made or undone, so undoing splits exactly what the judgement had joined. An
identity's id is the smallest id among its accounts that are no later versions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from reknit.records.models import Account, Judgement, Verdict

Pair = tuple[UUID, UUID]


def standing(account_ids: Iterable[UUID]) -> dict[Pair, Judgement]:
    """For each judged pair that touches these accounts the judgement that counts: the latest that
    was not undone and, where two people are needed, was confirmed. Pairs are in ascending order."""
    ids = list(account_ids)
    touching = Judgement.objects.filter(Q(one__in=ids) | Q(other__in=ids), undone_at=None)
    counted = touching.exclude(needs_two=True, confirmed_by=None).order_by("at", "id")
    return {pair_of(judgement): judgement for judgement in counted}


def pair_of(judgement: Judgement) -> Pair:
    """The two accounts in ascending order."""
    first, second = sorted((judgement.one_id, judgement.other_id))
    return first, second


def settle(account_ids: Iterable[UUID]) -> set[UUID]:
    """Compute anew the identities that these accounts are, or were, part of; their ids."""
    start = set(account_ids)
    former = Account.objects.filter(id__in=start).values("identity_id")
    start |= set(Account.objects.filter(identity_id__in=former).values_list("id", flat=True))
    edges = _edges(start)
    later = _later_versions(set(edges))
    settled: set[UUID] = set()
    identities = set()
    for account_id in sorted(edges):
        if account_id in settled:
            continue
        component = _component(account_id, edges)
        settled |= component
        identity = min(component - later) if component - later else min(component)
        identities.add(identity)
        Account.objects.filter(id__in=component).exclude(identity_id=identity).update(
            identity_id=identity
        )
    return identities


def contradictions(identity_id: UUID) -> list[Judgement]:
    """Judgements "no match" between accounts that other judgements hold together."""
    members = set(Account.objects.filter(identity_id=identity_id).values_list("id", flat=True))
    return [
        judgement
        for (one, other), judgement in sorted(standing(members).items())
        if judgement.verdict == Verdict.NO_MATCH and one in members and other in members
    ]


def _edges(start: set[UUID]) -> dict[UUID, set[UUID]]:
    """Who is held to whom, for all accounts that can be reached from `start`."""
    edges: dict[UUID, set[UUID]] = defaultdict(set)
    seen: set[UUID] = set()
    frontier = start
    while frontier:
        seen |= frontier
        links = [pair for pair, j in standing(frontier).items() if j.verdict == Verdict.MATCH]
        links += _versions(frontier)
        alive = _present({account_id for pair in links for account_id in pair})
        reached = set()
        for one, other in links:
            if one in alive and other in alive:
                edges[one].add(other)
                edges[other].add(one)
                reached |= {one, other}
        frontier = reached - seen
    for account_id in start:
        edges.setdefault(account_id, set())
    return edges


def _versions(account_ids: set[UUID]) -> list[Pair]:
    follows = Account.objects.filter(Q(id__in=account_ids) | Q(follows__in=account_ids))
    return [
        (new, old)
        for new, old in follows.exclude(follows=None).values_list("id", "follows_id")
        if old is not None
    ]


def _later_versions(account_ids: set[UUID]) -> set[UUID]:
    later = Account.objects.filter(id__in=account_ids, removed_at=None).exclude(follows=None)
    return set(later.values_list("id", flat=True))


def _present(account_ids: set[UUID]) -> set[UUID]:
    present = Account.objects.filter(id__in=account_ids, removed_at=None)
    return set(present.values_list("id", flat=True))


def _component(start: UUID, edges: dict[UUID, set[UUID]]) -> set[UUID]:
    found, frontier = {start}, [start]
    while frontier:
        fresh = edges[frontier.pop()] - found
        found |= fresh
        frontier.extend(fresh)
    return found
