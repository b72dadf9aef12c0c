from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile

from registry.demo import ROSTERS, STAFF, load_people
from registry.errors import RosterUnreadable
from registry.models import Appointment, Person, RosterImport, StatusPeriod, User
from registry.permissions import may
from registry.services import apply_roster, check_roster, request_apply, upload_roster, wake_waiting_imports
from registry.tasks import apply_roster_task, check_roster_task, sweep_roster_imports_task, undo_roster_task
from tests.registry.roster_files import row, write_roster

State = RosterImport.State
NOW = datetime(2026, 3, 1, tzinfo=UTC)
DAY = date(2026, 1, 1)


@pytest.fixture
def queued(monkeypatch):
    """Names of the tasks that were queued, instead of a worker."""
    names = []
    for task in (check_roster_task, apply_roster_task, undo_roster_task):
        monkeypatch.setattr(task, "delay", lambda pk, name=task.name: names.append((name, pk)))
    return names


@pytest.fixture
def upload(upload_file, tmp_path):

    def upload_rows(*rows, now=NOW):
        return upload_file(write_roster(tmp_path / "a.xlsx", list(rows)), now)

    return upload_rows


@pytest.fixture
def upload_file(county, private_files, queued):

    def send(path, now=NOW):
        with path.open("rb") as file:
            return upload_roster(
                file=File(file), file_name="名册.xlsx", county=county, as_of=DAY, by=None, now=now
            )

    return send


def test_upload_queues_a_check_and_keeps_the_file_private(upload, queued, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        roster_import = upload(row())

    assert queued == [("registry.check_roster", roster_import.pk)]
    assert roster_import.file.name == f"rosters/{roster_import.uid}.jsonl.gz"
    assert roster_import.state == State.UPLOADED


def test_upload_of_the_same_file_twice_is_one_upload(upload_file, tmp_path):
    one, two = (write_roster(tmp_path / f"{number}.xlsx", [row(number)]) for number in (1, 2))

    assert upload_file(one) == upload_file(one)
    assert upload_file(two) != upload_file(one)


def test_check_keeps_what_apply_will_do(upload):
    roster_import = upload(row(1), row(2, 证件号码="1"))

    check_roster(roster_import)

    assert roster_import.state == State.CHECKED
    assert not Person.objects.exists()
    assert roster_import.outcome["persons"]["created"] == 1
    assert [problem["code"] for problem in roster_import.problems] == ["id_wrong_length"]
    assert roster_import.error_workbook
    expected = {**roster_import.outcome, "applied": True}
    apply_roster(roster_import)
    assert roster_import.state == State.APPLIED
    assert roster_import.outcome == expected
    assert Person.objects.count() == 1


def test_apply_twice_applies_once(upload):
    roster_import = upload(row())
    apply_roster(roster_import, NOW)
    periods = list(StatusPeriod.objects.values())

    apply_roster(roster_import, NOW + timedelta(hours=1))
    check_roster(roster_import, NOW + timedelta(hours=1))

    assert roster_import.state == State.APPLIED
    assert roster_import.applied_at == NOW
    assert list(StatusPeriod.objects.values()) == periods


def test_apply_leaves_an_import_alone_that_another_worker_holds(upload):
    roster_import = upload(row())
    RosterImport.objects.filter(pk=roster_import.pk).update(
        state=State.APPLYING, lease_until=NOW + timedelta(minutes=5)
    )

    apply_roster(roster_import, NOW)

    assert not Person.objects.exists()
    apply_roster(roster_import, NOW + timedelta(minutes=5))
    assert Person.objects.count() == 1


def test_request_apply_only_moves_a_checked_import(upload, queued, django_capture_on_commit_callbacks):
    roster_import = upload(row())
    assert not request_apply(roster_import=roster_import, now=NOW)
    check_roster(roster_import, NOW)

    with django_capture_on_commit_callbacks(execute=True):
        assert request_apply(roster_import=roster_import, now=NOW)
        assert not request_apply(roster_import=roster_import, now=NOW)

    assert queued == [("registry.apply_roster", roster_import.pk)]
    apply_roster(roster_import, NOW)
    assert roster_import.state == State.APPLIED


def test_sweep_wakes_imports_whose_lease_ran_out(upload, queued, django_capture_on_commit_callbacks):
    lost = upload(row(1))
    held = upload(row(2))
    done = apply_roster(upload(row(3)), NOW)
    stuck = upload(row(4))
    RosterImport.objects.filter(pk=held.pk).update(state=State.CHECKING, lease_until=NOW + timedelta(hours=1))
    RosterImport.objects.filter(pk=stuck.pk).update(state=State.APPLYING)

    with django_capture_on_commit_callbacks(execute=True):
        assert wake_waiting_imports(NOW + timedelta(minutes=30)) == 2

    assert sorted(queued) == [("registry.apply_roster", stuck.pk), ("registry.check_roster", lost.pk)]
    assert done.state == State.APPLIED


def test_tasks_do_what_the_services_do(upload):
    roster_import = upload(row())

    check_roster_task(roster_import.pk)
    roster_import.refresh_from_db()
    assert roster_import.state == State.CHECKED
    apply_roster_task(roster_import.pk)
    sweep_roster_imports_task()
    assert Person.objects.count() == 1


def test_unreadable_upload_is_refused_at_once_and_leaves_nothing(upload, county):
    with pytest.raises(RosterUnreadable):
        upload_roster(
            file=SimpleUploadedFile("a.xlsx", b"nothing"),
            file_name="a.xlsx",
            county=county,
            as_of=DAY,
            by=None,
        )

    assert not RosterImport.objects.exists()


def test_fault_of_ours_fails_without_details(upload, monkeypatch):
    roster_import = upload(row())
    monkeypatch.setattr("registry.services.roster.write_plan", lambda *args: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        apply_roster(roster_import)

    roster_import.refresh_from_db()
    assert roster_import.state == State.FAILED
    assert "division" not in roster_import.failure
    assert not Person.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db
def test_load_people_makes_the_demo_once():
    load_people()
    load_people()

    assert Person.objects.count() == 200
    assert RosterImport.objects.count() == len(ROSTERS)
    assert set(User.objects.values_list("username", flat=True)) == {name for name, *_rest in STAFF}
    assert set(Appointment.objects.values_list("role", flat=True)) == set(Appointment.Role)
    office2 = User.objects.get(username="office2")
    assert office2.check_password("cunbo-demo")
    assert may(office2, Appointment.Role.OFFICE, code="431129")
    assert not may(office2, Appointment.Role.OFFICE, code="431125")
