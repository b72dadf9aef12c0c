from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from registry.models import Person, RosterImport
from registry.services import apply_roster, check_roster
from registry.tasks import apply_roster_task, check_roster_task, undo_roster_task
from tests.factories.registry import RosterImportFactory
from tests.registry.roster_files import row, write_roster

State = RosterImport.State


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    for task in (check_roster_task, apply_roster_task, undo_roster_task):
        monkeypatch.setattr(task, "delay", lambda pk: None)


@pytest.fixture
def send(client, tmp_path, county):
    def send_rows(*rows, **changes):
        path = write_roster(tmp_path / "a.xlsx", list(rows))
        values = {
            "file": SimpleUploadedFile("名册.xlsx", path.read_bytes()),
            "county": county.versions.get().pk,
            "as_of": "2026-01-01",
        }
        return client.post(reverse("roster_upload"), {**values, **changes})

    return send_rows


def test_office_uploads_checks_applies_and_downloads(client, send, office_user):
    client.force_login(office_user)

    response = send(row(1), row(2, 证件号码="990000199001010018"))

    roster_import = RosterImport.objects.get()
    detail = reverse("roster_detail", args=[roster_import.uid])
    assert response.url == detail
    assert roster_import.uploaded_by == office_user
    working = client.get(detail).content.decode()
    assert 'http-equiv="refresh"' in working
    assert "roster-progress.js" in working
    check_roster(roster_import)
    page = client.get(detail)
    assert page.context["outcome"]["accepted"] == 1
    assert [(p.row, p.column, p.code) for p in page.context["problems"]] == [(3, "证件号码", "id_bad_check")]
    assert not Person.objects.exists()
    assert client.post(reverse("roster_apply", args=[roster_import.uid])).url == detail
    roster_import.refresh_from_db()
    assert roster_import.state == State.APPLYING
    apply_roster(roster_import)
    assert Person.objects.count() == 1
    download = client.get(reverse("roster_errors", args=[roster_import.uid]))
    assert download["Content-Type"].endswith("sheet")
    assert b"".join(download.streaming_content)[:2] == b"PK"


def test_progress_tells_state_and_rows(client, office_user, county):
    client.force_login(office_user)
    roster_import = RosterImportFactory(county=county, state=State.CHECKING, rows_done=2000, rows_total=9000)

    answer = client.get(reverse("roster_progress", args=[roster_import.uid])).json()

    assert answer == {
        "is_working": True,
        "state": "checking",
        "step": "",
        "done": 2000,
        "total": 9000,
    }


def test_apply_of_an_applied_import_changes_nothing(client, office_user, county):
    client.force_login(office_user)
    roster_import = RosterImportFactory(county=county, state=State.APPLIED)

    response = client.post(reverse("roster_apply", args=[roster_import.uid]))

    assert response.status_code == 302
    roster_import.refresh_from_db()
    assert roster_import.state == State.APPLIED


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"file": SimpleUploadedFile("a.xlsx", b"no workbook")}, "file"),
        ({"file": ""}, "file"),
        ({"as_of": "1/1"}, "as_of"),
        ({"as_of": (timezone.localdate() + timedelta(days=2)).isoformat()}, "as_of"),
        ({"county": "0"}, "county"),
    ],
)
def test_upload_answers_bad_input_at_its_field(client, send, office_user, changes, field):
    client.force_login(office_user)

    response = send(row(), **changes)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not RosterImport.objects.exists()


def test_upload_refuses_file_that_is_too_large(client, send, office_user, monkeypatch):
    monkeypatch.setattr("registry.forms.office_upload._MEGABYTE", 0)
    client.force_login(office_user)

    assert list(send(row()).context["form"].errors) == ["file"]


def test_upload_into_a_foreign_county_is_refused(client, send, office_user, other_county):
    client.force_login(office_user)

    response = send(row(), county=other_county.versions.get().pk)

    assert list(response.context["form"].errors) == ["county"]


@pytest.mark.parametrize("name", ["roster_detail", "roster_progress", "roster_errors"])
def test_foreign_import_is_not_found(client, foreign_office_user, county, name):
    client.force_login(foreign_office_user)
    roster_import = RosterImportFactory(county=county, state=State.CHECKED)

    assert client.get(reverse(name, args=[roster_import.uid])).status_code == 404
    assert client.post(reverse("roster_apply", args=[roster_import.uid])).status_code == 404
    assert list(client.get(reverse("roster_list")).context["rows"]) == []


@pytest.mark.parametrize("name", ["roster_list", "roster_upload"])
def test_instructor_finds_no_rosters_and_no_menu_item(client, instructor_user, name):
    client.force_login(instructor_user)

    assert client.get(reverse(name)).status_code == 404
    assert reverse("roster_list") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_visitor_and_trainee_are_sent_to_sign_in(client, trainee_user):
    assert client.get(reverse("roster_list")).status_code == 302
    client.force_login(trainee_user)
    assert client.get(reverse("roster_list")).status_code == 302


def test_office_sees_the_menu_item(client, office_user):
    client.force_login(office_user)

    assert reverse("roster_list") in client.get(reverse("wagtailadmin_home")).content.decode()


def test_errors_without_workbook_is_not_found(client, office_user, county):
    client.force_login(office_user)
    roster_import = RosterImportFactory(county=county, state=State.CHECKED)

    assert client.get(reverse("roster_errors", args=[roster_import.uid])).status_code == 404


def test_list_takes_the_same_queries_for_one_and_three(
    client, office_user, county, django_assert_num_queries, django_assert_max_num_queries
):
    client.force_login(office_user)
    client.get(reverse("roster_list"))
    counts = []
    for n in (1, 2):
        for day in range(n):
            RosterImportFactory(county=county, uploaded_by=office_user, as_of=date(2026, n, day + 1))
        with django_assert_max_num_queries(40) as captured:
            assert client.get(reverse("roster_list")).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_failed_import_says_why(client, office_user, county):
    client.force_login(office_user)
    roster_import = RosterImportFactory(county=county, state=State.FAILED, failure="表头缺少列")

    assert "表头缺少列" in client.get(reverse("roster_detail", args=[roster_import.uid])).content.decode()
