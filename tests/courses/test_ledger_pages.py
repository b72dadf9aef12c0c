"""The office's pages for old ledgers."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from courses.models import LedgerUpload, TrainingClass
from courses.services.ledger_uploads import rehearse_upload
from courses.tasks import forget_ledger_uploads_task
from registry.models import AuditAction, AuditEntry
from tests.courses.old_ledger_files import ledger, with_cell, write_ledger
from tests.factories import courses as make
from tests.factories.registry import AppointmentFactory, id_number

pytestmark = pytest.mark.django_db
URL = "/learn/classes/ledgers/"


@pytest.fixture(autouse=True)
def county():
    make.make_course("T", "8")
    return make.make_county().region


@pytest.fixture
def officer(county):
    return AppointmentFactory(region=county).user


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def workbook(sheets=None):
    stream = BytesIO()
    write_ledger(stream, sheets or ledger())
    return stream.getvalue()


def send(desk, county, sheets=None):
    version = county.versions.get()
    file = SimpleUploadedFile("旧台账.xlsx", workbook(sheets))
    return desk.post(URL, {"county": version.pk, "file": file})


def test_ledger_is_rehearsed_first_and_taken_over_by_her_word(desk, county, officer):
    answer = send(desk, county)

    upload = LedgerUpload.objects.get()
    assert answer.url == f"{URL}{upload.uid}/"
    assert not TrainingClass.objects.exists()
    assert "旧台账.xlsx" in desk.get(answer.url).content.decode()

    assert desk.post(answer.url).url == "/learn/classes/"
    made = TrainingClass.objects.get()
    assert made.label == "2019-0012"
    assert AuditEntry.objects.get(action=AuditAction.CLASS_IMPORTED).actor == officer
    assert not LedgerUpload.objects.exists()
    assert desk.get(answer.url).status_code == 404


def test_what_is_wrong_is_shown_with_its_place(desk, county):
    page = desk.get(send(desk, county, with_cell("签到", 0, "seat", 9)).url)

    assert [(each.sheet, each.row, each.code) for each in page.context["problems"]] == [
        ("名册", 3, "id_missing"),
        ("签到", 2, "seat_unknown"),
    ]
    assert page.context["outcome"]["classes"] == {"created": 0, "unchanged": 0, "refused": 1}


def test_kept_file_is_sealed(desk, county):
    send(desk, county)

    kept = LedgerUpload.objects.get()
    assert bytes(kept.workbook_sealed) != workbook()
    assert not bytes(kept.workbook_sealed).startswith(b"PK")
    assert id_number(1) not in str(kept.problems) + str(kept.outcome)


def test_what_is_no_ledger_is_refused_with_the_reason(desk, county):
    version = county.versions.get()
    file = SimpleUploadedFile("x.xlsx", b"no workbook")

    page = desk.post(URL, {"county": version.pk, "file": file})

    assert page.status_code == 200
    assert "file" in page.context["form"].errors


def test_others_find_nothing(client, county, officer):
    upload = rehearse_upload(content=workbook(), file_name="x.xlsx", county=county, by=officer)
    elsewhere = AppointmentFactory().user
    keeper = AppointmentFactory(region=county, role="operator").user

    client.force_login(elsewhere)
    assert client.get(f"{URL}{upload.uid}/").status_code == 404
    client.force_login(keeper)
    assert [client.get(URL).status_code, client.post(f"{URL}{upload.uid}/").status_code] == [404, 404]
    assert not TrainingClass.objects.exists()


def test_upload_nobody_takes_over_is_gone_after_a_day(county, officer):
    now = timezone.now()
    for age in (25, 23):
        moment = now - timedelta(hours=age)
        rehearse_upload(content=workbook(), file_name="x", county=county, by=officer, now=moment)

    assert forget_ledger_uploads_task() == 1
    assert LedgerUpload.objects.count() == 1
