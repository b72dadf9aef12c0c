import logging
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from registry.list_kinds import ListQuestion, list_kind
from registry.models import AuditAction, AuditCheck, AuditEntry
from registry.queries.places import version_by_code
from registry.services import appoint, check_log, record
from tests.audit_log import tampering
from tests.factories.privacy import ID_NUMBER
from tests.factories.registry import PersonFactory, UserFactory
from tests.registry.audit_entries import fill_log, sql

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
SEARCH = reverse("audit_search")


@pytest.fixture
def person(county):
    return PersonFactory(name="学员甲", id_number=ID_NUMBER, village=version_by_code("431125103200").region)


@pytest.fixture
def office(client, office_user):
    client.force_login(office_user)
    return client


def write(number=1, **changes):
    return [
        record(
            **{
                "actor": None,
                "action": AuditAction.CLASS_CLOSED,
                "region_code": "431125",
                "now": NOW + timedelta(minutes=each),
                **changes,
            }
        )
        for each in range(number)
    ]


def numbers(page):
    return [row["entry"].seq for row in page.context["rows"]]


def test_search_by_action_time_actor_and_network(office, office_user, rf):
    [closed] = write(actor=office_user, request=rf.get("/", REMOTE_ADDR="203.0.113.9"))
    [other] = write(action=AuditAction.EXPORTED, now=NOW + timedelta(days=3))

    assert numbers(office.get(SEARCH, {"action": "class_closed"})) == [closed.seq]
    later = numbers(office.get(SEARCH, {"since": "2026-06-02"}))
    assert other.seq in later
    assert closed.seq not in later
    assert closed.seq in numbers(office.get(SEARCH, {"until": "2026-06-01"}))
    assert numbers(office.get(SEARCH, {"actor": "office"})) == [closed.seq]
    assert numbers(office.get(SEARCH, {"network": "203.0.113.0/24"})) == [closed.seq]


def test_search_by_number_leads_to_a_uid_and_masks_the_name(office, person):
    [entry] = write(action=AuditAction.PHONE_REVEALED, person=person)

    answer = office.post(SEARCH, {"number": ID_NUMBER})

    assert answer.url == f"{SEARCH}?person={person.uid}"
    page = office.get(answer.url)
    assert numbers(page) == [entry.seq]
    assert "学员甲" not in page.content.decode()
    assert office.post(SEARCH, {"number": "990000199001010017"}).url == SEARCH


@pytest.mark.parametrize("question", [{"since": "x"}, {"actor": "nobody"}, {"person": "x"}, {"action": "x"}])
def test_bad_question_is_answered_in_words(office, question):
    page = office.get(SEARCH, question)

    assert page.status_code == 200
    assert page.context["form"].errors


@pytest.mark.parametrize("before", ["x", "-1", "", "9" * 40, "٣"])
def test_bad_place_in_the_log_begins_at_the_newest(office, before):
    write()

    assert len(numbers(office.get(SEARCH, {"before": before, "action": "class_closed"}))) == 1


def test_pages_follow_each_other_without_a_gap(office):
    written = [entry.seq for entry in write(120)]
    seen, page = [], office.get(SEARCH, {"action": "class_closed"})
    while True:
        seen += numbers(page)
        if "older" not in page.context:
            break
        page = office.get(f"{SEARCH}?{page.context['older']}")

    assert seen == written[::-1]


def test_page_takes_the_same_queries_for_one_and_many(office, person, django_assert_max_num_queries):
    def queries():
        with django_assert_max_num_queries(40) as seen:
            office.get(SEARCH)
        return len(seen)

    write(person=person)
    queries()
    with_one = queries()
    write(30, person=person)

    assert queries() == with_one


def test_villager_who_did_it_is_masked(office, person):
    person.user = UserFactory(display_name="学员甲")
    person.save()
    [entry] = write(actor=person.user, person=person)

    page = office.get(SEARCH, {"action": "class_closed"})

    assert page.context["rows"][0]["actor"] == "学**"
    assert "学员甲" not in page.content.decode()
    [(_nobody, cells)] = list_kind("audit_log").rows(ListQuestion("431125", NOW.date(), NOW.date(), 10))
    assert (cells[0], cells[2]) == (entry.seq, "学**")


def test_reader_sees_her_regions_only(client, county, foreign_office_user, instructor_user):
    write()

    assert client.get(SEARCH).status_code == 302
    client.force_login(foreign_office_user)
    assert numbers(client.get(SEARCH, {"action": "class_closed"})) == []
    client.force_login(instructor_user)
    assert client.get(SEARCH).status_code == 404


def test_auditor_reads_the_log(client, county):
    auditor = UserFactory()
    appoint(user=auditor, role="auditor", region=county, since=date(2020, 1, 1))
    auditor.user_permissions.add(Permission.objects.get(codename="access_admin"))
    write()
    client.force_login(auditor)

    assert numbers(client.get(SEARCH, {"action": "class_closed"}))


# The nightly check


def test_check_is_kept_and_shown(office):
    write(3)

    check = check_log(now=NOW)

    assert (check.is_intact, check.entries) == (True, AuditEntry.objects.count())
    assert "help-critical" not in office.get(SEARCH).content.decode()


def test_change_is_found_logged_and_shown(office, caplog):
    fill_log(6)
    with tampering():
        sql("UPDATE registry_auditentry SET action = 'exported' WHERE seq = %s", 3)

    with caplog.at_level(logging.ERROR):
        check = check_log(now=NOW)

    assert (check.broken_at, check.problem) == (3, "changed")
    assert "audit log broken at entry 3" in caplog.text
    assert AuditEntry.objects.filter(action=AuditAction.AUDIT_BROKEN).count() == 1
    assert "help-critical" in office.get(SEARCH).content.decode()


def test_log_put_back_to_an_older_state_is_found_by_the_last_check(db):
    fill_log(3)
    older = list(AuditEntry.objects.order_by("seq").values_list("seq", flat=True))
    check_log(now=NOW)
    AuditCheck.objects.update(head=f"{older[-1]}:{'0' * 64}")

    assert not check_log(now=NOW).is_intact


def test_log_is_offered_as_a_list(person):
    [entry] = write(person=person)

    [(nobody, cells)] = list_kind("audit_log").rows(ListQuestion("431125", NOW.date(), NOW.date(), 10))

    assert nobody is None
    assert (cells[0], cells[4], cells[5]) == (entry.seq, str(person.uid), "431125")
    assert "学员甲" not in str(cells)
