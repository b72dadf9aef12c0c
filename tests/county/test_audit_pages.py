"""The audit desk's pages: numbers, rows, settling; who sees them of which county."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from county.models import FlagSettlement
from registry.services import appoint
from tests.factories.certificates import PersonFactory
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
PERIOD = "since=2026-01&until=2026-12"
ROWS = f"/county/audit/rows/?flag=A11&{PERIOD}"


@pytest.fixture
def old_people(make_class, make_trained):
    """Three people of 86 in a closed class: three rows of A11."""
    training_class = make_class()
    return [
        make_trained(training_class, person=PersonFactory(name=f"示例·{name}", birth_year=1940))
        for name in ("甲", "乙", "丙")
    ]


def asked(client, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def settle(client, enrolment, **fields):
    told = {"flag": "A11", "key": key_of(enrolment), "reason": "身份证已核"}
    period = {"since": "2026-01", "until": "2026-12"}
    return client.post("/county/audit/settle/", told | period | fields, follow=True)


def key_of(enrolment):
    return f"e{enrolment.pk}"


def test_desk_lists_every_flag_and_says_what_the_system_blocks(office, old_people):
    page = office.get(f"/en/county/audit/?{PERIOD}").content.decode()

    for number in range(1, 16):
        assert f">A{number} " in page
    assert page.count("blocked by the system") == 2
    assert "3 rows to look into" in page


def test_rows_name_people_masked(office, old_people):
    page = office.get(f"/en{ROWS}").content.decode()

    assert page.count("86 years old") == 3
    assert page.count("示*·*") == 3
    assert "示例·" not in page


def test_office_settles_a_row_and_takes_it_back(office, old_people):
    page = settle(office, old_people[0]).content.decode()
    assert page.count('name="key"') == 2
    settled = office.get(f"{ROWS}&settled=1").content.decode()
    assert "身份证已核" in settled

    made = FlagSettlement.objects.get()
    office.post(f"/county/audit/settled/{made.uid}/back/", {"since": "2026-01", "until": "2026-12"})

    assert office.get(ROWS).content.decode().count('name="key"') == 3


@pytest.mark.parametrize("fields", [{"reason": " "}, {"key": "e0"}, {"flag": "A99"}, {"until": "2025-12"}])
def test_nothing_is_settled_without_a_reason_or_a_row(office, old_people, fields):
    settle(office, old_people[0], **fields)

    assert not FlagSettlement.objects.exists()


def test_other_county_sees_no_row_and_settles_none(client, old_people, other_county):
    user = UserFactory()
    appoint(user=user, role="auditor", region=other_county, since=date(2020, 1, 1))
    client.force_login(user)

    assert 'class="card"' not in client.get(ROWS).content.decode()
    settle(client, old_people[0])
    assert not FlagSettlement.objects.exists()


def test_pages_ask_as_often_for_one_row_as_for_three(office, make_class, make_trained, old_people):
    office.get(ROWS)
    settle(office, old_people[0])
    settle(office, old_people[1])
    desk, rows = asked(office, f"/county/audit/?{PERIOD}"), asked(office, ROWS)

    training_class = make_class()
    for name in ("丁", "戊"):
        make_trained(training_class, person=PersonFactory(name=name, birth_year=1940))
    office.get(ROWS)  # works off the notes of what changed

    assert (asked(office, f"/county/audit/?{PERIOD}"), asked(office, ROWS)) == (desk, rows)


def test_nonsense_leads_back_to_the_desk(office):
    assert office.get("/county/audit/rows/?flag=A99").status_code == 302
    assert office.get("/county/audit/?since=x").status_code == 200
