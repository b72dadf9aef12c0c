"""Tokens of the interface: hashed, expiring, revocable, and never more than their owner may read."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from county import errors
from county.models import ApiToken, ApiTokenUse
from county.permissions import token_scopes
from county.queries.api_tokens import token_in_force, tokens_within
from county.services import make_api_token, note_use, revoke_api_token
from registry.models import Appointment, AuditEntry
from registry.queries.places import version_by_code
from registry.services import appoint
from registry.services.appointments import end_appointment
from tests.factories.certificates import noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
NOW = noon("2026-06-15")
ALL = ["counts", "returns", "lines"]


@pytest.fixture
def officer(county):
    user = UserFactory(username="officer")
    appoint(user=user, role="office", region=county, since=date(2020, 1, 1))
    return user


def make(officer, region, reads=ALL, last_day=date(2026, 12, 31)):
    return make_api_token(name="省平台", region=region, reads=reads, last_day=last_day, by=officer, now=NOW)


def test_token_is_kept_as_a_hash_only_and_its_making_is_logged(officer, county):
    token, secret = make(officer, county)

    assert token_in_force(secret, NOW) == token
    assert secret.startswith("cunbo_")
    assert secret.endswith(token.ending)
    kept = " ".join(str(value) for value in ApiToken.objects.values_list().get())
    assert secret not in kept
    assert secret not in str(AuditEntry.objects.get(action="api_token_made").detail)


def test_token_ends_on_its_last_day_by_the_offices_clock(officer, county):
    _token, secret = make(officer, county, last_day=date(2026, 6, 16))

    assert token_in_force(secret, noon("2026-06-16"))
    assert token_in_force(secret, noon("2026-06-17")) is None


@pytest.mark.parametrize("last_day", [date(2026, 6, 15), date(2027, 6, 17)])
def test_token_holds_for_a_day_to_a_year(officer, county, last_day):
    with pytest.raises(errors.TokenTooLong):
        make(officer, county, last_day=last_day)


def test_revoked_token_and_one_of_a_closed_account_hold_no_more(officer, county):
    token, secret = make(officer, county)
    _other, of_closed = make(officer, county)

    revoke_api_token(token=token, by=officer, now=NOW)
    revoke_api_token(token=token, by=officer, now=NOW)

    assert token_in_force(secret, NOW) is None
    assert AuditEntry.objects.filter(action="api_token_revoked").count() == 1
    officer.is_active = False
    officer.save()
    assert token_in_force(of_closed, NOW) is None


def test_token_reaches_what_region_and_owner_share(officer, county):
    whole, _secret = make(officer, county)
    town, _secret = make(officer, version_by_code("431125100").region)
    province, _secret = make(officer, version_by_code("43").region, reads=["counts"])

    assert token_scopes(whole, "lines", NOW.date()) == ["431125"]
    assert token_scopes(town, "counts", NOW.date()) == ["431125100"]
    assert token_scopes(province, "counts", NOW.date()) == ["431125"]
    assert token_scopes(province, "returns", NOW.date()) == []


def test_token_dies_with_its_owners_appointment(officer, county):
    token, _secret = make(officer, county)
    end_appointment(appointment=Appointment.objects.get(user=officer), on=NOW.date(), now=NOW)

    assert token_scopes(token, "counts", NOW.date()) == []


def test_province_reader_who_may_not_export_reads_nothing_by_token(county):
    reader = UserFactory()
    region = version_by_code("43").region
    appoint(user=reader, role="province_reader", region=region, since=date(2020, 1, 1))
    token, _secret = make(reader, region)

    assert token_scopes(token, "counts", NOW.date()) == []


def test_uses_are_counted_and_the_first_of_a_day_kind_and_county_is_logged(officer, county):
    token, _secret = make(officer, county)

    for code, reads, day in (
        ("431125", "counts", 0),
        ("431125100", "counts", 0),
        ("431125", "returns", 0),
        ("431125", "counts", 1),
    ):
        note_use(token=token, reads=reads, region_code=code, now=NOW + timedelta(days=day))

    assert sorted(ApiTokenUse.objects.values_list("reads", "requests")) == [
        ("counts", 1),
        ("counts", 2),
        ("returns", 1),
    ]
    assert AuditEntry.objects.filter(action="api_read", region_code="431125", actor=officer).count() == 3
    [listed] = tokens_within(["431125"], NOW.date())
    assert (listed.requests, listed.last_at) == (4, NOW + timedelta(days=1))
    assert listed.place == "江永县"


def test_office_sees_the_tokens_of_its_own_region_only(officer, county, other_county):
    make(officer, county)

    assert not tokens_within(["431129"], NOW.date()).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"reads": []},
        {"reads": ["people"]},
        {"expires_at": NOW - timedelta(days=1)},
        {"revoked_at": NOW},
    ],
)
def test_database_refuses_a_token_that_makes_no_sense(officer, county, change):
    make(officer, county)

    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(**change)
