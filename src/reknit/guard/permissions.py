"""Who may do what: one table.

Rules: what the table does not grant is denied. A permission reads `scope:resource:action`; its
scope is the narrowest one that any role holds it in, and the table says in which scope each role
does. A wider scope includes the narrower ones:

    own      rows that the actor made (the importer of a list); of the public: what belongs to
             the enquiry or registration whose receipt code they showed
    case     rows of cases that are assigned to the actor
    office   rows of the actor's office
    all      every row

An administrator runs the installation and sees no person. No setting changes the table.

>>> from reknit.vocabulary import Role
>>> granted(Permission.ENQUIRY_READ, Actor(ActorKind.STAFF, 7, Role.CASEWORKER, 1))
<Scope.OFFICE: 'office'>
>>> granted(Permission.ENQUIRY_READ, Actor(ActorKind.STAFF, 8, Role.ADMINISTRATOR, 1)) is None
True
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reknit.vocabulary import Actor, ActorKind, Purpose, Role


class Scope(StrEnum):
    """Which rows; each includes those before it."""

    OWN = "own"
    CASE = "case"
    OFFICE = "office"
    ALL = "all"

    def includes(self, other: Scope) -> bool:
        """True when all rows of the other scope are in this one."""
        order = list(Scope)
        return order.index(self) >= order.index(other)


class Permission(StrEnum):
    """`scope:resource:action`. A door names one."""

    ACCOUNT_READ = "office:account:read"
    ACCOUNT_SEARCH = "all:account:search"
    ACCOUNT_ADD = "office:account:add"
    ACCOUNT_CHANGE = "office:account:change"
    ACCOUNT_REMOVE = "office:account:remove"
    ACCOUNT_RESTORE = "office:account:restore"
    WHEREABOUTS_READ = "case:whereabouts:read"
    ENQUIRY_LIST = "office:enquiry:list"
    ENQUIRY_READ = "office:enquiry:read"
    ENQUIRY_ADD = "office:enquiry:add"
    ENQUIRY_CHANGE = "case:enquiry:change"
    ENQUIRY_CORRECT = "own:enquiry:correct"
    ENQUIRY_WITHDRAW = "own:enquiry:withdraw"
    ENQUIRY_ASSIGN = "office:enquiry:assign"
    ENQUIRY_MOVE = "case:enquiry:move"
    ENQUIRY_CLOSE = "case:enquiry:close"
    ENQUIRY_REOPEN = "office:enquiry:reopen"
    ENQUIRY_EXPORT = "case:enquiry:export"
    TASK_READ = "case:task:read"
    TASK_CHANGE = "case:task:change"
    NOTE_READ = "case:note:read"
    NOTE_ADD = "case:note:add"
    NEED_READ = "office:need:read"
    NEED_STATE = "case:need:state"
    FILTER_KEEP = "own:filter:keep"
    BULK_READ = "own:bulk:read"
    TRANSFER_READ = "office:transfer:read"
    TRANSFER_ASK = "case:transfer:ask"
    TRANSFER_ANSWER = "office:transfer:answer"
    SAMPLE_READ = "office:sample:read"
    SAMPLE_DRAW = "office:sample:draw"
    CLAIM_TAKE = "case:claim:take"
    CLAIM_TAKE_OVER = "office:claim:take_over"
    PROOF_ASSESS = "case:proof:assess"
    RISK_ASSESS = "case:risk:assess"
    CANDIDATE_LIST = "case:candidate:list"
    CANDIDATE_READ = "case:candidate:read"
    CANDIDATE_REFRESH = "case:candidate:refresh"
    JUDGEMENT_READ = "case:judgement:read"
    JUDGEMENT_ADD = "case:judgement:add"
    JUDGEMENT_UNDO = "case:judgement:undo"
    REVIEW_SET = "office:review:set"
    MODEL_READ = "all:model:read"
    MODEL_DECIDE = "all:model:decide"
    APPROVAL_READ = "office:approval:read"
    APPROVAL_PROPOSE = "case:approval:propose"
    APPROVAL_CONFIRM = "office:approval:confirm"
    DOCUMENT_LIST = "case:document:list"
    DOCUMENT_READ = "case:document:read"
    DOCUMENT_ADD = "own:document:add"
    DOCUMENT_REMOVE = "case:document:remove"
    MESSAGE_LIST = "office:message:list"
    MESSAGE_READ = "office:message:read"
    MESSAGE_ADD = "office:message:add"
    MESSAGE_SORT = "office:message:sort"
    MESSAGE_REPLY = "office:message:reply"
    MESSAGE_COUNT = "office:message:count"
    GATEWAY_MANAGE = "all:gateway:manage"
    LESSON_DECIDE = "all:lesson:decide"
    LETTER_READ = "own:letter:read"
    LETTER_ADD = "own:letter:add"
    LETTER_RELAY = "case:letter:relay"
    ASK_READ = "own:ask:read"
    ASK_MAKE = "case:ask:make"
    ASK_ANSWER = "own:ask:answer"
    REGISTRATION_READ = "office:registration:read"
    REGISTRATION_ADD = "all:registration:add"
    REGISTRATION_VERIFY = "case:registration:verify"
    SOURCE_READ = "all:source:read"
    SOURCE_MANAGE = "office:source:manage"
    IMPORT_READ = "office:import:read"
    IMPORT_PEOPLE = "own:import:people"
    IMPORT_ADD = "office:import:add"
    IMPORT_UNDO = "own:import:undo"
    CONSENT_READ = "own:consent:read"
    CONSENT_GIVE = "own:consent:give"
    CONSENT_WITHDRAW = "own:consent:withdraw"
    DISCLOSURE_READ = "case:disclosure:read"
    DISCLOSURE_MAKE = "case:disclosure:make"
    BLOCK_READ = "case:block:read"
    BLOCK_ADD = "own:block:add"
    BLOCK_REMOVE = "office:block:remove"
    REQUEST_READ = "own:request:read"
    REQUEST_ADD = "office:request:add"
    REQUEST_ANSWER = "all:request:answer"
    RETENTION_READ = "all:retention:read"
    RETENTION_RUN = "all:retention:run"
    AUDIT_READ = "office:audit:read"
    AUDIT_VERIFY = "all:audit:verify"
    ALARM_READ = "office:alarm:read"
    ALARM_ACKNOWLEDGE = "office:alarm:acknowledge"
    QUOTA_GRANT = "office:quota:grant"
    CANARY_PLANT = "all:canary:plant"
    FIGURES_READ = "office:figures:read"
    JOB_READ = "office:job:read"
    JOB_CANCEL = "all:job:cancel"
    USER_READ = "office:user:read"
    USER_MANAGE = "all:user:manage"
    OFFICE_READ = "all:office:read"
    OFFICE_MANAGE = "all:office:manage"
    INSTALLATION_CHECK = "all:installation:check"
    INSTALLATION_LOCK = "all:installation:lock"
    INSTALLATION_OPERATE = "all:installation:operate"

    @property
    def scope(self) -> Scope:
        """The narrowest scope that any role holds it in."""
        return Scope(self.value.split(":")[0])

    @property
    def resource(self) -> str:
        """What it is about."""
        return self.value.split(":")[1]

    @property
    def action(self) -> str:
        """What is done, as the audit log says it: `resource:action`."""
        return self.value.partition(":")[2]


TABLE = """
                      desk     caseworker supervisor dpo      coordinator administrator public   system
