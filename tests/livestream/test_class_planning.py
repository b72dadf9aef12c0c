"""The list of live classes and their planning: who sees what, who may schedule, move, call off."""

import uuid
from datetime import timedelta

import pytest

from courses.models import TrainingClass
from livestream.models import (
    LiveClass,
)
from tests.factories import courses as make
from tests.factories.live_class import STARTS, fresh, make_live_class
from tests.livestream.class_pages import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening")]


def test_list_shows_what_concerns_her(as_trainee, live_class, teacher):
    county = make.make_county()
    foreign = TrainingClass.objects.create(
        course=make.make_course("U"),
        county=county.region,
        county_code="431129",
        year=2026,
        number=99,
        kind="taught",
        state="planned",
        starts_on=STARTS.date(),
        ends_on=STARTS.date(),
    )
    make_live_class(foreign, teacher)

    answer = as_trainee.get("/rehearse/classes/")

    assert list(answer.context["upcoming"]) == [live_class]
    assert answer.context["can_teach"] is False


def test_list_costs_the_same_with_more_classes(
    as_teacher, live_class, teacher, training_class, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(40) as queries:
            as_teacher.get("/rehearse/classes/")
        return len(queries)

    count()
    one = count()
    for _ in range(2):
        make_live_class(training_class, teacher)

    assert count() == one


def plan(of, **fields):
    return {
        "training_class": of.pk,
        "title": "在线答疑",
        "day": "2026-03-08",
        "time": "19:30",
        "planned_minutes": "45",
        "client_token": str(uuid.uuid4()),
        **fields,
    }


def test_teacher_schedules_once(as_teacher, training_class):
    sent = plan(training_class)

    answers = [as_teacher.post("/rehearse/classes/new/", sent) for _ in "ab"]

    made = LiveClass.objects.get()
    assert answers[0].url == answers[1].url == address("class_desk", made)
    assert made.session.place.code == "431125"


@pytest.mark.parametrize(
    "wrong", [{"day": "2026-03-01"}, {"planned_minutes": "500"}, {"training_class": "0"}, {"title": ""}]
)
def test_wrong_plan_is_refused(as_teacher, training_class, wrong):
    answer = as_teacher.post("/rehearse/classes/new/", plan(training_class, **wrong))

    assert (answer.status_code, LiveClass.objects.count()) == (200, 0)


def test_trainee_schedules_nothing(as_trainee):
    assert as_trainee.get("/rehearse/classes/new/").status_code == 404


def test_class_is_moved_and_called_off(as_teacher, training_class, teacher):
    live_class = make_live_class(training_class, teacher, STARTS + timedelta(days=2))
    sent = plan(training_class, title="改期", time="20:00")

    as_teacher.post(address("class_change", live_class), sent)
    moved = fresh(live_class)
    as_teacher.post(address("class_change", live_class), {"step": "cancel"})

    assert (moved.title, moved.starts_at) == ("改期", make.at("2026-03-08", "20:00"))
    assert fresh(live_class).is_cancelled


def test_class_that_has_begun_is_not_moved(as_teacher, live_class, training_class):
    answer = as_teacher.post(address("class_change", live_class), plan(training_class))
    as_teacher.post(address("class_change", live_class), {"step": "cancel"})

    assert "已经开始" in answer.content.decode()
    assert not fresh(live_class).is_cancelled
