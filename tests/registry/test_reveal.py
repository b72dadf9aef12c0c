import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from registry.errors import NothingToReveal, RevealLimitReached, RevealNotAllowed, RevealReasonTooShort
from registry.models import Appointment, AuditAction, AuditEntry, RevealGrant
from registry.services import can_reveal, reveal_id_number, reveal_phone, revealed_until, verify_log
from registry.services.reveal import LIMIT_PER_HOUR
from tests.factories.privacy import ID_NUMBER, PHONE, make_officer, make_person, make_user, make_village

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
REASON = "核对身份证"


@pytest.fixture
def person(db):
    return make_person(village=make_village(), id_number=ID_NUMBER, phone=PHONE)


@pytest.fixture
def officer(person):
    return make_officer(person.village)


def test_reveal_shows_the_number_and_logs_who_and_why(officer, person, rf):
    shown = reveal_id_number(
        actor=officer, person=person, reason=REASON, now=NOW, request=rf.get("/", REMOTE_ADDR="203.0.113.77")
    )

    entry = AuditEntry.objects.get()
    assert shown == ID_NUMBER
    assert (entry.actor, entry.person, entry.action) == (officer, person, AuditAction.ID_NUMBER_REVEALED)
    assert (entry.at, entry.detail, entry.network) == (NOW, {"reason": REASON}, "203.0.113.0/24")
    assert entry.grant.expires_at == NOW + timedelta(minutes=5)
    assert verify_log().is_intact


def test_reveal_phone_shows_the_number(officer, person):
    assert reveal_phone(actor=officer, person=person, reason=REASON, now=NOW) == PHONE
    assert AuditEntry.objects.get().action == AuditAction.PHONE_REVEALED


@pytest.mark.parametrize("reason", ["", "    ", "查 一 下 ", "abc"])
def test_reveal_without_a_real_reason_is_refused(officer, person, reason):
    with pytest.raises(RevealReasonTooShort):
        reveal_id_number(actor=officer, person=person, reason=reason, now=NOW)

    assert not AuditEntry.objects.exists()


def test_reveal_again_within_five_minutes_logs_once(officer, person):
    reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)
    reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW + timedelta(minutes=4))

    assert AuditEntry.objects.count() == 1


def test_reveal_again_after_five_minutes_logs_anew(officer, person):
    reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)
    reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW + timedelta(minutes=5))

    assert AuditEntry.objects.count() == 2


def test_leave_is_for_one_number_of_one_person_and_one_officer(officer, person):
    other = make_person(village=person.village, id_number="990000199001010017")
    reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)

    def until(actor, who, field):
        return revealed_until(actor=actor, person=who, field=field, now=NOW + timedelta(minutes=1))

    assert until(officer, person, "id_number") == NOW + timedelta(minutes=5)
    assert until(officer, person, "phone") is None
    assert until(officer, other, "id_number") is None
    assert until(make_officer(person.village), person, "id_number") is None


def test_leave_ends_with_the_appointment(officer, person):
    reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)
    Appointment.objects.update(valid=DateRange(date(2020, 1, 1), date(2026, 6, 1)))

    assert revealed_until(actor=officer, person=person, field="id_number", now=NOW) is None
    with pytest.raises(RevealNotAllowed):
        reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)


@pytest.mark.parametrize("role", [Appointment.Role.INSTRUCTOR, Appointment.Role.CERTIFICATE_CLERK])
def test_reveal_by_another_role_is_refused_and_logged(person, role):
    user = make_user()
    Appointment.objects.create(
        user=user, role=role, region=person.village, valid=DateRange(date(2020, 1, 1), None)
    )

    with pytest.raises(RevealNotAllowed):
        reveal_phone(actor=user, person=person, reason=REASON, now=NOW)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.person) == (AuditAction.REVEAL_REFUSED, user, person)
    assert entry.detail == {"field": "phone", "why": "not allowed"}
    assert not RevealGrant.objects.exists()


def test_reveal_from_a_foreign_region_is_refused(person):
    with pytest.raises(RevealNotAllowed):
        reveal_id_number(actor=make_officer(make_village()), person=person, reason=REASON, now=NOW)


def test_person_without_village_belongs_to_the_home_county(db, settings):
    settings.HOME_COUNTY = "995555"
    person = make_person(id_number=ID_NUMBER)

    assert can_reveal(make_officer(make_village("995555")), person, NOW)
    assert not can_reveal(make_officer(make_village("995556")), person, NOW)


def test_person_of_a_village_without_code_is_in_nobodys_scope(officer, person):
    person.village.versions.all().delete()

    assert not can_reveal(officer, person, NOW)
    assert can_reveal(make_user(is_superuser=True), person, NOW)


def test_reveal_of_a_number_that_is_not_there(officer, person):
    person.id_number = ""
    person.save()

    with pytest.raises(NothingToReveal):
        reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)

    assert not AuditEntry.objects.exists()


def test_reveal_over_the_hours_limit_is_refused_and_logged(officer, person):
    people = [make_person(village=person.village, phone=PHONE) for _ in range(LIMIT_PER_HOUR)]
    for minute, one in enumerate(people):
        reveal_phone(actor=officer, person=one, reason=REASON, now=NOW + timedelta(minutes=minute))

    with pytest.raises(RevealLimitReached, match="30"):
        reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW + timedelta(minutes=59))

    assert AuditEntry.objects.latest("seq").detail == {"field": "id_number", "why": "limit reached"}
    assert reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW + timedelta(minutes=60))


def test_limit_of_one_officer_does_not_stop_another(officer, person):
    for _ in range(LIMIT_PER_HOUR):
        one = make_person(village=person.village, phone=PHONE)
        reveal_phone(actor=officer, person=one, reason=REASON, now=NOW)

    assert reveal_phone(actor=make_officer(person.village), person=person, reason=REASON, now=NOW) == PHONE


def test_limit_holds_for_requests_at_the_same_moment(transactional_db):
    village = make_village()
    officer = make_officer(village)
    people = [make_person(village=village, phone=PHONE) for _ in range(LIMIT_PER_HOUR + 6)]
    refused = []

    def reveal(some):
        try:
            for one in some:
                try:
                    reveal_phone(actor=officer, person=one, reason=REASON, now=NOW)
                except RevealLimitReached:
                    refused.append(one)
        finally:
            connection.close()

    threads = [threading.Thread(target=reveal, args=(people[part::6],)) for part in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 6
    assert RevealGrant.objects.count() == LIMIT_PER_HOUR


def test_number_is_not_shown_when_the_log_cannot_be_written(officer, person, settings):
    settings.AUDIT_KEYS = {1: "no key"}

    with pytest.raises(ValueError, match="hexadecimal"):
        reveal_id_number(actor=officer, person=person, reason=REASON, now=NOW)
