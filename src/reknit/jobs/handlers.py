"""Each job's name and what does it."""

from __future__ import annotations

from collections.abc import Mapping

from reknit.casework import bulk, candidates, needs, retraining
from reknit.intake import assisting, imports, learned, messages, reading, sending
from reknit.jobs import recurring
from reknit.queue.worker import Handler, Together

HANDLERS: Mapping[str, Handler] = {
    "import": imports.run,
    messages.JOB: reading.read,
    assisting.JOB: assisting.assist,
    sending.JOB: sending.run,
    learned.JOB: learned.learn,
    "candidates of batch": candidates.of_batch,
    "candidates of enquiry": Together(candidates.of_enquiries, candidates.TOGETHER),
    bulk.JOB: bulk.run,
    needs.JOB: Together(needs.of_enquiries, needs.AT_ONCE),
    needs.BATCH_JOB: needs.of_batch,
    retraining.JOB: retraining.train,
    retraining.SCORE_ANEW: candidates.anew,
    "candidates of registration": candidates.of_registration,
    **recurring.HANDLERS,
}
