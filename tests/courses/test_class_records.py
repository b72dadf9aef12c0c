"""What stays of taught classes: in a person's own record, under the retention rules, in the demo."""

from datetime import timedelta

import pytest

from courses.demo import load_classes
from courses.models import SittingPhoto, TrainingClass
from courses.queries.held import training_of
from courses.services import add_photo, cancel_class, give_up_place, take_place
from registry.models import RetentionRule
from registry.services import appoint
from registry.services.retention import apply_retention
from tests.factories import courses as make
from tests.factories.classes import ONE_DAY, attend, make_open, seat

pytestmark = pytest.mark.django_db


def states_and_hours(person):
    return [(row[2], row[4]) for row in training_of(person).rows]


def test_e18_hours_of_a_cancelled_class_stay_in_her_record(by):
    enrolment = seat(make_open(by, **ONE_DAY))
    attend(enrolment, enrolment.training_class.sittings.first(), by["body"])

    cancel_class(training_class=enrolment.training_class, reason="大雪封路", by=by["office"])

    assert states_and_hours(enrolment.person) == [("未成班", "4.00")]


def test_her_record_holds_places_given_up_and_waited_for(by):
    training_class = make_open(by, capacity=1, **ONE_DAY)
    enrolment = seat(training_class)
    waiting = take_place(training_class=training_class, person=make.make_person("学员乙"))
    assert states_and_hours(waiting.person) == [("候补中", "")]

    give_up_place(enrolment=enrolment, reason="外出务工")

    assert states_and_hours(enrolment.person) == [("名额已退出", "0.00")]
    assert states_and_hours(waiting.person) == [("开班中", "0.00")]


def test_old_photos_go_and_their_hash_stays(by):
    sitting = make_open(by, **ONE_DAY).sittings.first()
    photo = add_photo(
        sitting=sitting, file=make.photo().file, view="front", by=by["body"], now=make.at("2026-03-02")
    )
    rule = RetentionRule.objects.get(subject="sign_in_photos")
    later = make.at("2026-03-02") + timedelta(days=rule.keep_days + 1)

    assert apply_retention(is_rehearsal=True, now=later)["sign_in_photos"] == 1
    assert apply_retention(now=later)["sign_in_photos"] == 1

    kept = SittingPhoto.objects.get()
    assert (kept.file.name, kept.sha256) == ("", photo.sha256)
    assert apply_retention(now=later)["sign_in_photos"] == 0


def test_demo_has_a_class_tomorrow_once():
    county = make.make_county()
    make.make_course()
    town = county.region.child_versions.get(code="431125100")
    for role, region in (("operator", county.region), ("office", county.region), ("town", town.region)):
        appoint(user=make.make_user(role), role=role, region=region, since=make.at("2020-01-01").date())
    make.make_person(village=make.make_village())

    made = load_classes()

    assert (made.state, made.sittings.count(), made.enrolments.count()) == ("planned", 2, 1)
    made.refresh_from_db()
    assert made.state == "open"
    assert load_classes() is None
    assert TrainingClass.objects.count() == 1
