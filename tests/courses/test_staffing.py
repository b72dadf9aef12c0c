"""Places and logins of a class that goes on, through their forms."""

from datetime import date

import pytest
from django.urls import reverse

from courses.services import take_place
from registry.services import appoint
from tests.factories import courses as make
from tests.factories.classes import ONE_DAY, appointed_accounts, make_open, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    """One account for each step, appointed for the county."""
    return appointed_accounts()


def url(name, *args):
    return reverse(f"courses:{name}", args=args)


def test_office_changes_the_places_of_an_open_class_and_who_waits_moves_up(as_, by):
    made = make_open(by, capacity=1, **ONE_DAY)
    first, second = seat(made), make.make_person("学员乙", village=make.make_village())
    waiting = take_place(training_class=made, person=second, by=by["town"])
    office = as_("office")
    assert url("change_capacity", made.uid) in office.get(url("class", made.uid)).content.decode()

    empty = office.post(url("change_capacity", made.uid), {"capacity": "2"})
    office.post(url("change_capacity", made.uid), {"capacity": "2", "reason": "换了大教室"})

    assert empty.context["capacity_form"].errors.keys() == {"reason"}
    made.refresh_from_db()
    waiting.refresh_from_db()
    assert (made.capacity, waiting.state, first.withdrawn_at) == (2, "placed", None)
    assert as_("body").post(url("change_capacity", made.uid), {"capacity": "3"}).status_code == 404


def test_body_names_the_login_of_the_teacher(as_, by, open_class):
    teacher = make.make_user("示例讲师")
    appoint(user=teacher, role="instructor", region=open_class.county, since=date(2020, 1, 1))
    body = as_("body")

    body.post(url("name_teacher", open_class.uid), {"account": teacher.pk})

    open_class.refresh_from_db()
    assert open_class.lead_account == teacher
    assert "示例讲师" in body.get(url("class", open_class.uid)).content.decode()


def test_login_of_a_site_s_tutor_is_one_that_teaches_there(as_, by, sitting):
    teacher, stranger = make.make_user("示例讲师"), make.make_user("外人")
    appoint(user=teacher, role="coach", region=sitting.training_class.county, since=date(2020, 1, 1))
    asked = {"name": "桃花村听课点", "tutor_name": "辅导员甲"}
    body = as_("body")

    refused = body.post(url("add_site", sitting.uid), asked | {"tutor": stranger.pk})
    body.post(url("add_site", sitting.uid), asked | {"tutor": teacher.pk})

    assert refused.context["site_form"].errors.keys() == {"tutor"}
    assert sitting.sites.get(name="桃花村听课点").tutor == teacher
