"""Judgements make a model in the background; a supervisor accepts it, and can take it back."""

from __future__ import annotations

import polars as pl
import pytest
from django.utils import timezone

from reknit.casework import retraining
from reknit.casework.errors import CaseworkError
from reknit.guard.errors import NotPermittedError
from reknit.guard.models.audit import Entry
from reknit.jobs.handlers import HANDLERS
from reknit.matching import Model, match
from reknit.queue.models import Job
from reknit.queue.worker import work_off
from reknit.records import accounts, sources, weighing
from reknit.records.models import (
    AccountKind,
    Enquiry,
    Judgement,
    MatchingModel,
    ModelState,
    Verdict,
)
from reknit.records.state import state_hash
from reknit.sealing import records
from reknit.synth import synthesise
from reknit.vocabulary import Actor, Role
from tests.casework.models import a_model
from tests.casework.test_candidates import the_candidate
from tests.matching.test_retraining import spoiled
from tests.staff import noor, office, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])


def supervisor() -> Actor:
    return staff(Role.SUPERVISOR).as_actor()


def judge_a_scenario(people: int = 90) -> int:
    """Invented people, and true verdicts of Noor's on the three likeliest candidates of each."""
    made = synthesise(people, 5, "crossing")
    ids: dict[str, object] = {}
    for kind, table in ((AccountKind.SOUGHT, made.sought), (AccountKind.FOUND, made.found)):
        rows = table.rows(named=True)
        source = sources.find_or_add(kind.value, office())
        added = accounts.add(rows, kind=kind, source=source, office=office(), at=timezone.now())
        ids |= {row["person_record_id"]: one for row, one in zip(rows, added, strict=True)}
    listed = match(made.sought, made.found, model=Model.default(), top=3).table
    truth = set(made.truth.select("sought_id", "found_id").iter_rows())
    judgements, enquiries = [], {}
    for one, other in listed.select("sought_id", "found_id").iter_rows():
        if one not in enquiries:
            enquiries[one] = Enquiry(office=office(), sought=ids[one], assigned_to=noor())
        verdict = Verdict.MATCH if (one, other) in truth else Verdict.NO_MATCH
        judgements.append(
            Judgement(enquiry=enquiries[one], one=ids[one], other=ids[other], verdict=verdict,
                      by=noor(), probability=None if len(judgements) % 2 else 0.5)
        )  # fmt: skip
    records.seal(list(enquiries.values()), [{}] * len(enquiries))
    Enquiry.objects.bulk_create(list(enquiries.values()))
    records.seal(judgements, [{"reason": ""}] * len(judgements))
    Judgement.objects.bulk_create(judgements)
    return len(judgements)


def test_the_nights_job_proposes_a_model_with_figures_and_changes_nothing_yet() -> None:
    a_model(ModelState.ACCEPTED, spoiled())
    judged = judge_a_scenario()
    assert retraining.consider()
    work_off({retraining.JOB: HANDLERS[retraining.JOB]})
    newest = retraining.proposals(supervisor())[0]
    assert newest.row.state == ModelState.PROPOSED
    assert newest.row.judgements == judged
    assert newest.before is not None
    assert newest.after is not None
    assert newest.after["judgements"] == judged
    assert newest.after["log_loss"] < newest.before["log_loss"]
    assert newest.blind == judged // 2
    assert newest.provenance["started_from"] == weighing.current_version()
    assert weighing.current_version() != newest.row.version
    assert not retraining.consider()


def test_of_too_few_judgements_no_model_is_made() -> None:
    judge_a_scenario(12)
    retraining.train_now(supervisor())
    work_off({retraining.JOB: HANDLERS[retraining.JOB]})
    (only,) = retraining.proposals(supervisor())
    assert (only.row.state, only.why, only.before) == (ModelState.SET_ASIDE, "too_few", None)
    with pytest.raises(CaseworkError, match="decided on before"):
        retraining.accept(supervisor(), only.row.pk, "all the same")


def test_what_was_undone_or_unsure_or_unconfirmed_is_not_learned_from() -> None:
    judge_a_scenario(12)
    before = len(retraining.standing_judgements())
    first, second, third, fourth = Judgement.objects.order_by("pk")[:4]
    Judgement.objects.filter(pk=first.pk).update(undone_at=timezone.now())
    Judgement.objects.filter(pk=second.pk).update(verdict=Verdict.UNSURE)
    Judgement.objects.filter(pk=third.pk).update(needs_two=True)
    fourth.one.removed_at = timezone.now()
    fourth.one.save()
    of_removed = Judgement.objects.filter(one=fourth.one, undone_at=None, needs_two=False)
    gone = of_removed.exclude(verdict=Verdict.UNSURE).count()
    assert len(retraining.standing_judgements()) == before - 3 - gone


def test_an_accepted_model_weighs_and_taking_it_back_restores_what_was() -> None:
    one = the_candidate()
    row = a_model(model=spoiled())
    before, score = state_hash(), one.probability
    actor = supervisor()
    retraining.accept(actor, row.pk, "better on both figures")
    assert weighing.current_version() == row.version
    work_off(HANDLERS)
    one.refresh_from_db()
    assert (one.model_version, one.version) == (row.version, 2)
    assert one.probability != score
    retraining.take_back(actor, row.pk, "too many siblings")
    work_off(HANDLERS)
    one.refresh_from_db()
    assert one.model_version == weighing.PACKAGED
    assert one.probability == pytest.approx(score)
    Enquiry.objects.filter(pk=one.enquiry_id).update(status=one.enquiry.status)
    assert state_hash() == before


def test_open_candidates_are_scored_anew_by_one_job_only() -> None:
    first, second = a_model(), a_model()
    for row in (first, second):
        retraining.accept(supervisor(), row.pk, "better")
    assert Job.objects.filter(name=retraining.SCORE_ANEW).count() == 1
    assert weighing.current_version() == second.version
    retraining.take_back(supervisor(), second.pk, "no")
    assert weighing.current_version() == first.version


def test_a_decision_has_a_reason_is_audited_and_is_made_once() -> None:
    row = a_model()
    with pytest.raises(CaseworkError, match="say why"):
        retraining.accept(supervisor(), row.pk, " ")
    retraining.refuse(supervisor(), row.pk, "few matches")
    (said,) = records.unseal([MatchingModel.objects.get()])
    assert said["reason"] == "few matches"
    assert Entry.objects.filter(action="model:decide", resource_id=str(row.pk)).count() == 1
    with pytest.raises(CaseworkError, match="decided on before"):
        retraining.accept(supervisor(), row.pk, "after all")


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.SUPERVISOR])
def test_nobody_but_a_supervisor_decides(role: Role) -> None:
    row = a_model()
    for decide in (retraining.accept, retraining.refuse):
        with pytest.raises(NotPermittedError):
            decide(staff(role).as_actor(), row.pk, "because")
    row.refresh_from_db()
    assert row.state == ModelState.PROPOSED


def test_a_stored_model_shows_nothing_of_itself_in_its_row() -> None:
    row = a_model()
    assert b"m_probability" not in bytes(row.sealed)


def test_the_job_learns_from_no_telephone_and_no_place() -> None:
    judge_a_scenario(12)
    ids = [one.one_id for one in retraining.standing_judgements()]
    table = retraining._table(list(dict.fromkeys(ids)))
    assert isinstance(table, pl.DataFrame)
    assert not {"phones", "last_known_location"} & set(table.columns)
    assert table.height == len(set(ids))
