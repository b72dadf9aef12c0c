"""The facts equal a count from scratch after any history: triggers note every change that matters."""

from datetime import date

import pytest
import time_machine
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county.counting import FUNDING, NOW, ORIGIN, PLACE, THEN
from county.facts import note_everything, refresh_facts
from county.maps import Asked
from county.models import CountedPlace, FactsDay, StaleFact
from county.queries import GROUPINGS, answer, recount
from courses.models import Attendance, Enrolment, TrainingClass
from registry.models import Person, RegionVersion
from registry.queries.places import version_on
from registry.services import merge_people, unmerge_people
from tests.factories.certificates import (
    CourseFactory,
    EnrolmentFactory,
    PersonFactory,
    TrainingClassFactory,
    attend,
    issued,
    place,
)
from tests.factories.registry import UserFactory
from tests.registry.places_in_time import change, plant

pytestmark = pytest.mark.django_db
STEPS = [
    "enrolment",
    "attendance",
    "correction",
    "person",
    "state",
    "completion",
    "certificate",
    "merge",
    "unmerge",
    "village_moves",
    "village_ends",
    "repin",
    "class_moves",
    "withdraw",
    "read",
]
COUNTRY = {
    "99": "示例省",
    "9901": "示例市",
    "990101": "甲县",
    "990102": "乙县",
    "990101100": "东镇",
    "990102100": "南镇",
    "990101100200": "一村",
    "990101100201": "二村",
    "990102100200": "五村",
}
HOMES = ["990101100200", "990101100201", "990102100200", "990101"]


class World:
    """A small country in which a random step is taken after another; each picks by number."""

    def __init__(self):
        self.country = plant(COUNTRY)
        self.by = UserFactory()
        self.people = PersonFactory.create_batch(4)
        course = CourseFactory()
        self.classes = [
            TrainingClassFactory(
                course=course,
                county=self.country[code],
                county_code=code,
                starts_on=date(2025, month, 1),
                ends_on=date(2025, month, 28),
                is_for_cadres=month == 8,
                closed=True,
            )
            for month, code in ((1, "990101"), (8, "990102"))
        ]
        self.last_merge = None
        self.documents = 0

    def take(self, step, pick):
        getattr(self, step)(pick)

    def _one(self, model, pick, **only):
        found = list(model.objects.filter(**only).order_by("pk"))
        return found[pick % len(found)] if found else None

    def enrolment(self, pick):
        person, training_class = self.people[pick % 4], self.classes[pick // 4 % 2]
        if Enrolment.objects.filter(person=person, training_class=training_class).exists():
            return
        home = self.country[HOMES[pick % 5]] if pick % 5 < 4 else None
        version = version_on(home, training_class.starts_on) if home else None
        EnrolmentFactory(
            person=person,
            training_class=training_class,
            village=home,
            village_version=version,
            was_registered=pick % 2 == 0,
            was_monitored=pick % 3 == 0,
            minutes=45 if pick % 7 else 0,
        )

    def attendance(self, pick):
        if enrolment := self._one(Enrolment, pick):
            attend(enrolment, 45, date(2025, 1, 1 + pick % 20))

    def correction(self, pick):
        if enrolment := self._one(Enrolment, pick):
            attend(enrolment, -45)

    def person(self, pick):
        person = self.people[pick % 4]
        person.refresh_from_db()
        person.sex, person.birth_year, person.identity_level = "FM"[pick % 2], 1950 + pick % 50, pick % 4
        person.save()

    def state(self, pick):
        state = ["open", "closed", "cancelled"][pick % 3]
        TrainingClass.objects.filter(pk=self.classes[pick // 3 % 2].pk).update(state=state)

    def completion(self, pick):
        found = self._one(Enrolment, pick, completed_at=None, withdrawn_at=None)
        if found:
            found.completed_at, found.completed_hours, found.completed_practical = found.enrolled_at, 24, 80
            found.completed_registered = pick % 2 == 0
            found.save()

    def certificate(self, pick):
        found = self._one(Enrolment, pick, completed_at__isnull=False)
        if found and not found.certificates.exists():
            issued(found)
        elif found:
            found.certificates.update(state="revoked", state_reason="red_line")

    def merge(self, pick):
        free = list(
            Person.objects.filter(kept_as=None, pk__in=[one.pk for one in self.people]).order_by("pk")
        )
        if len(free) > 1:
            kept, absorbed = free[pick % len(free)], free[(pick + 1) % len(free)]
            self.last_merge = merge_people(kept=kept, absorbed=absorbed, by=self.by, reason="同一人")

    def unmerge(self, pick):
        if self.last_merge and not self.last_merge.is_undone:
            self.last_merge = unmerge_people(merge=self.last_merge, by=self.by, reason="认错了")

    def _change(self, kind, *args, **kwargs):
        self.documents += 1
        change(kind, date(2026, 1, 1), *args, document=f"{self.documents}号", **kwargs)

    def village_moves(self, pick):
        village = self.country["990101100200"]
        version = version_on(village, date(2026, 1, 1))
        if version and version.code.startswith("990101"):
            self._change("transfer", [village], ["990102100"])

    def village_ends(self, pick):
        village = self.country["990101100201"]
        if version_on(village, date(2026, 1, 1)):
            self._change("abolish", [village])

    def repin(self, pick):
        if enrolment := self._one(Enrolment, pick):
            enrolment.village_version = place("990102100200")
            enrolment.village = enrolment.village_version.region
            enrolment.save()

    def class_moves(self, pick):
        where = self.country[["990101", "990102"][pick % 2]]
        TrainingClass.objects.filter(pk=self.classes[pick // 2 % 2].pk).update(
            ends_on=date(2025, 8 + pick % 5, 28), funding_region=where, place_code="990102100200"
        )

    def withdraw(self, pick):
        found = self._one(Enrolment, pick, completed_at=None, withdrawn_at=None)
        if found:
            found.withdrawn_at = found.enrolled_at
            found.save()

    def read(self, pick):
        refresh_facts(timezone.localdate())


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 60)), min_size=4, max_size=16),
    code=st.sampled_from(["", "99", "990101", "990102", "990101100"]),
    on_map=st.sampled_from([THEN, NOW]),
    view=st.sampled_from([ORIGIN, ORIGIN, PLACE, FUNDING]),
    by=st.sampled_from([None, *GROUPINGS]),
    with_cadres=st.booleans(),
)
def test_facts_equal_a_count_from_scratch(steps, code, on_map, view, by, with_cadres):
    asked = Asked(code, date(2025, 1, 1), date(2026, 12, 1), on_map, view, with_cadres=with_cadres)
    with transaction.atomic():
        world = World()
        for n in range(6):
            world.enrolment(n)
        for step, pick in steps:
            world.take(step, pick)

        assert answer(asked, by) == recount(asked, by)
        transaction.set_rollback(True)


