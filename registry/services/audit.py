"""Writing the audit log, and proving that nobody has changed it since."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from registry.audit_chain import (
    GENESIS,
    Link,
    head_signature,
    link_hash,
    network_of,
    newest_key_id,
    plain_detail,
)
from registry.models import AuditAction, AuditEntry, AuditHead, Person, User
from registry.queries.audit import region_code_of

logger = logging.getLogger(__name__)

# Any constant does; it is the log's own in this database.
_LOCK = 0x63756E62
_CHUNK = 2000
_COLUMNS = (
    "seq",
    "at",
    "actor_id",
    "action",
    "person_id",
    "region_code",
    "detail",
    "network",
    "key_id",
    "previous_hash",
    "hash",
)


@transaction.atomic
def record(
    *,
    actor: User | None,
    action: str,
    person: Person | None = None,
    region_code: str = "",
    detail: dict[str, Any] | None = None,
    request: HttpRequest | None = None,
    now: datetime | None = None,
) -> AuditEntry:
    """Append one entry and return it; it stands or falls with the caller's transaction.

    Call it last in that transaction: the log is one chain, so others who log wait until it ends.
    `region_code` defaults to the place of `person`. ID and phone numbers in `detail` become stars.
    Raises ValueError for an unknown action and TypeError for a detail that is no plain data.
    """
    at = now or timezone.now()
    code = region_code or (region_code_of(person, timezone.localdate(at)) if person else "")
    kept = plain_detail(detail or {})
    _lock_log()
    seq, previous_hash = _tip()
    link = Link(
        seq=seq + 1,
        at=at,
        actor_id=actor.pk if actor else None,
        action=AuditAction(action).value,
        person_id=person.pk if person else None,
        region_code=code,
        detail=kept,  # type: ignore[arg-type]
        network=network_of(_address(request)) if request else "",
        key_id=newest_key_id(),
        previous_hash=previous_hash,
    )
    return _append(link)


def _address(request: HttpRequest) -> str:
    """The client's address by the sign-in limits' rule about proxies; empty behind a bare socket."""
    try:
        return str(get_adapter(request).get_client_ip(request))
    except PermissionDenied:
        return ""


def _tip() -> tuple[int, bytes]:
    """Number and hash to continue from: the signed head's.

    After tampering (head gone, forged or behind the entries) the work goes on, but the next entry follows
    nothing: the break must stay visible, not be healed by whoever logs next.
    """
    head = AuditHead.objects.first()
    last = AuditEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    if head is None:
        return last, GENESIS
    is_sound = head.seq >= last and bytes(head.signature) == _signature_of(head)
    return max(head.seq, last), bytes(head.hash) if is_sound else GENESIS


def _append(link: Link) -> AuditEntry:
    fields = {name: getattr(link, name) for name in link.__slots__}
    entry = AuditEntry.objects.create(**fields, hash=link_hash(link))
    _move_head(entry)
    # Nothing personal in it: whoever keeps the site's logs elsewhere holds an anchor for `verify_audit`.
    anchor = f"{entry.seq}:{bytes(entry.hash).hex()}"
    transaction.on_commit(lambda: logger.info("audit head %s", anchor))
    return entry


def _move_head(entry: AuditEntry) -> None:
    key_id = newest_key_id()
    signature = head_signature(seq=entry.seq, entry_hash=entry.hash, key_id=key_id)
    AuditHead.objects.update_or_create(
        pk=1, defaults={"seq": entry.seq, "hash": entry.hash, "key_id": key_id, "signature": signature}
    )


def _lock_log() -> None:
    """Let one transaction at a time append; the lock ends with it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify_log` found: `broken_at` is the number of the first wrong entry, `problem` says how."""

    entries: int
    head: str
    broken_at: int | None = None
    problem: str = ""

    @property
    def is_intact(self) -> bool:
        return self.broken_at is None


def verify_log(*, anchor: tuple[int, str] | None = None) -> Verdict:
    """Walk the whole chain and return what was found; memory stays flat.

    Finds a changed, missing or reordered entry, and by the signed head a cut-off end. Somebody who puts an
    older log and its older head back together is found by an `anchor` kept elsewhere: the number and hash
    (hex) of an entry that was once the newest.
    """
    # The head first: entries added while we walk may only lengthen what it promises.
    head = AuditHead.objects.first()
    if head and bytes(head.signature) != _signature_of(head):
        return Verdict(0, "", head.seq, "head forged")
    promises = ([(head.seq, bytes(head.hash).hex())] if head else []) + ([anchor] if anchor else [])
    return _walk(promises, has_head=head is not None)


def _walk(promises: list[tuple[int, str]], *, has_head: bool) -> Verdict:
    seq, last = 0, GENESIS
    for link, stored in _links():
        problem = _problem(link, stored, seq + 1, last)
        if not problem and any(
            number == link.seq and promise != stored.hex() for number, promise in promises
        ):
            problem = "not the entry that was promised"
        if problem:
            return Verdict(seq, _anchor(seq, last), seq + 1, problem)
        seq, last = link.seq, stored
    if seq < max((number for number, _promise in promises), default=0):
        return Verdict(seq, _anchor(seq, last), seq + 1, "end cut off")
    if seq and not has_head:
        return Verdict(seq, _anchor(seq, last), seq, "head missing")
    return Verdict(seq, _anchor(seq, last))


def _problem(link: Link, stored: bytes, expected_seq: int, previous_hash: bytes) -> str:
    if link.seq != expected_seq:
        return "entry missing"
    if bytes(link.previous_hash) != previous_hash:
        return "does not follow the entry before"
    try:
        return "" if link_hash(link) == stored else "changed"
    except KeyError:
        return "signed with an unknown key"


def _links() -> Iterator[tuple[Link, bytes]]:
    rows = AuditEntry.objects.order_by("seq").values_list(*_COLUMNS)
    for *fields, stored in rows.iterator(chunk_size=_CHUNK):
        yield Link(*fields), bytes(stored)


def _signature_of(head: AuditHead) -> bytes:
    try:
        return head_signature(seq=head.seq, entry_hash=head.hash, key_id=head.key_id)
    except KeyError:
        return b""


def _anchor(seq: int, entry_hash: bytes) -> str:
    return f"{seq}:{entry_hash.hex()}"
