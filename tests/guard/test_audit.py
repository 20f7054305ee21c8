"""Any edit, deletion, truncation, rewrite or reordering of the log is noticed (I6, test 5)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from reknit.guard import access, audit
from reknit.guard.audit import Checkpoint, Resource, record
from reknit.guard.errors import (
    AuditUnavailableError,
    BrokenLogError,
    CheckpointError,
    EntryError,
    NotPermittedError,
)
from reknit.guard.log import heads
from reknit.guard.models import Entry, Head
from reknit.guard.permissions import Permission
from reknit.records.models import Account
from reknit.sealing.holders import current_holder
from reknit.sealing.ring import KeyRing
from reknit.vocabulary import PUBLIC, SYSTEM, Actor, Purpose, Role
from tests.guard.people import account, accounts
from tests.staff import NORD, SUD, noor, staff

pytestmark = pytest.mark.django_db(databases=["default", "keys"])

KINDS = (
    "account:read",
    "account:read:refused",
    "account:change",
    "consent:give",
    "consent:withdraw",
    "disclosure:make",
    "judgement:add",
    "import:undo",
    "alarm:raise",
    "enquiry:add",
)
"""One of each kind: a read, a refusal, a change, consents, a disclosure, the system's, the
public's."""


def _actor(kind: str) -> Actor:
    return {"alarm:raise": SYSTEM, "enquiry:add": PUBLIC}.get(kind, noor().as_actor())


def _filled() -> Checkpoint:
    """A log with three entries of each kind, and some that came after its checkpoint."""
    for turn in range(4):
        for number, kind in enumerate(KINDS):
            record(
                _actor(kind),
                kind,
                Resource(kind.split(":")[0], str(number)),
                Purpose.FAMILY_TRACING,
                subject="11111111-2222-3333-4444-555555555555",
                turn=turn,
            )
        if turn == 2:
            kept = audit.checkpoint()
    return audit.parse(str(kept))


def _rewrite_all() -> None:
    """What somebody who holds the database can do: a new chain and tree over other entries. They
    cannot sign it, so they leave the newest signature."""
    entries = list(Entry.objects.order_by("seq"))
    head = Head.objects.get()
    text = heads.text_of(head)
    frontier, chain = heads.Frontier(), bytes(32)
    for seq, entry in enumerate(entries):
        entry.seq = seq
        leaf = heads.leaf_hash(heads.entry_bytes([getattr(entry, name) for name in heads.HASHED]))
        chain = entry.chain = heads.next_chain(chain, leaf)
        frontier.append(leaf)
    Entry.objects.all().delete()
    Entry.objects.bulk_create(entries)
    head.size, head.chain, head.frontier = frontier.size, chain, bytes(frontier)
    head.save()
    assert heads.text_of(head) != text


def _resign(holder: KeyRing | None = None) -> None:
    head = Head.objects.get()
    head.signature = (holder or current_holder()).sign(bytes(heads.text_of(head)))
    head.save()


def _first(kind: str) -> Entry:
    return Entry.objects.filter(action=kind).order_by("seq")[1]


@pytest.fixture
def kept() -> Checkpoint:
    """The checkpoint of a filled log, as it comes back from where it was kept."""
    return _filled()


