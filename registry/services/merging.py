"""Making two records one human being, and two again. Nothing is moved, see models/merge.py."""

from datetime import datetime
from itertools import product

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone

from registry.errors import (
    MergeAlreadyDone,
    MergeContradicts,
    MergeIsBuiltUpon,
    MergeReasonMissing,
    MergeSamePerson,
    MergeUndoneAlready,
)
from registry.models import AuditAction, DuplicateDecision, Person, PersonMerge, User
from registry.queries.people import is_same_person
from registry.services.audit import record

# Any constant does; merges are rare and done by hand.
_MERGE_LOCK = 2026_0307


@transaction.atomic
def merge_people(
    *,
    kept: Person,
    absorbed: Person,
    by: User,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> PersonMerge:
    """Let `kept` stand for both records and return the merge; the same merge again returns the one in force.

    Records that `absorbed` stood for so far point at `kept` from now on. Raises `MergeReasonMissing`,
    `MergeSamePerson`, `MergeAlreadyDone` (one of them is absorbed into another) and `MergeContradicts`
    (both ID cards were checked and their numbers differ).
    """
    if kept.pk == absorbed.pk:
        raise MergeSamePerson
    at = now or timezone.now()
    records = _lock([kept.pk, absorbed.pk])
    kept, absorbed = records[kept.pk], records[absorbed.pk]
    if absorbed.kept_as_id == kept.pk:
        return PersonMerge.objects.get(absorbed=absorbed, undone_at__isnull=True)
    if not reason.strip():
        raise MergeReasonMissing
    _check_mergeable(kept, absorbed, records)
    repointed = sorted(pk for pk, one in records.items() if one.kept_as_id == absorbed.pk)
    # In this order: what is pointed at may not point on.
    Person.objects.filter(pk__in=repointed).update(kept_as=kept)
    Person.objects.filter(pk=absorbed.pk).update(kept_as=kept)
    merge = PersonMerge.objects.create(
        kept=kept, absorbed=absorbed, repointed=repointed, by=by, at=at, reason=reason.strip()[:200]
    )
    _log(AuditAction.PEOPLE_MERGED, merge, by, merge.reason, at, request)
    return merge


@transaction.atomic
def unmerge_people(
    *,
    merge: PersonMerge,
    by: User,
    reason: str,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> PersonMerge:
    """Make the two records of `merge` two people again, each with what it had, and return the merge.

    Raises `MergeReasonMissing`, `MergeUndoneAlready`, and `MergeIsBuiltUpon` while a later merge has absorbed
    the record that was kept.
    """
    if not reason.strip():
        raise MergeReasonMissing
    at = now or timezone.now()
    records = _lock([merge.kept_id, merge.absorbed_id])
    merge = PersonMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        raise MergeUndoneAlready
    if records[merge.absorbed_id].kept_as_id != merge.kept_id:
        raise MergeIsBuiltUpon
    Person.objects.filter(pk=merge.absorbed_id).update(kept_as=None)
    Person.objects.filter(pk__in=merge.repointed).update(kept_as=merge.absorbed_id)
    merge.undone_by, merge.undone_at, merge.undone_reason = by, at, reason.strip()[:200]
    merge.save(update_fields=["undone_by", "undone_at", "undone_reason"])
    _log(AuditAction.MERGE_UNDONE, merge, by, merge.undone_reason, at, request)
    return merge


@transaction.atomic
def decide_pair(
    *,
    first: Person,
    second: Person,
    verdict: str,
    by: User,
    now: datetime | None = None,
    request: HttpRequest | None = None,
) -> DuplicateDecision:
    """Remember that two records are `different` people or are to be decided `later`; the newest word holds.

    "Not the same" is never suggested again, nor are other records of the same two people. Raises
    `MergeSamePerson` when they are one by now, and ValueError for another verdict.
    """
    if is_same_person(first, second):
        raise MergeSamePerson
    low, high = sorted([first.pk, second.pk])
    at = now or timezone.now()
    decision, _is_new = DuplicateDecision.objects.update_or_create(
        first_id=low,
        second_id=high,
        defaults={
            "verdict": DuplicateDecision.Verdict(verdict),
            "by": by,
            "at": at,
        },
    )
    detail = {"verdict": str(decision.verdict), "other": second.pk}
    record(actor=by, action=AuditAction.PAIR_DECIDED, person=first, detail=detail, now=at, request=request)
    return decision


def _lock(pks: list[int]) -> dict[int, Person]:
    """Lock these records and all that point at them, in the order of their keys; one merge at a time.

    Whoever waited for a record alone would not see what began to point at it meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_MERGE_LOCK])
    wanted = Person.objects.filter(pk__in=pks) | Person.objects.filter(kept_as__in=pks)
    locked = wanted.order_by("pk").select_for_update(of=("self",))
    return {person.pk: person for person in locked}


def _check_mergeable(kept: Person, absorbed: Person, records: dict[int, Person]) -> None:
    if kept.kept_as_id == absorbed.pk:
        raise MergeSamePerson
    if kept.kept_as_id or absorbed.kept_as_id:
        raise MergeAlreadyDone
    mine = [one for one in records.values() if one.kept_as_id == kept.pk] + [kept]
    hers = [one for one in records.values() if one.kept_as_id == absorbed.pk] + [absorbed]
    for one, other in product(filter(_is_checked, mine), filter(_is_checked, hers)):
        if one.id_number != other.id_number:
            raise MergeContradicts


def _is_checked(person: Person) -> bool:
    return person.identity_level == Person.IdentityLevel.CHECKED and person.id_number_sealed is not None


def _log(
    action: AuditAction,
    merge: PersonMerge,
    by: User,
    reason: str,
    at: datetime,
    request: HttpRequest | None,
) -> None:
    record(
        actor=by,
        action=action,
        person=merge.kept,
        detail={"merge": merge.pk, "absorbed": merge.absorbed_id, "reason": reason},
        request=request,
        now=at,
    )
