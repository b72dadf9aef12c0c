"""The facts equal a count from scratch after any history: triggers note every change that matters.

`make test` walks some; with `HISTORIES=1000` in the environment pytest walks as many as told.
"""

import os
from datetime import date

import pytest
import time_machine
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from county import facts
from county.counting import FUNDING, NOW, ORIGIN, PLACE, THEN
from county.facts import note_everything, refresh_facts, work_out_anew
from county.maps import Asked
from county.models import ClassCell, CountCell, CountedPlace, FactsDay, StaleFact
from county.queries import GROUPINGS, answer, recount
from courses.models import Course, EarlierBusiness, Enrolment, Outcome, TrainingClass
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
HISTORIES = int(os.environ.get("HISTORIES", "40"))
STEPS = [
    "enrolment",
    "attendance",
    "correction",
    "person",
    "state",
    "completion",
    "certificate",
    "earlier_business",
    "outcome",
    "decision",
    "course_changes",
    "merge",
    "unmerge",
    "village_moves",
    "village_ends",
    "village_splits",
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
        self.by, self.verifier = UserFactory.create_batch(2)
        self.people = PersonFactory.create_batch(4)
        first, second = CourseFactory.create_batch(2)
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
            for month, code, course in ((1, "990101", first), (8, "990102", first), (7, "990101", second))
        ]
        self.last_merge = None
        self.documents = 0

    def take(self, step, pick):
        getattr(self, step)(pick)

    def _one(self, model, pick, **only):
        found = list(model.objects.filter(**only).order_by("pk"))
        return found[pick % len(found)] if found else None

    def enrolment(self, pick):
        person, training_class = self.people[pick % 4], self.classes[pick // 4 % 3]
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
        TrainingClass.objects.filter(pk=self.classes[pick // 3 % 3].pk).update(state=state)

    def completion(self, pick):
        found = self._one(Enrolment, pick, completed_at=None, withdrawn_at=None)
        if found:
            found.completed_at, found.completed_hours, found.completed_practical = found.enrolled_at, 24, 80
            found.completed_registered = pick % 2 == 0
            found.save()

    def certificate(self, pick):
        found = self._one(
            Enrolment, pick, completed_at__isnull=False, training_class__state__in=["open", "closed"]
        )
        if found and not found.certificates.exists():
            issued(found)
        elif found:
            found.certificates.update(state="revoked", state_reason="red_line")

    def earlier_business(self, pick):
        if enrolment := self._one(Enrolment, pick):
            EarlierBusiness.objects.update_or_create(
                enrolment=enrolment,
                defaults={"had_one": pick % 2 == 0, "said_at": timezone.now(), "recorded_by": self.by},
            )

    def outcome(self, pick):
        Outcome.objects.create(
            person=self.people[pick % 4],
            operator=self.people[pick // 4 % 4] if pick % 3 == 0 else None,
            kind="job",
            happened_on=date(2025, 1 + pick % 12, 28),
            claimed_at=timezone.now(),
            claimed_by=self.by,
        )

    def decision(self, pick):
        if outcome := self._one(Outcome, pick):
            outcome.decisions.create(
                verdict="refused" if pick % 4 == 0 else "verified",
                way="phone",
                reason="核实",
                decided_at=timezone.now(),
                decided_by=self.verifier,
                claimed_by=self.by,
            )

    def course_changes(self, pick):
        categories = Course.Category.values
        Course.objects.filter(pk=self.classes[0].course_id).update(
            category=categories[pick % len(categories)]
        )

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

    def village_splits(self, pick):
        village = self.country["990101100200"]
        version = version_on(village, date(2026, 1, 1))
        if version and version.code.startswith("990101"):
            parts = [(f"{version.code[:9]}{number}", f"{number}村") for number in (218, 219)]
            self._change("split", [village], parts)

    def repin(self, pick):
        if enrolment := self._one(Enrolment, pick):
            enrolment.village_version = place("990102100200")
            enrolment.village = enrolment.village_version.region
            enrolment.save()

    def class_moves(self, pick):
        where = self.country[["990101", "990102"][pick % 2]]
        TrainingClass.objects.filter(pk=self.classes[pick // 2 % 3].pk).update(
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
    max_examples=HISTORIES,
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
    narrowed=st.sampled_from(["", "", "course", "category", "both"]),
    months=st.sampled_from([(1, 24), (1, 24), (1, 1), (8, 8), (2, 9)]),
    is_made_anew=st.sampled_from([False, False, True]),
)
def test_facts_equal_a_count_from_scratch(
    steps, code, on_map, view, by, with_cadres, narrowed, months, is_made_anew
):
    since, until = (date(2025 + (month - 1) // 12, (month - 1) % 12 + 1, 1) for month in months)
    with transaction.atomic():
        world = World()
        course = world.classes[0].course
        asked = Asked(
            code,
            since,
            until,
            on_map,
            view,
            course=course.code if narrowed in ("course", "both") else "",
            category=course.category if narrowed in ("category", "both") else "",
            with_cadres=with_cadres,
        )
        for n in range(6):
            world.enrolment(n)
        for step, pick in steps:
            world.take(step, pick)

        assert answer(asked, by) == recount(asked, by)
        if is_made_anew:
            kept = everything_counted()
            note_everything()
            work_out_anew(asked.today)
            assert everything_counted() == kept
        transaction.set_rollback(True)


def everything_counted():
    """Return the facts and cells as sets of rows without their numbers."""
    found = []
    for model in (CountedPlace, CountCell, ClassCell):
        names = [field.attname for field in model._meta.fields if field.name != "id"]
        rows = [tuple(map(str, row)) for row in model.objects.values_list(*names)]
        assert len(rows) == len(set(rows))
        found.append(set(rows))
    return found


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


@pytest.mark.parametrize(
    "step", [s for s in STEPS if s not in ("read", "unmerge", "certificate", "decision")]
)
def test_each_kind_of_change_is_noted(world, step):
    world.take(step, 7 if step == "enrolment" else 3)

    assert StaleFact.objects.exists()


def test_decision_on_an_outcome_is_noted(world):
    world.outcome(3)
    world.read(0)

    world.decision(3)

    assert StaleFact.objects.exists()


def test_opening_a_lesson_is_not_noted(world):
    enrolment = Enrolment.objects.first()

    enrolment.last_opened_at = enrolment.enrolled_at
    enrolment.save()

    assert not StaleFact.objects.exists()


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


def test_person_is_observed_until_her_180_days_are_over(world):
    """R13: nothing is written on the day they end; the first question after it moves the facts."""
    period = date(2025, 1, 1), date(2025, 12, 1)
    enrolment = Enrolment.objects.filter(training_class=world.classes[0], attendances__minutes__gt=0).first()
    Enrolment.objects.filter(pk=enrolment.pk).update(
        completed_at=enrolment.enrolled_at, completed_hours=24, completed_practical=80
    )
    observed = {}
    for day in (date(2025, 7, 27), date(2025, 7, 28)):  # the class ended on 28 January
        with time_machine.travel(day):
            total = answer(Asked("99", *period)).total
            observed[day.day] = (total.watching, total.cohort)

    assert observed == {27: (1, 0), 28: (0, 1)}


def test_facts_lost_are_worked_out_anew(world):
    asked = Asked("99", date(2025, 1, 1), date(2025, 12, 1))
    before = answer(asked)
    CountedPlace.objects.all().delete()
    CountCell.objects.all().delete()

    note_everything()

    assert answer(asked) == before
    assert before.total.enrolled == 6


@pytest.mark.parametrize("is_empty", [True, False])
def test_most_people_are_worked_out_together(world, monkeypatch, is_empty):
    """From nothing, or when nearly everybody is noted, and with all indexes afterwards."""
    before, indexes = everything_counted(), indexes_of("county_countedplace")
    monkeypatch.setattr(facts, "BATCH", 2)
    monkeypatch.setattr(facts, "take_out", None)
    if is_empty:
        note_everything()
    else:
        StaleFact.objects.bulk_create(StaleFact(kind="C", key=one.pk) for one in world.classes)

    refresh_facts(timezone.localdate())

    assert everything_counted() == before
    assert indexes_of("county_countedplace") == indexes
    assert not StaleFact.objects.exists()


def indexes_of(table):
    with connection.cursor() as cursor:
        return connection.introspection.get_constraints(cursor, table)
