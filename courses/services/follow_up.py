"""After the class: who looks after a trainee, what was seen, what she achieved, and who verified it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from courses.errors import CoachFull, DateAhead, NotACoach, NotTrained, OwnClaim, TooManyShops
from courses.models import (
    CoachAssignment,
    EarlierBusiness,
    Enrolment,
    IncomeDeclaration,
    Outcome,
    OutcomeDecision,
    Shop,
    Visit,
)
from courses.queries.follow_up import coach_reaches, load_of
from courses.uploads import CheckedFile
from registry.models import AuditAction, Person, User
from registry.queries.people import records_of, root_of
from registry.services import record

MOST_TRAINEES = 30  # of one coach: a visit a month each is what one person can do
MOST_SHOPS = 10


@transaction.atomic
def assign_coach(
    *, person: Person, coach: User, by: User, since: date | None = None, now: datetime | None = None
) -> CoachAssignment:
    """Have `coach` look after `person` from a day on; whoever did so before stops the day before.

    Assigning the same coach again changes nothing. Raises NotTrained, NotACoach and CoachFull.
    """
    now = now or timezone.now()
    since = since or timezone.localdate(now)
    person = _lock(person)
    if not Enrolment.objects.filter(person__in=records_of(person)).exists():
        raise NotTrained
    current = CoachAssignment.objects.filter(person=person, until__isnull=True).first()
    if current and current.coach_id == coach.pk:
        return current
    if not coach_reaches(coach, person, since):
        raise NotACoach
    User.objects.select_for_update(no_key=True).get(pk=coach.pk)
    if load_of(coach) >= MOST_TRAINEES:
        raise CoachFull(MOST_TRAINEES)
    if current:
        _end(current, since - timedelta(days=1))
    assignment = CoachAssignment.objects.create(
        coach=coach, person=person, since=since, assigned_by=by, assigned_at=now
    )
    record(actor=by, action=AuditAction.COACH_ASSIGNED, person=person, detail={"coach": coach.pk}, now=now)
    return assignment


@transaction.atomic
def end_coaching(*, assignment: CoachAssignment, by: User, now: datetime | None = None) -> None:
    """End an assignment today; its visits stay. Ending it again changes nothing."""
    now = now or timezone.now()
    locked = CoachAssignment.objects.select_for_update().get(pk=assignment.pk)
    if locked.until is not None:
        return
    _end(locked, timezone.localdate(now))
    record(
        actor=by,
        action=AuditAction.COACH_ASSIGNED,
        person=locked.person,
        detail={"coach": None, "until": timezone.localdate(now).isoformat()},
        now=now,
    )


@dataclass(frozen=True)
class Seen:
    """What a coach writes down after a visit."""

    visited_on: date
    way: str
    help: str
    found: str
    next_step: str = ""
    next_on: date | None = None


@transaction.atomic
def record_visit(
    *,
    assignment: CoachAssignment,
    seen: Seen,
    by: User,
    client_token: uuid.UUID,
    now: datetime | None = None,
) -> Visit:
    """Add a visit to the log; the same token again returns the first. Raises DateAhead."""
    now = now or timezone.now()
    if seen.visited_on > timezone.localdate(now):
        raise DateAhead
    visit, _is_new = Visit.objects.get_or_create(
        client_token=client_token,
        defaults={"assignment": assignment, "recorded_at": now, "recorded_by": by, **vars(seen)},
    )
    return visit


@transaction.atomic
def link_shop(
    *,
    person: Person,
    channel: str,
    name: str,
    url: str,
    by: User,
    opened_on: date | None = None,
    now: datetime | None = None,
) -> Shop:
    """Link a shop of hers; the same address again is the link she has. Raises DateAhead, TooManyShops."""
    now = now or timezone.now()
    if opened_on and opened_on > timezone.localdate(now):
        raise DateAhead
    person = _lock(person)
    open_shops = Shop.objects.filter(person=person, closed_at__isnull=True)
    existing = open_shops.filter(url=url).first()
    if existing:
        return existing
    if open_shops.count() >= MOST_SHOPS:
        raise TooManyShops(MOST_SHOPS)
    return Shop.objects.create(
        person=person, channel=channel, name=name, url=url, opened_on=opened_on, added_at=now, added_by=by
    )


@transaction.atomic
def unlink_shop(*, shop: Shop, now: datetime | None = None) -> None:
    """Take a shop link off; outcomes that point to it keep it."""
    Shop.objects.filter(pk=shop.pk, closed_at__isnull=True).update(closed_at=now or timezone.now())


@dataclass(frozen=True)
class Claim:
    """What somebody says a trainee achieved; `operator` of a family's shop, when it is somebody else."""

    kind: str
    happened_on: date
    shop: Shop | None = None
    employer: str = ""
    note: str = ""
    operator: Person | None = None


