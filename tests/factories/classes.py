"""Taught classes with their timetable and roster, made through the services a county uses."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from courses.models import Enrolment, Evidence, Sitting, TrainingClass
from courses.services import (
    ClassPlan,
    Proof,
    SittingPlan,
    add_sitting,
    approve_class,
    check_class,
    confirm_sitting,
    plan_class,
    receive_sheet,
    sign_in,
    submit_class,
    take_place,
)
from registry.models import Region, User
from registry.scans import check_scan
from tests.factories import courses as make

PLAN = ClassPlan(
    starts_on=date(2026, 3, 2),
    ends_on=date(2026, 3, 4),
    planned_hours=Decimal(24),
    capacity=40,
    venue="示例镇文化站",
    room_capacity=50,
    budget_line="2026-电商-03",
    lead_teacher="示例老师",
)
HALF_DAYS = (("morning", "09:00"), ("afternoon", "14:00"))
# What `make_open` takes for a class of one day.
ONE_DAY = {"days": ("2026-03-02",), "planned_hours": 8}


def accounts() -> dict[str, User]:
    """Make one account for each step: body enters, town checks, office approves."""
    return {name: make.make_user(name) for name in ("body", "town", "office")}


def make_planned(
    by: dict[str, User],
    *,
    days: tuple[str, ...] = ("2026-03-02", "2026-03-03", "2026-03-04"),
    half_days: tuple[tuple[str, str], ...] = HALF_DAYS,
    minutes: int = 180,
    place: Region | None = None,
    course: object = None,
    **plan: object,
) -> TrainingClass:
    """Plan a class: two sittings of 180 minutes on each day, 24 class hours."""
    training_class = plan_class(
        course=course or make.make_course(f"T{make.make_user().pk}", "24"),
        place=place or make.make_village(),
        plan=replace(PLAN, **{"starts_on": date.fromisoformat(days[0]), **_ends(days), **plan}),
        by=by["body"],
        now=make.at(days[0]) - timedelta(days=20),
    )
    for day in days:
        for kind, clock in half_days:
            begins = make.at(day, clock)
            sitting = SittingPlan(kind, begins, begins + timedelta(minutes=minutes), minutes, "选品与包装")
            add_sitting(training_class=training_class, plan=sitting, by=by["body"])
    training_class.refresh_from_db()
    return training_class


def _ends(days: tuple[str, ...]) -> dict[str, date]:
    return {"ends_on": date.fromisoformat(days[-1])}


def make_open(by: dict[str, User], **options: object) -> TrainingClass:
    """Plan a class and take it through its steps: people may join it."""
    training_class = make_planned(by, **options)
    moment = make.at(training_class.starts_on.isoformat()) - timedelta(days=10)
    submit_class(training_class=training_class, by=by["body"], now=moment)
    check_class(training_class=training_class, by=by["town"], now=moment)
    approve_class(training_class=training_class, approval_number="江商字3号", by=by["office"], now=moment)
    training_class.refresh_from_db()
    return training_class


def seat(training_class: TrainingClass, name: str = "学员甲", person: object = None) -> Enrolment:
    """Give somebody of the home county's village a place."""
    moment = make.at(training_class.starts_on.isoformat()) - timedelta(days=5)
    somebody = person or make.make_person(name, village=make.make_village())
    taken = take_place(training_class=training_class, person=somebody, by=make.make_user(), now=moment)
    assert isinstance(taken, Enrolment)
    return taken


def during(sitting: Sitting, minutes: int = 5) -> datetime:
    """Return a moment of the sitting."""
    return sitting.starts_at + timedelta(minutes=minutes)


def attend(
    enrolment: Enrolment, sitting: Sitting, by: User, minutes: int | None = None, evidence: str = Evidence.PEN
) -> None:
    """Sign somebody in at the first site of a sitting."""
    sign_in(
        enrolment=enrolment,
        sitting=sitting,
        site=sitting.sites.first(),
        proof=Proof(evidence, minutes=minutes),
        by=by,
        now=during(sitting),
    )


def send_sheets(sitting: Sitting, by: User, heads: int) -> None:
    """Send the signed sheet of every site, each with so many heads."""
    for site in sitting.sites.all():
        receive_sheet(site=site, heads=heads, scan=check_scan(make.photo().file), by=by, now=during(sitting))


def confirm_all(training_class: TrainingClass, by: User) -> None:
    """Confirm each sitting with a sheet of as many heads as are keyed in."""
    from courses.queries.sittings import heads_at

    for sitting in training_class.sittings.filter(state__in=("planned", "held")):
        send_sheets(sitting, by, heads_at(sitting.sites.first()))
        confirm_sitting(sitting=sitting, by=by, now=sitting.ends_at)
