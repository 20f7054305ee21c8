"""Every address of the application. A route that does not declare who may take it is refused."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from reknit.settings import CONFIG
from reknit.web.accounts import demo
from reknit.web.pages import (
    alarms,
    approvals,
    audit,
    check,
    consents,
    desk,
    disclosures,
    documents,
    enquiries,
    gateways,
    home,
    imports,
    jobs,
    lessons,
    models,
    people,
    requests,
    retention,
    review,
    search,
    staff,
    vital,
)
from reknit.web.pages.cases import edit as case_edit
from reknit.web.pages.cases import history as case_history
from reknit.web.pages.cases import people as case_people
from reknit.web.pages.cases import prints as case_prints
from reknit.web.pages.cases import steps
from reknit.web.pages.cases import work as case_work
from reknit.web.routes import ALWAYS, route

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("language/", route(ALWAYS)(set_language), name="set_language"),
    path("search/", search.search, name="search"),
    path("people/<uuid:account_id>/", people.one, name="person"),
    path("people/<uuid:account_id>/consent/", consents.give, name="consent_new"),
    path("people/<uuid:account_id>/block/", consents.block, name="block_new"),
    path("people/<uuid:account_id>/tell/", disclosures.disclose, name="disclose"),
    path("consents/<uuid:consent_id>/withdraw/", consents.withdraw, name="consent_withdraw"),
    path("people/<uuid:account_id>/decide/", vital.decide, name="decision_new"),
    path("decisions/<uuid:decision_id>/end/", vital.end, name="decision_end"),
    path("blocks/<uuid:block_id>/lift/", consents.lift, name="block_lift"),
    path("documents/new/<str:to>/<uuid:to_id>/", documents.add, name="document_new"),
    path("documents/<uuid:document_id>/", documents.one, name="document"),
    path("documents/<uuid:document_id>/remove/", documents.remove, name="document_remove"),
    path("enquiries/", enquiries.index, name="enquiries"),
    path("enquiries/new/", enquiries.add, name="enquiry_new"),
    path("enquiries/<uuid:enquiry_id>/", enquiries.one, name="enquiry"),
    path("enquiries/<uuid:enquiry_id>/contact/", enquiries.contact, name="enquiry_contact"),
    path("enquiries/<uuid:enquiry_id>/assign/", steps.assign, name="enquiry_assign"),
    path("enquiries/<uuid:enquiry_id>/risk/", steps.assess_risk, name="enquiry_risk"),
    path("enquiries/<uuid:enquiry_id>/proof/", steps.record_proof, name="enquiry_proof"),
    path("enquiries/<uuid:enquiry_id>/move/", steps.move, name="enquiry_move"),
    path("moves/<uuid:move_id>/undo/", steps.undo_move, name="move_undo"),
    path("enquiries/<uuid:enquiry_id>/edit/", case_edit.edit, name="enquiry_edit"),
    path("enquiries/<uuid:enquiry_id>/family/", case_people.index, name="enquiry_people"),
    path("enquiries/<uuid:enquiry_id>/family.json", case_people.graph, name="enquiry_graph"),
    path("enquiries/<uuid:enquiry_id>/tasks/", case_work.index, name="enquiry_tasks"),
    path("enquiries/<uuid:enquiry_id>/tasks/new/", case_work.add_task, name="task_new"),
    path("enquiries/<uuid:enquiry_id>/notes/new/", case_work.add_note, name="note_new"),
    path("tasks/<uuid:task_id>/", case_work.task, name="task"),
    path("notes/<uuid:note_id>/", case_work.note, name="note"),
    path("enquiries/<uuid:enquiry_id>/history/", case_history.index, name="enquiry_history"),
    path("enquiries/<uuid:enquiry_id>/print/", case_prints.show, name="enquiry_print"),
    path("judgements/<uuid:judgement_id>/undo/", enquiries.undo, name="judgement_undo"),
    path("model/", models.index, name="models"),
    path("model/train/", models.train, name="model_train"),
    path("model/<uuid:model_id>/", models.decide, name="model_decide"),
    path("review/", review.index, name="review"),
    path("review/undo/", review.undo, name="review_undo"),
    path("review/history/", review.history, name="review_history"),
    path("review/keys/", review.way, name="review_way"),
    path("review/blind/", review.require_blind, name="review_blind"),
    path("review/<uuid:enquiry_id>/", review.of_enquiry, name="review_enquiry"),
    path("candidates/<uuid:candidate_id>/decide/", review.decide, name="review_decide"),
    path("candidates/<uuid:candidate_id>/family/", review.decide_family, name="review_family"),
    path("lists/", imports.index, name="imports"),
    path("lists/new/", imports.add, name="import_new"),
    path("lists/<uuid:batch_id>/", imports.one, name="import"),
    path("lists/<uuid:batch_id>/rejected.csv", imports.rejected, name="import_rejected"),
    path("lists/<uuid:batch_id>/correct/", imports.correct, name="import_correct"),
    path("lists/<uuid:batch_id>/undo/", imports.undo, name="import_undo"),
    path("messages/", desk.index, name="messages"),
    path("messages/new/", desk.add, name="message_new"),
    path("messages/next/", desk.next_one, name="message_next"),
    path("messages/board/", desk.board, name="message_board"),
    path("messages/answers/", desk.templates, name="message_templates"),
    path("messages/lessons/", lessons.index, name="lessons"),
    path("messages/lessons/<uuid:lesson_id>/", lessons.decide, name="lesson"),
    path("messages/gateways/", gateways.index, name="gateways"),
    path("messages/gateways/<uuid:gateway_id>/end/", gateways.end, name="gateway_end"),
    path("messages/from/<uuid:gateway>/", gateways.receive, name="gateway_receive"),
    path("messages/<uuid:message_id>/", desk.one, name="message"),
    path("messages/<uuid:message_id>/confirm/", desk.confirm, name="message_confirm"),
    path("messages/<uuid:message_id>/correct/", desk.correct, name="message_correct"),
    path("messages/<uuid:message_id>/link/", desk.link, name="message_link"),
    path("messages/<uuid:message_id>/place/", desk.place, name="message_place"),
    path("messages/<uuid:message_id>/reply/", desk.reply, name="message_reply"),
    path("messages/<uuid:message_id>/sent/", desk.sent, name="message_sent"),
    path("messages/<uuid:message_id>/hand/", desk.hand, name="message_hand"),
    path("messages/<uuid:message_id>/close/", desk.close, name="message_close"),
    path("messages/<uuid:message_id>/sender/", desk.sender, name="message_sender"),
    path("messages/acts/<uuid:act_id>/undo/", desk.undo, name="message_undo"),
    path("messages/files/<uuid:attachment_id>/", desk.attachment, name="message_file"),
    path("approvals/", approvals.index, name="approvals"),
    path("approvals/<uuid:approval_id>/", approvals.one, name="approval"),
    path("audit/", audit.index, name="audit"),
    path("audit/verify/", audit.verify, name="audit_verify"),
    path("audit/checkpoint/", audit.checkpoint, name="audit_checkpoint"),
    path("alarms/", alarms.index, name="alarms"),
    path("alarms/canaries/", alarms.planted, name="canaries"),
    path("alarms/more/<int:user_id>/", alarms.grant_more, name="quota_grant"),
    path("alarms/<uuid:alarm_id>/", alarms.acknowledge, name="alarm"),
    path("requests/", requests.index, name="requests"),
    path("requests/new/", requests.add, name="request_new"),
    path("requests/<uuid:request_id>/", requests.one, name="request"),
    path("requests/<uuid:request_id>/verify/", requests.verify, name="request_verify"),
    path("requests/<uuid:request_id>/file/", requests.file, name="request_file"),
    path(
        "requests/<uuid:request_id>/correct/<uuid:account_id>/",
        requests.correct,
        name="request_correct",
    ),
    path("requests/<uuid:request_id>/erase/", requests.erase, name="request_erase"),
    path("requests/<uuid:request_id>/answer/", requests.answer, name="request_answer"),
    path("retention/", retention.index, name="retention"),
    path("retention/run/", retention.run, name="retention_run"),
    path("staff/", staff.index, name="staff"),
    path("staff/new/", staff.add, name="staff_new"),
    path("staff/<int:user_id>/", staff.one, name="staff_one"),
    path("staff/<int:user_id>/reset/", staff.reset, name="staff_reset"),
    path("staff/<int:user_id>/active/", staff.set_active, name="staff_active"),
    path("offices/", staff.offices, name="offices"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<uuid:job_id>/", jobs.change, name="job"),
    path("check/", check.index, name="check"),
    path("", include("reknit.web.accounts.urls")),
]

if CONFIG.demo:
    urlpatterns.append(path("demo/<str:token>/", demo.enter, name="demo_enter"))

handler400 = "reknit.web.refusals.bad_request"
handler403 = "reknit.web.refusals.forbidden"
handler404 = "reknit.web.refusals.not_found"
handler429 = "reknit.web.refusals.too_many"
handler500 = "reknit.web.refusals.failed"
