"""A class tomorrow: planned, checked and approved by the demo's accounts, with a dozen people."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from courses.models import Course, TrainingClass
from courses.services import (
    ClassPlan,
    SitePlan,
    SittingPlan,
    add_sitting,
    approve_class,
    check_class,
    plan_class,
    submit_class,
    take_place,
)
from registry.models import Appointment, Person, RegionVersion, User
from registry.queries.places import in_subtree, version_on

ROSTER = 12
HALF_DAYS = (("morning", time(9), "看样品，学分级"), ("afternoon", time(14), "装箱和贴标签"))
_MINUTES = 180


@transaction.atomic
def load_classes(*, now: datetime | None = None) -> TrainingClass | None:
    """Plan a taught class that begins tomorrow, unless one is still to come; return it if it is new."""
    now = now or timezone.now()
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    steps = [_somebody(role) for role in ("operator", "town", "office")]
    course = Course.objects.order_by("code").first()
    coming = TrainingClass.objects.filter(kind=TrainingClass.Kind.TAUGHT, starts_on__gte=tomorrow)
    if course is None or coming.exists() or None in steps:
        return None
    operator, town, office = [step for step in steps if step is not None]
    place = town.region
    if version_on(place, tomorrow) is None:
        return None
    plan = ClassPlan(
        starts_on=tomorrow,
        ends_on=tomorrow,
        planned_hours=Decimal(8),
        capacity=40,
        venue="示例镇文化站二楼教室",
        room_capacity=50,
        budget_line="电商进农村综合示范 · 培训",
        lead_teacher="示例 老师",
    )
    made = plan_class(course=course, place=place, plan=plan, by=operator.user, now=now)
    _add_sittings(made, tomorrow, operator.user, now)
    for person in _people_near(place.pk, tomorrow):
        take_place(training_class=made, person=person, by=town.user, now=now)
    submit_class(training_class=made, by=operator.user, now=now)
    check_class(training_class=made, by=town.user, now=now)
    approve_class(training_class=made, approval_number="示例商字〔示范〕12号", by=office.user, now=now)
    return made


def _add_sittings(made: TrainingClass, day: date, by: User, now: datetime) -> None:
    for kind, clock, topic in HALF_DAYS:
        begins = timezone.make_aware(datetime.combine(day, clock))
        plan = SittingPlan(kind, begins, begins + timedelta(minutes=_MINUTES), _MINUTES, topic)
        room = SitePlan(made.venue, made.place_region, made.room_capacity, tutor_name="示例 辅导员")
        add_sitting(training_class=made, plan=plan, site=room, by=by, now=now)


def _somebody(role: str) -> Appointment | None:
    held = Appointment.objects.filter(role=role, valid__contains=timezone.localdate())
    return held.select_related("user", "region").order_by("pk").first()


def _people_near(region: int, day: date) -> list[Person]:
    code = RegionVersion.objects.get(region=region, valid__contains=day).code
    villages = RegionVersion.objects.filter(in_subtree(code), valid__contains=day)
    people = Person.objects.filter(village__in=villages.values("region"), kept_as=None)
    return list(people.order_by("pk")[:ROSTER])