def test_a_log_that_nobody_touched_holds(kept: Checkpoint) -> None:
    verified = audit.verify([kept])
    assert verified.is_whole
    assert verified.head is not None
    assert verified.head.size == 4 * len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "change",
    [
        {"user_id": 99},
        {"office_id": 99},
        {"role": "administrator"},
        {"actor_kind": "nobody"},
        {"action": "account:add"},
        {"kind": "another"},
        {"resource_id": "another"},
        {"subject_id": "another"},
        {"purpose": "quality"},
        {"detail": "{}"},
        {"at_us": 1},
        {"chain": bytes(32)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_an_edit_is_noticed(kept: Checkpoint, kind: str, change: dict[str, object]) -> None:
    entry = _first(kind)
    Entry.objects.filter(pk=entry.pk).update(**change)
    assert any(f"entry {entry.seq}:" in found for found in audit.check(kept))


@pytest.mark.parametrize("kind", KINDS)
def test_a_deletion_is_noticed(kept: Checkpoint, kind: str) -> None:
    entry = _first(kind)
    Entry.objects.filter(pk=entry.pk).delete()
    assert f"entry {entry.seq}: missing from the log." in audit.check(kept)


@pytest.mark.parametrize("kind", KINDS)
def test_an_exchange_of_two_entries_is_noticed(kept: Checkpoint, kind: str) -> None:
    one, other = _first(kind), Entry.objects.order_by("seq").last()
    assert other is not None
    Entry.objects.filter(pk__in=[one.pk, other.pk]).delete()
    one.seq, other.seq = other.seq, one.seq
    Entry.objects.bulk_create([one, other])
    assert audit.check(kept)


@pytest.mark.parametrize("kind", KINDS)
def test_a_truncation_from_there_on_is_noticed(kept: Checkpoint, kind: str) -> None:
    Entry.objects.filter(seq__gte=_first(kind).seq).delete()
    assert any("missing" in found or "speaks of" in found for found in audit.check(kept))


@pytest.mark.parametrize("kind", KINDS)
def test_a_log_cut_off_with_an_older_signed_head_put_back_is_noticed(kind: str) -> None:
    """Nothing in the database shows it: the head was signed, once."""
    _filled()
    older = Head.objects.get()
    record(_actor(kind), kind, Resource("row", "1"), Purpose.FAMILY_TRACING)
    kept = audit.checkpoint()
    Entry.objects.filter(seq__gte=older.size).delete()
    older.save()
    assert audit.verify().is_whole
    assert any("cut off" in found for found in audit.check(kept))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("what", ["edited", "deleted", "inserted"])
def test_a_rewrite_is_noticed_though_it_was_signed_anew(
    kept: Checkpoint, kind: str, what: str
) -> None:
    """The worst: whoever rewrote it also reached the keeper. Only the checkpoint tells."""
    entry = _first(kind)
    if what == "edited":
        Entry.objects.filter(pk=entry.pk).update(user_id=99)
    elif what == "deleted":
        entry.delete()
    else:
        entry.seq, entry.resource_id = 10_000, "invented"
        Entry.objects.bulk_create([entry])
        for later in Entry.objects.filter(seq__lt=10_000):
            Entry.objects.filter(pk=later.pk).update(at_us=later.at_us + 1)
    _rewrite_all()
    _resign()
    assert audit.verify().is_whole
    assert any("rewritten" in found or "cut off" in found for found in audit.check(kept))


def test_a_rewrite_that_was_not_signed_anew_is_noticed_without_a_checkpoint() -> None:
    _filled()
    Entry.objects.filter(seq=3).delete()
    _rewrite_all()
    assert any("signature" in found for found in audit.verify().findings)


def test_a_head_signed_by_another_key_is_noticed(kept: Checkpoint) -> None:
    _rewrite_all_but_one()
    _resign(KeyRing.new())
    assert any("signature" in found for found in audit.check(kept))


def _rewrite_all_but_one() -> None:
    Entry.objects.filter(seq=0).delete()
    _rewrite_all()


def test_entries_behind_the_head_are_noticed(kept: Checkpoint) -> None:
    entry = Entry.objects.get(seq=0)
    entry.seq = 4 * len(KINDS)
    Entry.objects.bulk_create([entry])
    assert any("no head covers" in found for found in audit.check(kept))


@pytest.mark.parametrize("gone", ["head", "all", "entries"])
def test_an_emptied_log_is_noticed(kept: Checkpoint, gone: str) -> None:
    if gone != "head":
        Entry.objects.all().delete()
    if gone != "entries":
        Head.objects.all().delete()
    assert audit.check(kept)


def test_it_does_not_continue_a_head_that_it_did_not_sign() -> None:
    _filled()
    head = Head.objects.get()
    head.at_us += 1
    head.save()
    with pytest.raises(BrokenLogError, match="no signature of this installation's key"):
        record(SYSTEM, "job:run", Resource("job", "1"), Purpose.OPERATIONS)
    Head.objects.all().delete()
    with pytest.raises(BrokenLogError, match="entries and no head"):
        record(SYSTEM, "job:run", Resource("job", "1"), Purpose.OPERATIONS)


def test_a_checkpoint_of_another_log_is_not_taken_for_this_one(kept: Checkpoint) -> None:
    Entry.objects.all().delete()
    Head.objects.all().delete()
    _filled()
    assert any("another log" in found for found in audit.check(kept))


def test_a_checkpoint_shows_that_it_continues_an_older_one(kept: Checkpoint) -> None:
    newer = audit.parse(str(audit.checkpoint(since=kept)))
    assert newer.head.size > kept.head.size
    assert newer.continues(kept)
    assert newer.is_signed_by(current_holder().verify_key())
    assert not newer.is_signed_by(KeyRing.new().verify_key())


def test_a_rewritten_log_cannot_show_that_it_continues(kept: Checkpoint) -> None:
    Entry.objects.filter(seq=1).update(user_id=99)
    _rewrite_all()
    _resign()
    with pytest.raises(CheckpointError, match="rewritten"):
        audit.checkpoint(since=kept)
    assert not audit.checkpoint().continues(kept)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "",
        lambda text: text.replace("reknit/", "other/", 1),
        lambda text: text.replace("\ntime ", "\n"),
        lambda text: text.replace("\n30\n", "\n030\n"),
        lambda text: text.replace("\n30\n", "\n-30\n"),
        lambda text: text[:-20],
        lambda text: text * 200,
        lambda text: "old x\n\n" + text,
        lambda text: "old 3\nnot a hash\n\n" + text,
    ],
)
def test_what_is_no_checkpoint_is_refused_by_its_place(
    kept: Checkpoint, spoil: Callable[[str], str]
) -> None:
    with pytest.raises(CheckpointError, match="safe: no checkpoint"):
        audit.parse(spoil(str(kept)), "safe")


