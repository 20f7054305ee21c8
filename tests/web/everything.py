"""One of each thing in each office, for tests that go over all routes.

things = everything("Nord")         # by the name of a route's argument
"""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone
from PIL import Image

from reknit.casework import (
    bulk,
    correspondence,
    edits,
    lifecycle,
    needs,
    notes,
    sampling,
    saved_filters,
    tasks,
    transfers,
)
from reknit.casework.models import Ask, BulkKind, Candidate, Edit, Look, Side
from reknit.casework.queue import Filter, View
from reknit.guard import approvals, blocks, rights, vital
from reknit.guard.audit import Resource
from reknit.guard.models import Alarm, CannotBeAsked, RequestKind
from reknit.guard.models.approvals import Matter
from reknit.intake import (
    desk,
    documents,
    gateways,
    imports,
    messages,
    mirrors,
    reading,
    registrations,
    replies,
)
from reknit.intake.messages import Attached, Incoming
from reknit.intake.models import Attachment, Channel, LearnedModel
from reknit.intake.registrations import Agreed, Person
from reknit.queue import enqueue
from reknit.queue.models import Job
from reknit.queue.worker import work_through
from reknit.records import judgements, sources
from reknit.records.models import Account, AccountKind, Enquiry, EnquiryStatus, User, Verdict
from reknit.sealing import records
from reknit.vocabulary import PUBLIC, Assurance, GivenBy, How, Purpose, Recipient, Role, Scope
from tests.casework.models import a_model
from tests.cast import IDRIS_FOUND, IDRIS_SOUGHT
from tests.guard.scene import an_account, an_enquiry
from tests.staff import office, staff


def everything(office_name: str) -> dict[str, Any]:
    """Ids of one of each, all of that office, under the names that routes give their arguments."""
    worker = staff(Role.CASEWORKER, office_name)
    supervisor = staff(Role.SUPERVISOR, office_name)
    found = an_account(IDRIS_FOUND, AccountKind.FOUND, office_name)
    sought = an_account(IDRIS_SOUGHT, AccountKind.SOUGHT, office_name)
    enquiry = an_enquiry(sought, worker)
    candidate = Candidate(
        enquiry=enquiry, sought=sought, account=found,
        probability=0.9, match_weight=8.0, model_version="test",
    )  # fmt: skip
    records.seal([candidate], [{"evidence": []}])
    candidate.save(force_insert=True)
    judgement = judgements.judge(worker, sought, found, Verdict.MATCH, "same", enquiry=enquiry)
    document = documents.add(worker.as_actor(), picture(), "Card", "card.png", enquiry=enquiry)
    Enquiry.objects.filter(pk=enquiry.pk).update(status=EnquiryStatus.POSSIBLE_MATCH)
    moved = lifecycle.move(worker.as_actor(), enquiry.pk, EnquiryStatus.VERIFYING)
    assert isinstance(moved, lifecycle.Moved)
    task = tasks.add(worker.as_actor(), enquiry.pk, "Call the hospital", None, worker)
    note = notes.add(worker.as_actor(), enquiry.pk, "She answers in the evening.")
    return {
        "edit_id": _edit(worker, enquiry.id),
        "move_id": moved.move.id,
        "task_id": task.id,
        "note_id": note.id,
        "letter_id": correspondence.tell(
            worker.as_actor(), enquiry.id, Side.SEEKER, "Which school?"
        ).id,
        "ask_id": _ask(worker, enquiry, found).id,
        "registration_id": registrations.register(
            PUBLIC, office(office_name), [Person(IDRIS_FOUND)], Agreed()
        ).registration.id,
        "account_id": found.id,
        "enquiry_id": enquiry.id,
        "to_id": enquiry.id,
        "candidate_id": candidate.id,
        "judgement_id": judgement.id,
        "model_id": a_model().id,
        "document_id": document.id,
        "consent_id": _consent(worker, found.id, enquiry.id),
        "batch_id": _batch(worker),
        **_mirroring(supervisor),
        "approval_id": approvals.propose(
            supervisor.as_actor(), Matter.DEATH, Resource("account", str(found.id)), "a list"
        ).id,
        "alarm_id": Alarm.objects.create(
            kind="speed", user=worker, office=worker.office, at=timezone.now(), count=40,
            once=f"test {office_name}",
        ).id,
        "request_id": rights.open_request(
            supervisor.as_actor(), RequestKind.ACCESS, assurance=Assurance.SEEN_BY_STAFF,
            words="What do you hold?", contact="in person",
        ).id,
        "block_id": blocks.block(
            worker.as_actor(), found.id, assurance=Assurance.UNVERIFIED, name="Somebody Else"
        ).id,
        "decision_id": vital.decide(
            worker.as_actor(), found.id, because=CannotBeAsked.UNCONSCIOUS,
            recipient=Recipient.read(f"seeker:{enquiry.id}"), scope=Scope.ALIVE,
            reason="in a coma",
        ).id,
        "filter_id": saved_filters.keep(
            worker.as_actor(), "Mine", Filter(View.MINE), shared=False
        ).pk,
        "statement_id": needs.state(worker.as_actor(), enquiry.id, needs.Known(), "asked").pk,
        "bulk_id": _bulk(supervisor, worker),
        "transfer_id": transfers.ask(
            supervisor.as_actor(), enquiry.id, office(f"Third of {office_name}"), "nearer"
        ).pk,
        **_sample(supervisor),
        "user_id": worker.pk,
        "job_id": enqueue(needs.JOB, str(enquiry.id)).id,
        "to": "enquiry",
        **_messages(worker, enquiry.id),
    }  # fmt: skip


