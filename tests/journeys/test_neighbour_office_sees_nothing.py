"""An officer and an instructor of the next county: nothing of this county exists for them."""

import uuid
from datetime import date

import pytest
from django.db import transaction
from playwright.sync_api import expect

from certificates.services import issue_certificate, render_certificate
from courses.services import assess, enrol_person, hand_in, send_quiz
from registry.models import Appointment, RosterImport
from registry.services import appoint
from tests.chromium import DESK
from tests.factories import courses as make
from tests.factories.registry import UserFactory
from tests.journeys.words import chinese

pytestmark = pytest.mark.browser

HERE = "431125"


@pytest.fixture
def addresses(box_course, roster, instructor_user) -> dict[str, list[str]]:
    """The pages about this county's people, by who may see them."""
    enrolment = _completed(box_course, instructor_user)
    with transaction.atomic():  # printed before a worker can hear of it
        certificate = issue_certificate(enrolment=enrolment)
        render_certificate(certificate_id=certificate.pk)
    submission = enrolment.submissions.get()
    roster_import = RosterImport.objects.get()
    return {
        "office": [
            f"/county/figures/?region={HERE}",
            f"/county/people/?region={HERE}",
            f"/county/classes/{enrolment.training_class.uid}/close/",
            f"/admin/rosters/{roster_import.uid}/",
            f"/admin/rosters/{roster_import.uid}/progress/",
        ],
        "instructor": [f"/learn/marking/{submission.uid}/"],
        "office file": [f"/county/export.xlsx?region={HERE}", f"/verify/file/{certificate.uid}/"],
        "instructor file": [f"/learn/work/{submission.uid}/{submission.files.get().pk}/"],
    }


def _completed(page, marker):
    person = make.make_person(user=make.make_user(), village=make.make_village())
    enrolment = enrol_person(person=person, course=page.course)
    first, second = page.get_children().specific()
    for lesson in (first, second):
        send_quiz(enrolment=enrolment, lesson=lesson, answers=make.RIGHT_ANSWERS, client_token=uuid.uuid4())
    submission = hand_in(
        enrolment=enrolment,
        lesson=second,
        task_key="final",
        files=[make.photo()],
        client_token=uuid.uuid4(),
    )
    assess(submission=submission, marker=marker, levels={"care": 4, "label": 4})
    enrolment.refresh_from_db()
    return enrolment


def test_neighbours_get_404_where_the_county_itself_gets_pages(
    new_context, sign_in, other_county, office_user, instructor_user, addresses, assert_accessible
):
    own = {"office": office_user, "instructor": instructor_user}
    for role in ("office", "instructor"):
        neighbour = UserFactory()
        appoint(user=neighbour, role=Appointment.Role(role), region=other_county, since=date(2020, 1, 1))
        here, there = new_context(viewport=DESK).new_page(), new_context(viewport=DESK).new_page()
        sign_in(here.context, own[role])
        sign_in(there.context, neighbour)
        for address in addresses[role]:
            assert here.goto(address).status == 200, address
            assert there.goto(address).status == 404, address
            assert_accessible(there)
        for address in addresses[f"{role} file"]:
            assert here.request.get(address).status == 200, address
            assert there.request.get(address).status == 404, address


def test_neighbour_office_has_a_desk_of_its_own_and_it_is_empty(
    page, sign_in, other_county, addresses, assert_accessible
):
    neighbour = UserFactory()
    appoint(user=neighbour, role=Appointment.Role.OFFICE, region=other_county, since=date(2020, 1, 1))
    page.set_viewport_size(DESK)
    sign_in(page.context, neighbour)

    page.goto("/county/figures/")
    assert set(page.locator("tfoot td").all_text_contents()) <= {"0", "0.0", "—"}
    assert_accessible(page)
    page.goto("/county/classes/")
    expect(page.get_by_text(chinese("No class yet"))).to_be_visible()
    assert_accessible(page)
    page.goto("/admin/rosters/")
    expect(page.get_by_text(chinese("No list has been imported yet"))).to_be_visible()
    assert_accessible(page)