@pytest.mark.parametrize("text", ["", "reknit/1", "reknit/1+00000000+AAAA", "a+b+c+d"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError, match="no key"):
        audit.parse_key(text)


@pytest.mark.parametrize(
    ("action", "resource", "detail"),
    [
        ("read Idris", Resource("account", "1"), {}),
        ("account:read", Resource("Idris Haddad", "1"), {}),
        ("account:read", Resource("account", "Idris Haddad"), {}),
        ("account:read", Resource("account", "1"), {"reason": "his sister asked"}),
        ("account:read", Resource("account", "1"), {"names": ["إدريس"]}),
        ("account:read", Resource("account", "1"), {"content": {"full_name": "Idris"}}),
    ],
)
def test_an_entry_says_ids_and_codes_only(
    action: str, resource: Resource, detail: dict[str, object]
) -> None:
    with pytest.raises(EntryError):
        record(noor().as_actor(), action, resource, Purpose.FAMILY_TRACING, **detail)


def test_an_entry_needs_a_purpose_of_the_closed_list() -> None:
    with pytest.raises(EntryError, match="no purpose"):
        record(SYSTEM, "job:run", Resource("job", "1"), "enforcement")  # type: ignore[arg-type]


def test_a_read_fails_where_its_entry_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """I5: nothing is opened, and the key of the row is not even asked for."""
    (idris,) = accounts(1)
    asked: list[object] = []
    monkeypatch.setattr("reknit.sealing.records.unseal", asked.append)
    with transaction.atomic():
        _filled()
        Head.objects.update(signature=bytes(64))
    with pytest.raises(AuditUnavailableError):
        access.read(
            noor().as_actor(), Permission.ACCOUNT_READ, [idris], purpose=Purpose.FAMILY_TRACING
        )
    assert asked == []


def test_the_officer_sees_who_saw_her_when_and_why() -> None:
    """All accounts of one person count, whichever of them was opened."""
    actor, (one, other) = noor().as_actor(), accounts(2)
    Account.objects.filter(pk=other.pk).update(identity_id=one.identity_id)
    account_of_somebody_else = account()
    for row in (one, other, account_of_somebody_else):
        access.read(actor, Permission.ACCOUNT_READ, [row], purpose=Purpose.QUALITY)
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    page = audit.browse(officer, person=other.pk)
    assert [(e.resource_id, e.user_id, e.purpose) for e in page.entries] == [
        (str(other.pk), actor.user_id, "quality"),
        (str(one.pk), actor.user_id, "quality"),
    ]
    by_user = audit.browse(officer, user=actor.user_id, action="account:")
    assert len(by_user.entries) == 3


def test_browsing_is_itself_in_the_log() -> None:
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    (idris,) = accounts(1)
    audit.browse(officer, person=idris.pk)
    (seen,) = audit.browse(officer, action="audit:").entries
    assert (seen.action, seen.subject_id) == ("audit:read", str(idris.pk))


def test_it_pages_through_everything_once() -> None:
    _filled()
    officer = staff(Role.DATA_PROTECTION_OFFICER).as_actor()
    seen: list[int] = []
    page = audit.browse(officer, limit=7, before=4 * len(KINDS))
    while True:
        seen += [entry.seq for entry in page.entries]
        if page.before is None:
            break
        page = audit.browse(officer, limit=7, before=page.before)
    assert seen == list(reversed(range(4 * len(KINDS))))


def test_a_supervisor_sees_what_their_office_did() -> None:
    for office_name in (NORD, SUD):
        actor = staff(Role.CASEWORKER, office_name).as_actor()
        access.read(actor, Permission.ACCOUNT_READ, [account(office_name)], purpose=Purpose.QUALITY)
    page = audit.browse(staff(Role.SUPERVISOR).as_actor(), action="account:")
    assert {entry.office_id for entry in page.entries} == {noor().office_id}


@pytest.mark.parametrize("role", [Role.DESK, Role.CASEWORKER, Role.COORDINATOR, Role.ADMINISTRATOR])
def test_others_do_not_browse(role: Role) -> None:
    with pytest.raises(NotPermittedError):
        audit.browse(staff(role).as_actor())