def _edit(worker: User, enquiry_id: Any) -> Any:
    version = Enquiry.objects.get(pk=enquiry_id).version
    changed = edits.change(worker.as_actor(), enquiry_id, {"home_city": "Hama"}, {}, seen=version)
    assert isinstance(changed, Enquiry)
    return Edit.objects.get(enquiry=enquiry_id).pk


def _ask(worker: User, enquiry: Enquiry, account: Account) -> Ask:
    row = Ask(enquiry=enquiry, account=account, by=worker, at=timezone.now())
    records.seal([row], [{"words": "Your sister is looking for you."}])
    row.save(force_insert=True)
    return row


def _consent(worker: User, account_id: Any, enquiry_id: Any) -> Any:
    from reknit.guard import consent

    return consent.give(
        worker.as_actor(), account_id, purpose=Purpose.FAMILY_TRACING,
        recipient=Recipient.read(f"seeker:{enquiry_id}"), scope=Scope.ALIVE,
        given_by=GivenBy.SELF, how=How.IN_PERSON, assurance=Assurance.SEEN_BY_STAFF,
    ).id  # fmt: skip


def _sample(supervisor: User) -> dict[str, Any]:
    sample = sampling.draw(supervisor.as_actor(), size=1, days=30)
    return {"sample_id": sample.pk, "look_id": Look.objects.filter(sample=sample).get().pk}


def _bulk(supervisor: User, worker: User) -> Any:
    actor, now = supervisor.as_actor(), timezone.now()
    ids = bulk.cases(actor, Filter(), BulkKind.ASSIGN, now)
    plan = bulk.Plan(BulkKind.ASSIGN, to_user=worker)
    return bulk.start(actor, Filter(), plan, confirmed=bulk.fingerprint(ids), now=now).pk


def _batch(worker: User) -> Any:
    table = b"person_record_id,full_name\n1,Garen Qassabian\n"
    return imports.start(
        worker.as_actor(), table, "list.csv", f"Port of {worker.office}", AccountKind.FOUND,
        purpose=Purpose.REGISTRATION, why="a list came in",
    ).id  # fmt: skip


def _mirroring(supervisor: User) -> dict[str, Any]:
    source = sources.find_or_add(f"Copy of {supervisor.office}", office(str(supervisor.office)))
    original = sources.find_or_add("A list of everybody's", office("Elsewhere"))
    said = mirrors.declare(supervisor.as_actor(), source.id, original)
    assert said is not None
    return {"source_id": source.id, "mirroring_id": said.id}


def _messages(worker: User, enquiry_id: Any) -> dict[str, Any]:
    """A message that was read, with what goes with it; a gateway; something learned."""
    assert worker.office is not None
    actor = worker.as_actor()
    note = Attached("note.ogg", b"OggS" + bytes(40))
    text = "I am looking for my brother Garen Qassabian, 35, last seen in Aleppo."
    (message_id,) = messages.take(
        actor, worker.office,
        [Incoming(text, Channel.SMS, sender="+961 3 884 517", attachments=(note,))],
    ).added  # fmt: skip
    job = Job.objects.get(key=f"message {message_id}")
    work_through(job.id, reading.read, lambda step, share: None)
    replies.reply(actor, message_id, "We are searching.")
    act = desk.link(actor, message_id, enquiry_id=enquiry_id)
    lesson = LearnedModel(labels=40)
    figures = {"categories": 0.5, "danger": 0.9}
    records.seal([lesson], [{"held_out": 10, "labels": [], "rules": figures, "model": figures}])
    lesson.save(force_insert=True)
    administrator = staff(Role.ADMINISTRATOR)
    gateway = gateways.add(administrator.as_actor(), worker.office, Channel.SMS, "a bridge").gateway
    return {
        "message_id": message_id,
        "act_id": act.id,
        "attachment_id": Attachment.objects.get(message=message_id).id,
        "lesson_id": lesson.id,
        "gateway_id": gateway.id,
        "gateway": gateway.id,
    }


def picture() -> bytes:
    """A small picture, as a file."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "grey").save(out, "PNG")
    return out.getvalue()
