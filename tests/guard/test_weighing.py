"""Which answers allow a thing to be told: a table of what was said and what was asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from reknit.guard.ages import AgeGroup
from reknit.guard.reasons import Failure
from reknit.guard.weighing import Given, Granted, Question, weigh
from reknit.vocabulary import Answer, Assurance, GivenBy, Purpose, Recipient, Scope

NOW = dt.datetime(2026, 11, 26, 12, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
AMAL, RAFI = Recipient.read("seeker:amal"), Recipient.read("seeker:rafi")
FAMILY, ANYONE = Recipient.read("family"), Recipient.read("anyone")
YES = Given(
    id="yes",
    account_id="idris",
    answer=Answer.AGREED,
    purpose=Purpose.FAMILY_TRACING,
    recipient=AMAL,
    scope=Scope.WHEREABOUTS,
    given_by=GivenBy.SELF,
    assurance=Assurance.SEEN_BY_STAFF,
    at=NOW - DAY,
)
NO = replace(
    YES, id="no", answer=Answer.REFUSED, recipient=ANYONE, scope=Scope.EVERYTHING,
    assurance=Assurance.UNVERIFIED, at=NOW - DAY / 2,
)  # fmt: skip
ASKED = Question(
    account_ids=frozenset({"idris"}),
    purpose=Purpose.FAMILY_TRACING,
    recipient=AMAL,
    scope=Scope.WHEREABOUTS,
    age=AgeGroup.ADULT,
    at=NOW,
)


def outcome(said: list[Given], asked: Question = ASKED) -> str:
    """`granted`, or the reason why not."""
    found = weigh(said, asked)
    return found.reason.value if isinstance(found, Failure) else "granted"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "granted"),
        ({"account_id": "another"}, "no_consent"),
        ({"purpose": Purpose.REGISTRATION}, "no_consent"),
        ({"recipient": RAFI}, "no_consent"),
        ({"recipient": FAMILY}, "no_consent"),
        *[({"scope": scope}, "no_consent") for scope in Scope if scope is not Scope.WHEREABOUTS],
        ({"answer": Answer.REFUSED}, "refused"),
        ({"withdrawn_at": NOW}, "withdrawn"),
        ({"until": NOW}, "expired"),
        ({"until": NOW + DAY}, "granted"),
        ({"at": NOW + DAY}, "expired"),
        ({"assurance": Assurance.UNVERIFIED}, "unverified"),
        ({"assurance": Assurance.CONTACT_VERIFIED}, "granted"),
        ({"given_by": GivenBy.REPRESENTATIVE, "child_heard": True}, "must_be_asked"),
    ],
)
def test_each_part_of_a_yes_has_to_fit(change: dict[str, object], expected: str) -> None:
    assert outcome([replace(YES, **change)]) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("age", "given_by", "child_heard", "assurance", "expected"),
    [
        (AgeGroup.ADULT, GivenBy.SELF, False, Assurance.CONTACT_VERIFIED, "granted"),
        (AgeGroup.ADULT, GivenBy.REPRESENTATIVE, True, Assurance.SEEN_BY_STAFF, "must_be_asked"),
        (AgeGroup.MINOR, GivenBy.SELF, False, Assurance.SEEN_BY_STAFF, "needs_representative"),
        (AgeGroup.MINOR, GivenBy.REPRESENTATIVE, False, Assurance.SEEN_BY_STAFF, "child_not_heard"),
        (AgeGroup.MINOR, GivenBy.REPRESENTATIVE, True, Assurance.CONTACT_VERIFIED, "granted"),
        (AgeGroup.MINOR, GivenBy.REPRESENTATIVE, True, Assurance.UNVERIFIED, "unverified"),
        (
            AgeGroup.DOUBTFUL,
            GivenBy.SELF,
            False,
            Assurance.CONTACT_VERIFIED,
            "needs_representative",
        ),
        (AgeGroup.DOUBTFUL, GivenBy.SELF, False, Assurance.SEEN_BY_STAFF, "granted"),
        (AgeGroup.DOUBTFUL, GivenBy.REPRESENTATIVE, True, Assurance.SEEN_BY_STAFF, "granted"),
    ],
)
def test_an_adult_speaks_for_themselves_and_somebody_for_a_child_that_was_heard(
    age: AgeGroup, given_by: GivenBy, child_heard: bool, assurance: Assurance, expected: str
) -> None:
    said = replace(YES, given_by=given_by, child_heard=child_heard, assurance=assurance)
    assert outcome([said], replace(ASKED, age=age)) == expected


def test_consent_to_the_family_counts_for_verified_family_only() -> None:
    said = [replace(YES, recipient=FAMILY)]
    assert outcome(said) == "no_consent"
    assert outcome(said, replace(ASKED, is_family=True)) == "granted"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "refused"),
        ({"account_id": "another of the identity"}, "refused"),
        ({"at": YES.at}, "refused"),
        ({"at": YES.at - DAY}, "granted"),
        ({"recipient": AMAL}, "refused"),
        ({"recipient": FAMILY}, "refused"),
        ({"recipient": RAFI}, "granted"),
        ({"scope": Scope.WHEREABOUTS}, "refused"),
        ({"scope": Scope.CONTACT}, "granted"),
        ({"purpose": Purpose.REGISTRATION}, "refused"),
        ({"purpose": Purpose.REGISTRATION, "scope": Scope.WHEREABOUTS}, "granted"),
    ],
)
def test_a_later_no_outweighs_a_yes_on_every_account(
    change: dict[str, object], expected: str
) -> None:
    assert outcome([YES, replace(NO, **change)]) == expected  # type: ignore[arg-type]


def test_a_new_yes_after_a_no_counts_again() -> None:
    assert outcome([YES, NO, replace(YES, id="again", at=NO.at + DAY / 4)]) == "granted"


def test_what_is_withdrawn_on_one_account_is_withdrawn_on_all() -> None:
    there = replace(YES, id="there", account_id="another", withdrawn_at=NOW - DAY / 4)
    assert outcome([YES, there]) == "withdrawn"


givens = st.builds(
    Given,
    id=st.uuids().map(str),
    account_id=st.sampled_from(["idris", "another"]),
    answer=st.sampled_from(Answer),
    purpose=st.sampled_from([Purpose.FAMILY_TRACING, Purpose.VITAL_INTEREST]),
    recipient=st.sampled_from([AMAL, RAFI, FAMILY, ANYONE]),
    scope=st.sampled_from([Scope.WHEREABOUTS, Scope.CONTACT, Scope.EVERYTHING]),
    given_by=st.sampled_from(GivenBy),
    assurance=st.sampled_from(Assurance),
    at=st.integers(-5, 5).map(lambda days: NOW + days * DAY),
    until=st.none() | st.integers(-5, 5).map(lambda days: NOW + days * DAY),
    withdrawn_at=st.none() | st.integers(-5, 5).map(lambda days: NOW + days * DAY),
    child_heard=st.booleans(),
)
questions = st.builds(
    replace, st.just(ASKED), age=st.sampled_from(AgeGroup), is_family=st.booleans()
)


@examples(st.lists(givens, max_size=6), questions)
def test_what_is_granted_rests_on_one_yes_that_fits(said: list[Given], asked: Question) -> None:
    found = weigh(said, asked)
    if isinstance(found, Granted):
        (yes,) = [given for given in said if given.id == found.consent_id]
        assert yes.account_id in asked.account_ids
        assert yes.recipient == asked.recipient or (yes.recipient == FAMILY and asked.is_family)
        assert (yes.purpose, yes.scope) == (asked.purpose, asked.scope)
        assert yes.withdrawn_at is None
        assert yes.assurance > Assurance.UNVERIFIED
        assert yes.at <= asked.at
        assert yes.until is None or asked.at < yes.until


@examples(st.lists(givens, max_size=6), questions)
def test_a_no_to_everything_now_leaves_nothing_granted(said: list[Given], asked: Question) -> None:
    last = max([asked.at, *[given.at for given in said]])
    assert isinstance(weigh([*said, replace(NO, at=last)], asked), Failure)


@examples(st.lists(givens, max_size=5), st.randoms(), questions)
def test_the_order_in_which_answers_are_read_does_not_matter(
    said: list[Given], random: object, asked: Question
) -> None:
    shuffled = said[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert isinstance(weigh(said, asked), Granted) is isinstance(weigh(shuffled, asked), Granted)
