"""Drawing people to call, and keeping what the calls came to (A15)."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from county.errors import NothingToDraw
from county.models import AuditCall, AuditCallResult, AuditSample
from county.queries.samples import candidates_of, closed_classes_of_month
from county.sampling import draw, fingerprint
from courses.models import TrainingClass
from registry.models import AuditAction, Person, Region, User
from registry.queries.places import version_by_code
from registry.services import record


def draw_class(
    *, training_class: TrainingClass, by: User, seed: str = "", now: datetime | None = None
) -> AuditSample:
    """Draw from one closed class; without a seed one is thrown. Raises NothingToDraw."""
    classes = [training_class] if training_class.state == TrainingClass.State.CLOSED else []
    sample = AuditSample(
        county=training_class.county, county_code=training_class.county_code, training_class=training_class
    )
    return _draw(sample, classes, by, seed, now or timezone.now())


def draw_month(
    *, county_code: str, month: date, by: User, seed: str = "", now: datetime | None = None
) -> AuditSample:
    """Draw from every class of a county that ended in a month, each on its own. Raises NothingToDraw."""
    county: Region = version_by_code(county_code).region
    sample = AuditSample(county=county, county_code=county_code, month=month.replace(day=1))
    return _draw(sample, closed_classes_of_month(county_code, month), by, seed, now or timezone.now())


@transaction.atomic
def record_call(
    *, call: AuditCall, outcome: str, note: str = "", by: User, now: datetime | None = None
) -> AuditCallResult:
    """Add what a call came to; the newest result holds."""
    now = now or timezone.now()
    result = AuditCallResult.objects.create(call=call, outcome=outcome, note=note.strip(), by=by, at=now)
    record(
        actor=by,
        action=AuditAction.AUDIT_CALL_MADE,
        person=call.person,
        region_code=call.sample.county_code,
        detail={"class": call.training_class.label, "outcome": outcome},
        now=now,
    )
    return result


def forget_notes(*, person: Person) -> None:
    """Take the notes about a deleted person away; that she was called and what she answered stays."""
    AuditCallResult.objects.filter(call__person=person).exclude(note="").update(note="")


@transaction.atomic
def _draw(
    sample: AuditSample, classes: list[TrainingClass], by: User, seed: str, now: datetime
) -> AuditSample:
    """Keep the seed and the fingerprint of the lists with what they draw."""
    found = candidates_of(classes)
    if not found:
        raise NothingToDraw
    sample.seed = seed.strip() or f"{secrets.randbelow(10**8):08d}"
    lists = {
        str(each.uid): [candidate for candidate, _pk in found[each.pk]]
        for each in classes
        if each.pk in found
    }
    sample.population = sum(len(people) for people in lists.values())
    sample.population_sha256 = fingerprint(lists)
    sample.drawn_by, sample.drawn_at = by, now
    sample.save()
    calls: list[AuditCall] = []
    for each in classes:
        people = dict(found.get(each.pk, []))
        for candidate in draw(people, seed=sample.seed, of=str(each.uid)):
            number = len(calls) + 1
            calls.append(
                AuditCall(
                    sample=sample,
                    number=number,
                    person_id=people[candidate],
                    training_class=each,
                    town=candidate.town,
                )
            )
    AuditCall.objects.bulk_create(calls)
    record(
        actor=by,
        action=AuditAction.AUDIT_SAMPLE_DRAWN,
        region_code=sample.county_code,
        detail={"of": _of(sample), "seed": sample.seed, "people": len(calls), "from": sample.population},
        now=now,
    )
    return sample


def _of(sample: AuditSample) -> str:
    if sample.training_class:
        return sample.training_class.label
    return f"{sample.month:%Y-%m}" if sample.month else ""