@pytest.fixture
def world(db):
    world = World()
    for n in range(6):
        world.enrolment(n)
    refresh_facts(timezone.localdate())
    return world


def test_nothing_is_asked_twice_when_nothing_changed(world, django_assert_num_queries):
    assert not StaleFact.objects.exists()

    with django_assert_num_queries(1):
        refresh_facts(timezone.localdate())


@pytest.mark.parametrize("step", [step for step in STEPS if step not in ("read", "unmerge", "certificate")])
def test_each_kind_of_change_is_noted(world, step):
    world.take(step, 7 if step == "enrolment" else 3)

    assert StaleFact.objects.exists()


def test_opening_a_lesson_is_not_noted(world):
    enrolment = Enrolment.objects.first()

    enrolment.last_opened_at = enrolment.enrolled_at
    enrolment.save()

    assert not StaleFact.objects.exists()


def test_many_rows_of_one_statement_are_one_note(world):
    enrolment = Enrolment.objects.first()
    rows = [
        Attendance(
            enrolment=enrolment,
            on_date=date(2025, 1, 5),
            minutes=45,
            evidence="live",
            recorded_at=enrolment.enrolled_at,
        )
        for _ in range(5)
    ]

    Attendance.objects.bulk_create(rows)

    assert StaleFact.objects.count() == 1


def test_places_that_change_on_a_day_to_come_are_counted_there_from_that_day(world):
    """Nothing is written on the day itself: the first question of the day moves the facts."""
    village, turn = world.country["990101100200"], date(2026, 3, 5)
    period = date(2025, 1, 1), date(2025, 12, 1)
    with time_machine.travel(date(2026, 3, 1)):
        RegionVersion.objects.filter(region=village).update(valid=DateRange(None, turn))
        place("990102100209", valid=DateRange(turn, None), region=village)
        before = [answer(Asked(code, *period, NOW)).total.enrolled for code in ("990101", "990102")]
    with time_machine.travel(date(2026, 3, 6)):
        after = [answer(Asked(code, *period, NOW)).total.enrolled for code in ("990101", "990102")]

    moved = Enrolment.objects.filter(village=village).count()
    assert moved
    assert [after[0] - before[0], after[1] - before[1]] == [-moved, moved]
    assert FactsDay.objects.get().day == date(2026, 3, 6)


def test_facts_lost_are_worked_out_anew(world):
    asked = Asked("99", date(2025, 1, 1), date(2025, 12, 1))
    before = answer(asked)
    CountedPlace.objects.all().delete()

    note_everything()

    assert answer(asked) == before
    assert before.total.enrolled == 6
