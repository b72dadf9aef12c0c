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
from courses.models import Enrolment
from registry.models import RegionVersion
from tests.county.world import STEPS, World
from tests.factories.certificates import (
    place,
)

pytestmark = pytest.mark.django_db
HISTORIES = int(os.environ.get("HISTORIES", "40"))


@pytest.mark.slow
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
