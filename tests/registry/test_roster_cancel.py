"""Cancelling an import: nothing of it is written, wherever it had got to."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files import File
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from registry.errors import RosterCancelled
from registry.models import Person, RosterImport
from registry.services import apply_roster, cancel_roster, check_roster, request_apply, upload_roster
from registry.services import roster as roster_service
from registry.services.roster_runs import Pulse, claim
from registry.tasks import apply_roster_task, check_roster_task
from tests.factories.registry import RosterImportFactory
from tests.registry.roster_files import row, write_roster

State = RosterImport.State
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    for task in (check_roster_task, apply_roster_task):
        monkeypatch.setattr(task, "delay", lambda pk: None)


@pytest.fixture
def upload(county, tmp_path):
    def upload_rows(*rows):
        with write_roster(tmp_path / "a.xlsx", list(rows)).open("rb") as file:
            return upload_roster(
                file=File(file), file_name="a.xlsx", county=county, as_of=date(2026, 1, 1), by=None, now=NOW
            )

    return upload_rows


@pytest.mark.parametrize("state", [State.UPLOADED, State.CHECKING, State.CHECKED, State.APPLYING])
def test_cancelled_import_is_never_applied(upload, state):
    roster_import = upload(row())
    RosterImport.objects.filter(pk=roster_import.pk).update(state=state)

    assert cancel_roster(roster_import=roster_import)

    check_roster(roster_import, NOW)
    assert not request_apply(roster_import=roster_import)
    apply_roster(roster_import, NOW)
    assert roster_import.state == State.CANCELLED
    assert not Person.objects.exists()


@pytest.mark.parametrize("state", [State.APPLIED, State.FAILED, State.CANCELLED, State.UNDOING, State.UNDONE])
def test_import_that_is_over_is_not_cancelled(county, state):
    roster_import = RosterImportFactory(county=county, state=state)

    assert not cancel_roster(roster_import=roster_import)

    roster_import.refresh_from_db()
    assert roster_import.state == state


def test_cancelled_list_may_be_uploaded_again(upload):
    roster_import = upload(row())
    cancel_roster(roster_import=roster_import)

    assert upload(row()) != roster_import


def test_import_cancelled_while_it_writes_writes_nothing(upload, monkeypatch):
    roster_import = upload(row(1), row(2))
    check_roster(roster_import, NOW)
    write = roster_service.write_plan

    def write_and_cancel(*args):
        write(*args)
        assert Person.objects.count() == 2
        cancel_roster(roster_import=roster_import)

    monkeypatch.setattr(roster_service, "write_plan", write_and_cancel)
    request_apply(roster_import=roster_import, now=NOW)

    apply_roster(roster_import, NOW)

    assert not Person.objects.exists()
    # In the worker the officer's cancel is committed; here it went back with the rest.
    assert roster_import.state != State.APPLIED


@pytest.mark.parametrize("as_json", [True, False])
def test_command_that_is_cancelled_says_so_and_exits_with_two(county, tmp_path, monkeypatch, capsys, as_json):
    def cancelled(*args):
        raise RosterCancelled

    monkeypatch.setattr(roster_service, "write_plan", cancelled)
    path = write_roster(tmp_path / "a.xlsx", [row()])

    with pytest.raises(SystemExit) as stopped:
        call_command("import_roster", path, county="431125", as_of="2026-01-01", json=as_json)

    assert stopped.value.code == 2
    printed = capsys.readouterr()
    if as_json:
        assert json.loads(printed.out)["problems"][0]["code"] == "roster_cancelled"
    else:
        assert str(RosterCancelled()) in printed.err


def test_command_that_was_killed_is_shown_as_failed(county):
    roster_import = RosterImportFactory(county=county, state=State.APPLYING, lease_until=NOW)

    apply_roster(roster_import, NOW + timedelta(hours=1))

    assert roster_import.state == State.FAILED
    assert roster_import.failure


@pytest.mark.slow
@pytest.mark.parametrize("step", ["check_roster", "apply_roster"])
def test_worker_hears_of_a_cancel_within_one_beat(transactional_db, tmp_path, monkeypatch, step):
    """On committed rows: the officer's session cancels, the worker's transaction goes back."""
    from registry.queries.places import version_by_code
    from registry.services import import_regions

    import_regions(county="431125")
    county = version_by_code("431125").region
    with write_roster(tmp_path / "a.xlsx", [row(n) for n in range(30)]).open("rb") as file:
        roster_import = upload_roster(
            file=File(file), file_name="a.xlsx", county=county, as_of=date(2026, 1, 1), by=None, now=NOW
        )
    if step == "apply_roster":
        check_roster(roster_import, NOW)
        request_apply(roster_import=roster_import, now=NOW)
    monkeypatch.setattr("registry.services.roster_runs._BEAT_SECONDS", -1.0)
    office = connection.copy()
    beats = []
    beat = Pulse._beat

    def counted_beat(pulse):
        beats.append(1)
        if len(beats) == 3:
            with office.cursor() as cursor:
                cursor.execute(
                    "UPDATE registry_rosterimport SET state = 'cancelled' WHERE id = %s", [roster_import.pk]
                )
        beat(pulse)

    monkeypatch.setattr(Pulse, "_beat", counted_beat)

    (check_roster if step == "check_roster" else apply_roster)(roster_import, NOW)
    office.close()

    assert len(beats) == 3
    assert roster_import.state == State.CANCELLED
    assert not Person.objects.exists()


@pytest.mark.slow
def test_progress_is_seen_while_the_import_is_not_committed(transactional_db, county):
    roster_import = RosterImportFactory(county=county)
    assert claim(roster_import, State.UPLOADED, State.CHECKING, NOW)

    with Pulse(roster_import, State.CHECKING) as pulse:
        pulse.begin(RosterImport.Step.WRITING, 100)
        pulse._last = 0
        pulse.tick(40)
    roster_import.refresh_from_db()

    assert (roster_import.step, roster_import.rows_done, roster_import.rows_total) == ("writing", 40, 100)
    assert roster_import.lease_until > NOW


def test_cancel_button_cancels(client, upload, office_user):
    roster_import = upload(row())
    client.force_login(office_user)
    detail = reverse("roster_detail", args=[roster_import.uid])
    address = reverse("roster_cancel", args=[roster_import.uid])
    assert address in client.get(detail).content.decode()
    assert client.get(address).status_code == 405

    assert client.post(address).url == detail

    roster_import.refresh_from_db()
    assert roster_import.state == State.CANCELLED
    page = client.get(detail).content.decode()
    assert address not in page
    assert client.post(address).url == detail


def test_cancel_of_a_foreign_import_is_not_found(
    client, upload, foreign_office_user, instructor_user, trainee_user
):
    address = reverse("roster_cancel", args=[upload(row()).uid])

    assert client.post(address).status_code == 302
    for user, status in ((foreign_office_user, 404), (instructor_user, 404), (trainee_user, 302)):
        client.force_login(user)
        assert client.post(address).status_code == status
    assert RosterImport.objects.get().state == State.UPLOADED
