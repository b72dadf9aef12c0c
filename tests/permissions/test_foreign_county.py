"""An officer of another county reads nothing, counts nothing, guesses nothing (issue: who may do what)."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.management import call_command

from certificates.models import Certificate
from courses.models import Attendance, QuizAttempt
from courses.services import close_class
from registry.masking import mask_name
from tests.permissions.actors import COUNTY, HERE, OTHER_COUNTY, THERE, Actor
from tests.permissions.test_matrix import signed_in

pytestmark = pytest.mark.slow

LISTS = [
    "/county/",
    "/county/tiles/",
    "/county/compare/",
    "/county/plan/",
    "/county/views/",
    "/county/figures/?by=village",
    "/county/figures/?by=course",
    "/county/people/",
    "/county/classes/",
    "/learn/marking/",
    "/learn/marking/?show=decided",
    "/admin/rosters/",
    "/admin/places/changes/",
    "/admin/places/villages/",
    "/admin/appointments/?state=all",
    "/admin/appointments/?state=all&q=coach",
    "/admin/appointments/new/",
]
OPEN_TO_THE_PROVINCE = tuple(
    f"/county/{page}" for page in ("figures/", "tiles/", "compare/", "plan/", "views/", "people/")
)
ROLES = ["office", "auditor", "town", "province_reader", "instructor", "training_body", "operator"]


@pytest.fixture
def trained(world, db):
    """The world with somebody who counts: attended, passed a quiz, her class closed."""
    enrolment = world.enrolment
    now = enrolment.enrolled_at
    Attendance.objects.create(
        enrolment=enrolment, on_date=date.today(), minutes=90, evidence="quiz", recorded_at=now
    )
    QuizAttempt.objects.create(
        enrolment=enrolment,
        lesson_key=world.lesson.translation_key,
        quiz_key="quiz",
        answers={},
        score=100,
        is_passed=True,
        sent_at=now,
    )
    close_class(training_class=world.training_class, by=world.users[f"office-{HERE}"])
    Certificate.objects.filter(pk=world.certificate.pk).update(rendering="failed", rendering_error="no glyph")
    return world


def secrets_of(world) -> list[str]:
    """Return what only the first county may read."""
    return [
        world.enrolment.person.name,
        mask_name(world.enrolment.person.name) + "<span",
        world.training_class.label,
        str(world.submission.uid),
        str(world.roster.uid),
        world.certificate.number,
        world.proposal.name,
        world.proposal.code,
        f"coach-{HERE}",
        f"{COUNTY}100",
        "潇浦镇",
    ]


@pytest.mark.parametrize("role", ROLES)
def test_no_list_shows_anything_of_another_county(trained, role):
    client = signed_in(trained, Actor(role, THERE))

    for address in LISTS:
        response = client.get(address)
        if response.status_code == 200:
            text = response.content.decode()
            assert not [secret for secret in secrets_of(trained) if secret in text], address


def test_own_county_sees_what_the_other_must_not(trained):
    """The secrets are really shown to somebody: else the test above would prove nothing."""
    client = signed_in(trained, Actor("superuser"))

    texts = "".join(client.get(address).content.decode() for address in LISTS)

    assert [secret for secret in secrets_of(trained) if secret not in texts] == []


def test_nothing_of_another_county_is_counted(trained, capsys):
    there = signed_in(trained, Actor("office", THERE)).get("/county/")
    here = signed_in(trained, Actor("office", HERE)).get("/county/")
    province = signed_in(trained, Actor("province_reader", HERE)).get("/county/figures/?region=43&by=month")
    other_province = signed_in(trained, Actor("province_reader", THERE)).get("/county/")

    assert (here.context["count"].total.heads, there.context["count"].total.heads) == (1, 0)
    assert (province.context["count"].total.heads, other_province.context["count"].total.heads) == (1, 0)
    assert there.context["count"].total.in_training == 0
    assert {code for code, _name in there.context["form"].fields["region"].choices} == {
        OTHER_COUNTY,
        f"{OTHER_COUNTY}100",
    }
    year = date.today().year
    period = {"since": f"{year}-01", "until": f"{year}-12"}
    call_command("count_trainees", region=OTHER_COUNTY, **period)
    assert " 0 heads" in capsys.readouterr().out


def test_workbook_holds_the_own_county_only(trained):
    response = signed_in(trained, Actor("office", THERE)).get("/county/export.xlsx?by=village")

    book = openpyxl.load_workbook(io.BytesIO(response.content))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert not [cell for cell in cells if COUNTY in cell or "潇浦" in cell]


@pytest.mark.parametrize("role", ["office", "auditor", "town", "province_reader"])
@pytest.mark.parametrize(
    "path",
    [
        "/county/",
        "/county/figures/",
        "/county/tiles/",
        "/county/compare/",
        "/county/plan/",
        "/county/export.xlsx",
        "/county/people/",
    ],
)
def test_regions_cannot_be_guessed(trained, role, path):
    client = signed_in(trained, Actor(role, THERE))
    foreign = [COUNTY, f"{COUNTY}100", f"{COUNTY}100001", "4311", "43"]
    nowhere = ["999999", "99", "x", "431125' OR 1=1", "４３１１２５"]

    answers = [client.get(path, {"region": region}) for region in foreign + nowhere]

    assert {answer.status_code for answer in answers} == {404}


def test_province_reader_has_the_figures_pages_and_nothing_else(trained):
    client = signed_in(trained, Actor("province_reader", HERE))

    opened = {address for address in LISTS if client.get(address).status_code == 200}

    assert opened == {"/county/"} | {address for address in LISTS if address.startswith(OPEN_TO_THE_PROVINCE)}
    people = client.get("/county/people/").content.decode()
    assert trained.enrolment.person.name not in people
    assert client.get("/county/export.xlsx").status_code == 404
    assert "export.xlsx" not in client.get("/county/").content.decode()


def test_auditor_changes_nothing(trained):
    client = signed_in(trained, Actor("auditor", HERE))
    text = "".join(client.get(address).content.decode() for address in LISTS)

    for forbidden in ("/close/", "/upload/", "/places/changes/record/", "/transfer/"):
        assert forbidden not in text
    marking = client.get(f"/learn/marking/{trained.submission.uid}/")
    assert marking.status_code == 200
    assert 'name="decision"' not in marking.content.decode()


def test_training_body_sees_its_class_in_another_county(trained):
    """The body sits in the second county and teaches in the first."""
    here = signed_in(trained, Actor("training_body", HERE))
    there = signed_in(trained, Actor("training_body", THERE))

    assert trained.training_class.label in here.get("/county/classes/").content.decode()
    assert trained.training_class.label not in there.get("/county/classes/").content.decode()
    assert here.get("/county/").status_code == 404
    assert here.get(f"/learn/marking/{trained.submission.uid}/").status_code == 200
    assert there.get(f"/learn/marking/{trained.submission.uid}/").status_code == 404
