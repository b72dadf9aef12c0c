import io
import json
from datetime import UTC, date, datetime, timedelta
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction

from registry.errors import (
    CorrectionWrong,
    RequestDecided,
    RequestEmpty,
    RequestNeedsAnother,
    RequestNeedsReason,
    RequestNotOwn,
)
from registry.models import AuditAction, AuditEntry, PrivacyRequest
from registry.services import (
    correct_person,
    grant_request,
    make_data_copy,
    make_request,
    refuse_request,
    reveal_phone,
    wake_waiting_copies,
)
from registry.tasks import make_data_copy_task
from tests.factories.privacy import ID_NUMBER, PHONE, make_officer, make_person, make_user, make_village

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    seen = []
    monkeypatch.setattr(make_data_copy_task, "delay", seen.append)
    return seen


@pytest.fixture
def person(db):
    return make_person(user=make_user(), village=make_village(), id_number=ID_NUMBER, phone=PHONE)


@pytest.fixture
def officer(person):
    return make_officer(person.village)


def ask(person, kind="correction", **asked):
    fields = {"field": "name", "wish": "学员乙"} if kind == "correction" else {}
    return make_request(**{"person": person, "by": person.user, "kind": kind, "now": NOW, **fields, **asked})


def test_request_is_due_in_fifteen_days_and_logged_without_its_words(person):
    made = ask(person)

    assert (made.due_on, made.wish, made.state) == (date(2026, 6, 16), "学员乙", "open")
    assert "学员乙".encode() not in bytes(made.wish_sealed)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.person, entry.actor) == (AuditAction.REQUEST_MADE, person, person.user)
    assert entry.detail == {"request": str(made.uid), "kind": "correction", "field": "name"}


def test_request_asked_again_is_the_open_one(person):
    assert ask(person) == ask(person, wish="学员丙")
    assert ask(person, field="phone", wish=PHONE) != ask(person)


@pytest.mark.parametrize(
    ("asked", "error"),
    [({"by": None}, RequestNotOwn), ({"wish": "  "}, RequestEmpty), ({"field": "x"}, ValueError)],
)
def test_request_that_makes_no_sense_is_refused(person, asked, error):
    if "by" in asked:
        asked = {"by": make_user()}
    with pytest.raises(error):
        ask(person, **asked)


def test_database_keeps_one_open_request_of_a_kind(person):
    made = ask(person)

    with pytest.raises(IntegrityError), transaction.atomic():
        PrivacyRequest.objects.create(
            person=person, kind="correction", field="name", asked_at=NOW, due_on=made.due_on
        )


def test_granted_correction_changes_the_record_and_logs_the_field(person, officer):
    grant_request(privacy_request=ask(person), by=officer, value="学员乙", now=NOW)

    person.refresh_from_db()
    assert (person.name, person.name_key) == ("学员乙", "学员乙")
    changed = AuditEntry.objects.get(action=AuditAction.PERSON_CHANGED)
    assert (changed.actor, changed.person, changed.detail) == (officer, person, {"field": "name"})
    assert AuditEntry.objects.filter(action=AuditAction.REQUEST_GRANTED).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "column", "kept"),
    [
        ("phone", "139 0000 0001", "phone", "+8613900000001"),
        ("sex", "M", "sex", "M"),
        ("birth_year", "1985", "birth_year", 1985),
    ],
)
def test_correct_person_reads_values_as_people_write_them(person, officer, field, value, column, kept):
    assert correct_person(person=person, field=field, value=value, by=officer)
    assert not correct_person(person=person, field=field, value=value, by=officer)

    person.refresh_from_db()
    assert getattr(person, column) == kept


def test_correct_person_moves_her_to_a_village(person, officer):
    village = make_village("431125100200")

    assert correct_person(person=person, field="village", value="431125100200", by=officer)

    person.refresh_from_db()
    assert person.village == village


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "?"), ("phone", "110"), ("sex", "x"), ("birth_year", "1785"), ("village", "431125")],
)
def test_correct_person_refuses_what_cannot_be(person, officer, field, value):
    with pytest.raises(CorrectionWrong):
        correct_person(person=person, field=field, value=value, by=officer)


def test_refused_request_says_why(person, officer):
    made = ask(person)
    with pytest.raises(RequestNeedsReason):
        refuse_request(privacy_request=made, by=officer, reason=" ")

    refused = refuse_request(privacy_request=made, by=officer, reason="请带身份证来办", now=NOW)

    assert (refused.state, refused.reason, refused.decided_by) == ("refused", "请带身份证来办", officer)
    with pytest.raises(RequestDecided):
        grant_request(privacy_request=made, by=officer, value="学员乙")


def test_nobody_decides_her_own_request(person):
    with pytest.raises(RequestNeedsAnother):
        grant_request(privacy_request=ask(person), by=person.user, value="学员乙")


def test_copy_is_made_once_and_holds_what_we_know(
    person, officer, queued, django_capture_on_commit_callbacks
):
    reveal_phone(actor=officer, person=person, reason="回访学员", now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        made = ask(person, kind="copy")
    assert queued == [made.pk]

    assert make_data_copy(request_id=made.pk, now=NOW)
    assert not make_data_copy(request_id=made.pk, now=NOW)

    made.refresh_from_db()
    assert (made.state, made.copy_expires_at) == ("granted", NOW + timedelta(days=7))
    with made.copy.open("rb") as file, ZipFile(io.BytesIO(file.read())) as archive:
        held = json.loads(archive.read("data.json"))
        page = archive.read("data.html").decode()
    assert held["person"]["id_number"] == ID_NUMBER
    assert set(held["held"]) == {
        "training",
        "certificates",
        "audit_calls",
        "rehearsals",
        "rehearsal_reviews",
        "live_classes",
        "live_chat",
        "stories",
    }
    assert len(held["numbers_shown_to_staff"]) == 1
    assert "学员甲" in page


def test_copy_whose_message_was_lost_is_queued_again(person, queued):
    made = ask(person, kind="copy")

    assert wake_waiting_copies(now=NOW) == 0
    wake_waiting_copies(now=NOW + timedelta(minutes=2))

    assert queued == []  # queued on commit; the sweep's own transaction
    make_data_copy(request_id=made.pk)
    assert wake_waiting_copies(now=NOW + timedelta(minutes=2)) == 0