account:read          office   office     office     all      .           .             .        all
account:search        .        all        all        all      .           .             .        all
account:add           office   office     office     .        .           .             .        all
account:change        office   office     office     .        .           .             .        all
account:remove        .        .          office     all      .           .             .        all
account:restore       .        .          office     all      .           .             .        all
whereabouts:read      .        case       case       all      .           .             .        .
enquiry:list          office   office     office     all      all         .             .        all
enquiry:read          office   office     office     all      .           .             .        all
enquiry:add           office   office     office     .        .           .             all      all
enquiry:change        office   case       office     .        .           .             .        all
enquiry:correct       .        .          .          .        .           .             own      .
enquiry:withdraw      .        .          .          .        .           .             own      .
enquiry:assign        .        .          office     .        all         .             .        .
enquiry:move          .        case       office     .        .           .             .        .
enquiry:close         .        case       office     .        .           .             .        all
enquiry:reopen        .        .          office     .        .           .             .        .
enquiry:export        .        case       office     .        .           .             .        .
task:read             .        case       office     all      .           .             .        .
task:change           .        case       office     .        .           .             .        .
note:read             .        case       office     all      .           .             .        .
note:add              .        case       office     .        .           .             .        .
need:read             office   office     office     all      .           .             .        all
need:state            office   case       office     .        .           .             .        .
filter:keep           own      own        own        own      own         .             .        .
bulk:read             .        own        own        .        own         .             .        .
transfer:read         .        office     office     all      all         .             .        .
transfer:ask          .        case       office     .        .           .             .        .
transfer:answer       .        .          office     .        .           .             .        .
sample:read           .        .          office     all      .           .             .        .
sample:draw           .        .          office     .        .           .             .        .
claim:take            office   case       office     .        .           .             .        .
claim:take_over       .        .          office     .        .           .             .        .
proof:assess          .        case       office     .        .           .             .        .
risk:assess           .        case       office     .        .           .             .        .
candidate:list        .        case       office     .        all         .             .        all
candidate:read        .        case       office     .        .           .             .        all
candidate:refresh     .        case       office     .        .           .             .        all
judgement:read        .        case       office     all      .           .             .        all
judgement:add         .        case       office     .        .           .             .        .
judgement:undo        .        case       office     .        .           .             .        .
review:set            .        .          office     .        .           .             .        .
model:read            .        .          all        all      all         .             .        .
model:decide          .        .          all        .        .           .             .        .
approval:read         .        office     office     all      .           .             .        .
approval:propose      .        case       office     all      .           .             .        .
approval:confirm      .        office     office     .        .           .             .        .
document:list         .        case       office     .        .           .             .        .
document:read         .        case       office     .        .           .             .        .
document:add          office   case       office     .        .           .             own      all
document:remove       .        case       office     all      .           .             .        all
message:list          office   office     office     .        .           .             .        all
message:read          office   office     office     .        .           .             .        all
message:add           office   office     office     .        .           .             all      all
message:sort          office   office     office     .        .           .             .        .
message:reply         office   office     office     .        .           .             .        .
message:count         office   office     office     .        all         .             .        all
gateway:manage        .        .          .          .        .           all           .        .
lesson:decide         .        .          all        .        .           .             .        .
letter:read           .        case       office     .        .           .             own      .
letter:add            .        case       office     .        .           .             own      .
letter:relay          .        case       office     .        .           .             .        .
ask:read              .        case       office     .        .           .             own      .
ask:make              .        case       office     .        .           .             .        .
ask:answer            .        .          .          .        .           .             own      .
registration:read     office   office     office     all      .           .             .        .
registration:add      .        .          .          .        .           .             all      .
registration:verify   office   case       office     .        .           .             .        .
source:read           all      all        all        all      all         .             .        all
source:manage         .        office     office     .        all         .             .        .
import:read           .        office     office     all      all         .             .        all
import:people         .        own        own        .        own         .             .        .
import:add            .        office     office     .        all         .             .        all
import:undo           .        own        office     .        all         .             .        .
consent:read          .        case       office     all      .           .             own      all
consent:give          office   case       office     .        .           .             own      .
consent:withdraw      office   office     office     all      .           .             own      all
disclosure:read       .        case       office     all      .           .             .        all
disclosure:make       .        case       office     .        .           .             .        all
block:read            .        case       office     all      .           .             .        all
block:add             office   office     office     all      .           .             own      .
block:remove          .        .          office     all      .           .             .        .
request:read          .        .          office     all      .           .             own      all
request:add           office   office     office     all      .           .             all      .
request:answer        .        .          .          all      .           .             .        .
retention:read        .        .          .          all      all         .             .        all
retention:run         .        .          .          all      .           .             .        all
audit:read            .        .          office     all      .           .             .        .
audit:verify          .        .          .          all      .           all           .        all
alarm:read            .        .          office     all      .           .             .        .
alarm:acknowledge     .        .          office     all      .           .             .        .
quota:grant           .        .          office     all      .           .             .        .
canary:plant          .        .          .          all      .           .             .        .
figures:read          .        .          office     all      all         .             .        all
job:read              .        .          office     all      all         all           .        all
job:cancel            .        .          .          .        all         all           .        .
user:read             .        .          office     all      all         all           .        .
user:manage           .        .          .          .        .           all           .        all
office:read           all      all        all        all      all         all           .        all
office:manage         .        .          .          .        .           all           .        all
installation:check    .        .          .          all      .           all           .        all
installation:lock     .        .          all        all      all         all           .        all
installation:operate  .        .          .          .        .           all           .        all
"""  # noqa: E501 - one line a permission

COLUMNS: Mapping[str, Role | ActorKind] = {
    "desk": Role.DESK,
    "caseworker": Role.CASEWORKER,
    "supervisor": Role.SUPERVISOR,
    "dpo": Role.DATA_PROTECTION_OFFICER,
    "coordinator": Role.COORDINATOR,
    "administrator": Role.ADMINISTRATOR,
    "public": ActorKind.PUBLIC,
    "system": ActorKind.SYSTEM,
}

ONLY_FOR: Mapping[Permission, Mapping[Role, frozenset[Purpose]]] = {
    # I1: whereabouts and contacts are shown to assigned staff to ask the person, and to the
    # data-protection officer to answer the person's own request.
    Permission.WHEREABOUTS_READ: {
        Role.CASEWORKER: frozenset({Purpose.ASK_THE_PERSON, Purpose.VITAL_INTEREST}),
        Role.SUPERVISOR: frozenset({Purpose.ASK_THE_PERSON, Purpose.VITAL_INTEREST}),
        Role.DATA_PROTECTION_OFFICER: frozenset({Purpose.SUBJECT_REQUEST}),
    }
}
"""Permissions that hold for some purposes only."""

Grants = Mapping[Permission, Mapping[Role | ActorKind, Scope]]


def _read(table: str) -> Grants:
    """The table as values. ValueError where it does not name each permission once."""
    header, *rows = [line.split() for line in table.strip().splitlines()]
    by_action = {permission.action: permission for permission in Permission}
    if header != list(COLUMNS) or [row[0] for row in rows] != list(by_action):
        raise ValueError("the table of permissions and the enum Permission differ")
    return {
        by_action[action]: {
            COLUMNS[column]: Scope(word)
            for column, word in zip(header, words, strict=True)
            if word != "."
        }
        for action, *words in rows
    }


GRANTS = _read(TABLE)


def granted(permission: Permission, actor: Actor, purpose: Purpose | None = None) -> Scope | None:
    """The scope in which the actor holds the permission; None when they do not.

    purpose: where the permission holds for some purposes only, the one that is stated.
    """
    holder = actor.role if actor.kind is ActorKind.STAFF else actor.kind
    if holder is None:
        return None
    only_for = ONLY_FOR.get(permission, {})
    if (
        purpose is not None
        and isinstance(holder, Role)
        and holder in only_for
        and purpose not in only_for[holder]
    ):
        return None
    return GRANTS[permission].get(holder)
