"""What the registry's services write into the audit log: one entry each, of the right person and place."""

import json
from datetime import UTC, date, datetime

import pytest

from registry.models import AuditAction, AuditEntry
from registry.queries.places import version_by_code
from registry.services import (
    apply_file,
    appoint,
    approve_village,
    link_person,
    propose_village,
    publish_consent_text,
    refuse_village,
    register_self,
    set_phone,
)
from tests.factories.registry import PersonFactory, UserFactory, id_number
from tests.registry.places_in_time import at, change, plant
from tests.registry.roster_files import row, write_roster

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
PHONE = "+8619900000001"


def entry_of(*, actor, action, person=None, region_code=""):
    """Return the one entry since the fixtures' own appointments; its detail holds nothing of the person."""
    [entry] = AuditEntry.objects.exclude(action=AuditAction.APPOINTED)
    assert (entry.actor, entry.action, entry.person, entry.region_code) == (
        actor,
        action,
        person,
        region_code,
    )
    if person:
        told = json.dumps(entry.detail, ensure_ascii=False)
        assert not [
            secret for secret in (person.name, person.id_number, person.phone) if secret and secret in told
        ]
    return entry


@pytest.fixture
def village(county):
    return version_by_code("431125103200").region


def test_linking_logs_the_person(village):
    user = UserFactory(phone=PHONE, phone_verified=True)
    person = PersonFactory(name="学员甲", id_number=id_number(1), phone=PHONE, village=village)

    for _again in range(2):
        link_person(user=user, last_four=person.id_number[-4:], now=NOW)

    entry_of(actor=user, action=AuditAction.ACCOUNT_LINKED, person=person, region_code="431125103200")


def test_registering_logs_the_person_once(village):
    user = UserFactory(trainee=True)

    for _again in range(2):
        person = register_self(user=user, name="学员甲", village=village, now=NOW)

    entry_of(actor=user, action=AuditAction.PERSON_REGISTERED, person=person, region_code="431125103200")


def test_changed_number_of_a_login_is_logged_and_the_first_is_not(db):
    user = UserFactory()

    set_phone(user=user, phone=PHONE, is_verified=True)
    assert not AuditEntry.objects.exists()
    set_phone(user=user, phone="+8619900000002", is_verified=True)

    assert entry_of(actor=user, action=AuditAction.LOGIN_PHONE_CHANGED).detail == {}


def test_appointing_logs_who_for_what_and_where(county):
    user, chief = UserFactory(), UserFactory(is_superuser=True)

    for _again in range(2):
        appoint(user=user, role="instructor", region=county, since=date(2026, 1, 1), by=chief, now=NOW)

    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.action, entry.region_code) == (chief, AuditAction.APPOINTED, "431125")
    assert entry.detail == {"user": str(user.uid), "role": "instructor", "on": "2026-01-01"}


def test_applied_roster_logs_its_counts(county, tmp_path):
    loader = UserFactory()
    path = write_roster(tmp_path / "学员甲.xlsx", [row(1), row(2, 证件号码="990000199001010018")])

    apply_file(path=path, county=county, as_of=date(2026, 1, 1), by=loader, now=NOW)

    entry = entry_of(actor=loader, action=AuditAction.ROSTER_APPLIED, region_code="431125")
    assert set(entry.detail) == {"roster", "as_of", "rows", "people_created", "people_matched"}
    assert (entry.detail["rows"], entry.detail["people_created"]) == (2, 1)


def test_change_of_places_is_logged_under_what_its_places_share(db):
    plant({"99": "示例省", "9901": "示例市", "990101": "甲县", "990101100": "东镇", "990101101": "西镇"})

    change("rename", date(2020, 1, 1), [at("990101100", date(2026, 1, 1))], [("990101100", "新镇")], "一号")

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.region_code) == (AuditAction.PLACES_CHANGED, "990101100")
    assert entry.detail == {"kind": "rename", "on": "2020-01-01", "document": "一号"}


def test_provisional_villages_are_logged_at_each_step(county):
    town, keeper, chief = version_by_code("431125103").region, UserFactory(), UserFactory()
    approved = propose_village(town=town, name="新建村", by=keeper, now=NOW)
    refused = propose_village(town=town, name="又一村", by=keeper, now=NOW)
    approve_village(proposal=approved, by=chief, now=NOW)
    refuse_village(proposal=refused, by=chief, now=NOW)

    assert list(AuditEntry.objects.order_by("seq").values_list("actor", "action", "region_code")) == [
        (keeper.pk, AuditAction.VILLAGE_PROPOSED, "431125103900"),
        (keeper.pk, AuditAction.VILLAGE_PROPOSED, "431125103901"),
        (chief.pk, AuditAction.VILLAGE_APPROVED, "431125103900"),
        (chief.pk, AuditAction.VILLAGE_REFUSED, "431125103901"),
    ]


def test_published_consent_text_is_logged_once(db):
    chief = UserFactory()

    for _again in range(2):
        publish_consent_text(
            version=7, language="en", introduction="Please decide.", items={"id_matching": "x"}, by=chief
        )

    assert entry_of(actor=chief, action=AuditAction.CONSENT_TEXT_PUBLISHED).detail["version"] == 7
