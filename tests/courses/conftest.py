import uuid

import pytest

from courses.services import enrol_person, hand_in, import_ledger
from tests.courses.old_ledger_files import ledger, write_ledger
from tests.factories import courses as make
from tests.factories.classes import ONE_DAY, accounts, make_open


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path, private_files):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def course_page(db):
    """The page of a course of four hours: two lessons of two hours, the second with the final practical."""
    make.make_county()
    page = make.make_course_page(make.make_course())
    make.make_lesson(page, make.text_block(), make.quiz_block(), slug="one")
    make.make_lesson(page, make.quiz_block(), make.task_block("final", is_graded=True), slug="two")
    return page


@pytest.fixture
def lessons(course_page):
    """The two lessons, in order."""
    from courses.models import LessonPage

    return list(LessonPage.objects.child_of(course_page).order_by("path"))


@pytest.fixture
def trainee(db):
    """A login with a person of the home county's village."""
    user = make.make_user()
    make.make_person(user=user, village=make.make_village())
    return user


@pytest.fixture
def enrolment(trainee, course_page):
    """The trainee's place in the course since 2 March 2026."""
    return enrol_person(person=trainee.person, course=course_page.course, now=make.at("2026-03-02"))


@pytest.fixture
def signed_in(client, trainee):
    """A browser in which the trainee is signed in."""
    client.force_login(trainee)
    return client


@pytest.fixture
def submission(enrolment, lessons):
    """The trainee's photo for the final practical, not marked yet."""
    return hand_in(
        enrolment=enrolment,
        lesson=lessons[1],
        task_key="final",
        files=[make.photo()],
        client_token=uuid.uuid4(),
        note="我的箱子",
    )


@pytest.fixture
def by():
    """The three accounts of a taught class."""
    return accounts()


@pytest.fixture
def open_class(by):
    """A taught class of one day of eight hours, approved."""
    return make_open(by, **ONE_DAY)


@pytest.fixture
def sitting(open_class):
    """The first sitting of the open class."""
    return open_class.sittings.first()


@pytest.fixture
def ledger_county():
    """The home county with its village, and the course the old ledgers name."""
    make.make_course("T", "8")
    return make.make_county().region


@pytest.fixture
def take(tmp_path, ledger_county):
    """Write an old ledger and take it over."""

    def run(sheets=None, **options):
        path = write_ledger(tmp_path / "ledger.xlsx", ledger() if sheets is None else sheets)
        return import_ledger(path=path, county=ledger_county, now=make.at("2026-03-02"), **options)

    return run