@transaction.atomic
def claim_outcome(
    *,
    person: Person,
    claim: Claim,
    by: User,
    client_token: uuid.UUID,
    picture: CheckedFile | None = None,
    now: datetime | None = None,
) -> Outcome:
    """Keep a claim until somebody looks into it; the same token again returns the first. Raises DateAhead."""
    now = now or timezone.now()
    if claim.happened_on > timezone.localdate(now):
        raise DateAhead
    operator = root_of(claim.operator) if claim.operator else None
    outcome, is_new = Outcome.objects.get_or_create(
        client_token=client_token,
        defaults={
            "person": root_of(person),
            "kind": claim.kind,
            "happened_on": claim.happened_on,
            "shop": claim.shop,
            "employer": claim.employer,
            "note": claim.note,
            "operator": operator,
            "claimed_at": now,
            "claimed_by": by,
        },
    )
    if is_new and picture:
        outcome.picture_sha256 = picture.sha256
        outcome.picture.save("picture.jpg", picture.content, save=False)  # type: ignore[arg-type]
        outcome.save(update_fields=["picture", "picture_sha256"])
    return outcome


@transaction.atomic
def decide_outcome(
    *, outcome: Outcome, verdict: str, way: str, reason: str, by: User, now: datetime | None = None
) -> OutcomeDecision:
    """Verify a claim or say that it could not be confirmed; the newest decision holds.

    The same decision again returns the first. Raises OwnClaim: nobody verifies what she claimed.
    """
    now = now or timezone.now()
    locked = Outcome.objects.select_for_update().select_related("person").get(pk=outcome.pk)
    if locked.claimed_by_id == by.pk:
        raise OwnClaim
    last = locked.decisions.first()
    if last and (last.verdict, last.way, last.reason, last.decided_by_id) == (verdict, way, reason, by.pk):
        return last
    decision = OutcomeDecision.objects.create(
        outcome=locked,
        verdict=verdict,
        way=way,
        reason=reason,
        decided_at=now,
        decided_by=by,
        claimed_by=locked.claimed_by,
    )
    record(
        actor=by,
        action=AuditAction.OUTCOME_DECIDED,
        person=locked.person,
        detail={"outcome": locked.kind, "verdict": verdict},
        now=now,
    )
    return decision


@transaction.atomic
def say_earlier_business(
    *, enrolment: Enrolment, had_one: bool, by: User, now: datetime | None = None
) -> EarlierBusiness:
    """Note whether she sold online before the class; said again, the newer word holds."""
    said, _is_new = EarlierBusiness.objects.update_or_create(
        enrolment=enrolment,
        defaults={"had_one": had_one, "said_at": now or timezone.now(), "recorded_by": by},
    )
    return said


@transaction.atomic
def declare_income(*, enrolment: Enrolment, moment: str, band: int, now: datetime | None = None) -> None:
    """Keep the band she declares for before or after the class; said again, the newer word holds."""
    IncomeDeclaration.objects.update_or_create(
        enrolment=enrolment, moment=moment, defaults={"band": band, "declared_at": now or timezone.now()}
    )


@transaction.atomic
def delete_income(*, person: Person) -> int:
    """Delete what she declared about her income: it is hers. Return how many rows it was."""
    deleted, _by_model = IncomeDeclaration.objects.filter(enrolment__person__in=records_of(person)).delete()
    return deleted


def _lock(person: Person) -> Person:
    return Person.objects.select_for_update(no_key=True).get(pk=root_of(person).pk)


def _end(assignment: CoachAssignment, last_day: date) -> None:
    assignment.until = max(assignment.since, last_day)
    assignment.save(update_fields=["until"])
