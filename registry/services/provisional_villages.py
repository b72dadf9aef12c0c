"""Villages that no published list holds: one person proposes, another decides (A14)."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from registry.errors import (
    ProvisionalCodesUsedUp,
    VillageDecided,
    VillageKnown,
    VillageNeedsAnother,
    VillageNotInTown,
)
from registry.models import AuditAction, Region, RegionVersion, User, VillageProposal
from registry.names import clean_name
from registry.queries.places import version_on
from registry.region_codes import free_provisional_code
from registry.region_names import village_key
from registry.services.audit import record

SOURCE = "provisional code"


@transaction.atomic
def propose_village(
    *, town: Region, name: str, by: User, since: date | None = None, now: datetime | None = None
) -> VillageProposal:
    """Ask for a village in `town` and reserve the code town + 9xx; the same name again returns the first.

    Raises `VillageNotInTown`, `VillageKnown` or `ProvisionalCodesUsedUp`.
    """
    now = now or timezone.now()
    Region.objects.select_for_update(no_key=True).get(pk=town.pk)
    version = version_on(town, timezone.localdate(now))
    if version is None or version.level != RegionVersion.Level.TOWN:
        raise VillageNotInTown
    name = clean_name(name)
    waiting = VillageProposal.objects.filter(town=town, name=name, state=VillageProposal.State.PROPOSED)
    if known := waiting.first():
        return known
    _refuse_known(town, name)
    proposal = VillageProposal.objects.create(
        town=town,
        name=name,
        code=_free_code(version.code),
        since=since or timezone.localdate(now),
        proposed_by=by,
        proposed_at=now,
    )
    _log(AuditAction.VILLAGE_PROPOSED, proposal, by, now)
    return proposal


@transaction.atomic
def approve_village(*, proposal: VillageProposal, by: User, now: datetime | None = None) -> RegionVersion:
    """Make the proposed village a place, flagged provisional.

    Raises `VillageDecided`, `VillageNeedsAnother`, `VillageKnown` or `VillageNotInTown`.
    """
    Region.objects.select_for_update(no_key=True).get(pk=proposal.town_id)
    locked = _decide(proposal, by)
    town = version_on(locked.town, locked.since)
    if town is None or not locked.code.startswith(town.code):  # the town was recoded meanwhile
        raise VillageNotInTown
    _refuse_known(locked.town, locked.name)
    version = RegionVersion.objects.create(
        region=Region.objects.create(),
        code=locked.code,
        name=locked.name,
        level=RegionVersion.Level.VILLAGE,
        parent=locked.town,
        valid=DateRange(locked.since, None),
        source=SOURCE,
        is_provisional=True,
    )
    _close(locked, VillageProposal.State.APPROVED, by, now, version.region)
    _log(AuditAction.VILLAGE_APPROVED, locked, by, now)
    return version


@transaction.atomic
def refuse_village(*, proposal: VillageProposal, by: User, now: datetime | None = None) -> VillageProposal:
    """Decide against a village; its code is free again. Raises what `_decide` does."""
    locked = _decide(proposal, by)
    _close(locked, VillageProposal.State.REFUSED, by, now, None)
    _log(AuditAction.VILLAGE_REFUSED, locked, by, now)
    return locked


def _decide(proposal: VillageProposal, by: User) -> VillageProposal:
    """Lock a proposal that is to be decided; raises `VillageDecided` or `VillageNeedsAnother`."""
    locked = VillageProposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if locked.state != VillageProposal.State.PROPOSED:
        raise VillageDecided
    if locked.proposed_by_id == by.pk:
        raise VillageNeedsAnother
    return locked


def _close(
    proposal: VillageProposal, state: str, by: User, now: datetime | None, region: Region | None
) -> None:
    proposal.state = state
    proposal.decided_by = by
    proposal.decided_at = now or timezone.now()
    proposal.region = region
    proposal.save(update_fields=["state", "decided_by", "decided_at", "region"])


def _log(action: AuditAction, proposal: VillageProposal, by: User, now: datetime | None) -> None:
    record(actor=by, action=action, region_code=proposal.code, detail={"proposal": proposal.pk}, now=now)


def _refuse_known(town: Region, name: str) -> None:
    there = RegionVersion.objects.filter(parent=town, valid__endswith=None).values_list("name", flat=True)
    if village_key(name) in {village_key(known) for known in there}:
        raise VillageKnown(name=name)


def _free_code(town_code: str) -> str:
    """Return the first code that neither a place of any time nor a proposal has."""
    taken = set(RegionVersion.objects.filter(code__startswith=f"{town_code}9").values_list("code", flat=True))
    open_proposals = VillageProposal.objects.exclude(state=VillageProposal.State.REFUSED)
    taken |= set(open_proposals.filter(code__startswith=town_code).values_list("code", flat=True))
    code = free_provisional_code(town_code, taken)
    if code is None:
        raise ProvisionalCodesUsedUp
    return code
