"""Recording decisions about places. The only code that ends or begins a version after the import."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile

from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone

from registry.errors import ChangeDayWrong, ChangeShapeWrong
from registry.models import (
    AuditAction,
    Household,
    Person,
    Region,
    RegionChange,
    RegionSuccession,
    RegionVersion,
    User,
)
from registry.queries.places import in_subtree
from registry.region_codes import LEVELS, parent_code
from registry.region_plan import Opening, Place, Plan, Ref, Request, Surroundings, Target, plan_change
from registry.services.audit import record
from registry.signals import regions_changed

_BATCH = 2000
_CORRECTED = ["code", "name", "parent", "source", "is_provisional"]
_WITHOUT_NEW_PLACES = {RegionChange.Kind.MERGE, RegionChange.Kind.SPLIT, RegionChange.Kind.TRANSFER}


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """A decision as somebody enters it.

    `targets`: what there shall be, a place that exists by its code alone (no name). `codes`: what is moved
    below, old code to new (and new name); the rest keeps its own digits. `pieces`: for a split, the code of
    each place directly below to the code of the target that gets it; what is not named is unallocated.
    """

    kind: str
    on: date
    document: str
    sources: Sequence[Region]
    targets: Sequence[Target] = ()
    codes: Mapping[str, Target] | None = None
    pieces: Mapping[str, str] | None = None

    @property
    def places_key(self) -> str:
        """The same for a repeat of the same decision about the same places."""
        sources = ",".join(str(pk) for pk in sorted(region.pk for region in self.sources))
        targets = ",".join(sorted(f"{target.code} {target.name}" for target in self.targets))
        return hashlib.sha256(f"{sources}>{targets}".encode()).hexdigest()


def recorded_change(request: ChangeRequest) -> RegionChange | None:
    """Return the change if it was recorded before."""
    return RegionChange.objects.filter(
        document=request.document, kind=request.kind, on=request.on, places_key=request.places_key
    ).first()


def plan_of(request: ChangeRequest, *, today: date | None = None) -> Plan:
    """Return what recording the change would do; writes nothing. Raises what `record_change` raises."""
    if request.on > (today or timezone.localdate()):
        raise ChangeDayWrong(day=request.on)
    if any(len(target.code) not in LEVELS for target in _all_targets(request)):
        raise ChangeShapeWrong(kind=request.kind)
    versions = _versions_around(request)
    around = Surroundings(_place(version) for version in versions)
    if any(region.pk not in around.by_region for region in request.sources):
        raise ChangeShapeWrong(kind=request.kind)
    targets = tuple(_resolved(target, request.kind, around) for target in request.targets)
    plan = plan_change(
        Request(
            kind=request.kind,
            sources=tuple(around.by_region[region.pk] for region in request.sources),
            targets=targets,
            codes=request.codes or {},
            pieces=request.pieces or {},
        ),
        around,
    )
    touched = {*plan.moved, *plan.ended, *(target.region for target in targets)}
    if any(v.valid.lower and v.valid.lower > request.on for v in versions if v.region_id in touched):
        raise ChangeDayWrong(day=request.on)
    return plan


@transaction.atomic
def record_change(
    request: ChangeRequest, *, by: User | None, note: str = "", now: datetime | None = None
) -> RegionChange:
    """Write a change: end and begin versions, note who succeeds whom. A repeat returns the first record.

    Raises `ChangeShapeWrong`, `ChangeDayWrong` or `RegionCodeTaken`; then nothing is written.
    """
    now = now or timezone.now()
    with connection.cursor() as cursor:  # changes are rare and touch many places: one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry.import_edition'))")
    if known := recorded_change(request):
        return known
    plan = plan_of(request, today=timezone.localdate(now))
    change = RegionChange.objects.create(
        kind=request.kind,
        on=request.on,
        document=request.document,
        places_key=request.places_key,
        note=note,
        recorded_by=by,
        recorded_at=now,
    )
    _write(change, plan, request)
    _log(change, plan, now)
    return change


def _log(change: RegionChange, plan: Plan, now: datetime) -> None:
    """Log under the code that all places of the change share: each office above them may read it."""
    codes = [opening.code for opening in plan.openings] or list(
        RegionVersion.objects.filter(region__in=plan.ended).values_list("code", flat=True)
    )
    pairs = zip(min(codes, default=""), max(codes, default=""), strict=False)
    shared = "".join(one for one, _other in takewhile(lambda pair: pair[0] == pair[1], pairs))
    record(
        actor=change.recorded_by,
        action=AuditAction.PLACES_CHANGED,
        region_code=max((shared[:length] for length in LEVELS if length <= len(shared)), key=len, default=""),
        detail={"kind": str(change.kind), "on": change.on.isoformat(), "document": change.document},
        now=now,
    )


def _write(change: RegionChange, plan: Plan, request: ChangeRequest) -> None:
    made = {
        opening.region: Region.objects.create().pk for opening in plan.openings if _is_new(opening.region)
    }
    try:
        with transaction.atomic():
            replaced = _write_versions(change, plan, made)
    except IntegrityError as error:  # the code or the day was another's in the past
        raise ChangeDayWrong(day=change.on) from error
    RegionSuccession.objects.bulk_create(
        RegionSuccession(change=change, from_region_id=old, to_region_id=_pk(heir, made), on=change.on)
        for old, heir in plan.successions
    )
    change.from_regions.set(request.sources)
    change.to_regions.set(_targets_after(plan, request, made))
    _move_people(plan, made)
    regions_changed.send(sender=RegionChange, change=change, replaced=replaced)


def _write_versions(change: RegionChange, plan: Plan, made: dict[Ref, int]) -> dict[int, int]:
    """End what ends or goes on otherwise, then begin what begins; return old version ids to new ones."""
    moved = set(plan.moved)
    old = {
        v.region_id: v
        for v in RegionVersion.objects.filter(region__in=moved | set(plan.ended), valid__endswith=None)
    }
    # A second change on the same day corrects the version the first one began: no version lasts no day.
    same_day = {pk for pk, version in old.items() if version.valid.lower == change.on}
    if same_day & set(plan.ended):
        raise ChangeDayWrong(day=change.on)
    for ending in _batches([version.pk for pk, version in old.items() if pk not in same_day]):
        _end_versions(ending, change.on)
    new = [_version(opening, change, made) for opening in plan.openings]
    corrected = [version for version in new if version.region_id in same_day]
    for version in corrected:
        version.pk = old[version.region_id].pk
    RegionVersion.objects.bulk_update(corrected, _CORRECTED, batch_size=_BATCH)
    begun = [version for version in new if version.region_id not in same_day]
    RegionVersion.objects.bulk_create(begun, batch_size=_BATCH)
    return {old[version.region_id].pk: version.pk for version in begun if version.region_id in old}


def _end_versions(ids: list[int], on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_regionversion SET valid = daterange(lower(valid), %s) WHERE id = ANY(%s)",
            [on, ids],
        )


def _version(opening: Opening, change: RegionChange, made: dict[Ref, int]) -> RegionVersion:
    return RegionVersion(
        region_id=made.get(opening.region, opening.region),
        code=opening.code,
        name=opening.name,
        level=opening.level,
        parent_id=_pk(opening.parent, made),
        valid=DateRange(change.on, None),
        source=change.document,
        is_provisional=opening.is_provisional,
        is_administrative=opening.is_administrative,
    )


def _move_people(plan: Plan, made: dict[Ref, int]) -> None:
    """Where people live is a fact of today: it follows a place that ended into the one that has it now."""
    heirs: dict[int, set[int | None]] = {}
    for old, heir in plan.successions:
        if old in plan.ended:
            heirs.setdefault(old, set()).add(_pk(heir, made))
    for old, found in heirs.items():
        if len(found) == 1 and (only := found.pop()):
            Person.objects.filter(village_id=old).update(village_id=only)
            Household.objects.filter(village_id=old).update(village_id=only)


def _targets_after(plan: Plan, request: ChangeRequest, made: dict[Ref, int]) -> list[int]:
    by_code = {opening.code: _pk(opening.region, made) for opening in plan.openings}
    existing = RegionVersion.objects.filter(
        code__in=[target.code for target in request.targets], valid__endswith=None
    ).values_list("code", "region")
    by_code |= dict(existing)
    return [pk for target in request.targets if (pk := by_code.get(target.code))]


def _versions_around(request: ChangeRequest) -> list[RegionVersion]:
    """Return the open versions at and below sources and targets, and those above them."""
    sources = RegionVersion.objects.filter(region__in=request.sources, valid__endswith=None)
    codes = {version.code for version in sources} | {target.code for target in _all_targets(request)}
    above = set()
    wanted = Q()
    for code in codes:
        wanted |= in_subtree(code)
        while code := parent_code(code):
            above.add(code)
    return list(RegionVersion.objects.filter(wanted | Q(code__in=above), valid__endswith=None))


def _all_targets(request: ChangeRequest) -> list[Target]:
    return [*request.targets, *(request.codes or {}).values()]


def _place(version: RegionVersion) -> Place:
    return Place(
        region=version.region_id,
        code=version.code,
        name=version.name,
        level=version.level,
        parent=version.parent_id,
        is_provisional=version.is_provisional,
        is_administrative=version.is_administrative,
    )


def _resolved(target: Target, kind: str, around: Surroundings) -> Target:
    """A target without a name is a place we have; one with a name is made (or renamed, by its kind)."""
    if kind in _WITHOUT_NEW_PLACES and not target.name:
        if target.code not in around.taken:
            raise ChangeShapeWrong(kind=kind)
        return replace(target, region=around.taken[target.code])
    above = around.taken.get(parent_code(target.code))
    return replace(target, parent=target.parent or above)


def _is_new(ref: Ref | None) -> bool:
    return isinstance(ref, str)


def _pk(ref: Ref | None, made: dict[Ref, int]) -> int | None:
    return made[ref] if isinstance(ref, str) else ref


def _batches(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
