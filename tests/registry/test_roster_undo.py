"""Undoing a whole import takes back what it made and changed, and nothing else."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from courses.services import enrol_person
from registry.models import (
    AuditAction,
    AuditEntry,
    Household,
    Membership,
    Person,
    RosterEdit,
    RosterImport,
    StatusPeriod,
)
from registry.queries.status import status_on
from registry.services import apply_file, preview_undo, request_undo, reveal_phone, undo_roster
from registry.services.keys import rotate_keys
from registry.tasks import undo_roster_task
from tests.factories.courses import make_course
from tests.factories.registry import RosterImportFactory, UserFactory, id_number
from tests.registry.roster_files import row, write_roster

State = RosterImport.State
NOW = datetime(2026, 7, 1, tzinfo=UTC)
EARLIER, DAY, LATER = date(2025, 6, 30), date(2026, 1, 1), date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _no_worker(monkeypatch):
    monkeypatch.setattr(undo_roster_task, "delay", lambda pk: None)


@pytest.fixture
def load(county, tmp_path):
    """Import rows as of a day, each list a minute after the one before; returns the import."""
    minutes = iter(range(1, 100))

    def load_rows(*rows, as_of=DAY):
        path = write_roster(tmp_path / "a.xlsx", list(rows))
        apply_file(path=path, county=county, as_of=as_of, now=NOW + timedelta(minutes=next(minutes)))
        return RosterImport.objects.latest("pk")

    return load_rows


def undo(roster_import, by=None):
    assert request_undo(roster_import=roster_import, by=by, now=NOW)
    undo_roster(roster_import, NOW + timedelta(hours=2))
    assert roster_import.state == State.UNDONE
    return roster_import.undo_outcome


SECRETS = ("id_number_sealed", "phone_sealed")


def everything():
    """All rows; what is sealed as it opens, since sealing twice gives two ciphertexts."""
    rows = [list(model.objects.order_by("pk").values()) for model in (Household, Membership, StatusPeriod)]
    people = Person.objects.order_by("pk")
    plain = [{k: v for k, v in values.items() if k not in SECRETS} for values in people.values()]
    return [*rows, plain, [(person.id_number, person.phone) for person in people]]


def test_undo_of_a_first_import_leaves_nothing(load):
    roster_import = load(row(1), row(2, 证件号码=""), row(3, 户编号="0001", 人编号="02", 与户主关系="配偶"))

    outcome = undo(roster_import)

    assert everything() == [[], [], [], [], []]
    assert (outcome["people_removed"], outcome["households_removed"]) == (3, 2)
    assert (outcome["memberships_removed"], outcome["periods_removed"]) == (3, 2)
    assert outcome["staying"] == []


@pytest.mark.parametrize("as_of", [EARLIER, DAY, LATER])
def test_undo_of_a_second_list_puts_everything_back(load, as_of):
    load(row(1, 脱贫属性="未脱贫"), row(2, 证件号码="", 人编号="01"), row(4))
    before = everything()
    second = load(
        row(1, 姓名="学员改", 联系电话="19900000099", 行政村="431125100007"),
        row(2, 人编号="01", 联系电话=""),
        row(3, 户编号="0001"),
        row(4, 户编号="0002", 与户主关系="配偶"),
        as_of=as_of,
    )
    assert everything() != before

    preview = preview_undo(second)
    outcome = undo(second)

    assert everything() == before
    assert (outcome["people_removed"], outcome["people_staying"]) == (1, 0)
    assert {**outcome} == {**preview.__dict__}


def test_status_answers_as_before_the_import(load):
    load(row(1, 脱贫属性="未脱贫"), as_of=EARLIER)
    person = Person.objects.get()
    days = [EARLIER, DAY, LATER]
    before = [status_on(person, day) for day in days]
    second = load(row(1, 脱贫属性="稳定脱贫"))
    assert [status_on(person, day) for day in days] != before

    undo(second)

    assert [status_on(person, day) for day in days] == before


def test_undo_twice_is_undo_once_and_is_logged_once(load, office_user):
    roster_import = load(row(1))
    undo(roster_import, by=office_user)
    load(row(2))
    before = everything()

    assert not request_undo(roster_import=roster_import, by=office_user)
    undo_roster(roster_import, NOW + timedelta(days=1))

    assert everything() == before
    entry = AuditEntry.objects.get(action=AuditAction.ROSTER_UNDONE)
    assert (entry.actor, entry.region_code) == (office_user, "431125")
    assert entry.detail["people_removed"] == 1
    assert roster_import.undone_by == office_user


def test_undo_of_an_import_that_is_not_applied_is_refused(county):
    for state in State:
        if state != State.APPLIED:
            assert not request_undo(roster_import=RosterImportFactory(county=county, state=state), by=None)


def test_import_that_noted_nothing_cannot_be_undone(load):
    roster_import = load(row(1))
    roster_import.marks.all().delete()  # as those applied before imports kept a journal

    assert not request_undo(roster_import=roster_import, by=None)
    assert Person.objects.exists()


@pytest.mark.slow
def test_people_a_later_list_names_stay_as_they_are(load):
    first = load(row(1), row(2))
    load(row(1))  # says nothing new, and relies on the person all the same
    spells = list(StatusPeriod.objects.filter(household__number="0001").values())

    outcome = undo(first)

    person = Person.objects.get()
    assert (person.name, person.listed_on) == ("学员1", DAY)
    assert list(StatusPeriod.objects.values()) == spells
    assert outcome["staying"] == [{"person": str(person.uid), "reasons": ["later_roster"]}]
    assert (outcome["people_staying"], outcome["households_staying"]) == (1, 1)


@pytest.mark.slow
def test_after_the_later_list_is_undone_the_first_can_be(load):
    first = load(row(1))
    second = load(row(1, 脱贫属性="未脱贫"), as_of=LATER)
    undo(second)

    undo(first)

    assert everything() == [[], [], [], [], []]


def test_person_who_enrolled_stays_without_what_the_list_said_of_her(load, county):
    first = load(row(1), row(2))
    person = Person.objects.get(name="学员1")
    enrol_person(person=person, course=make_course())

    outcome = undo(first)

    person.refresh_from_db()
    assert Person.objects.get() == person
    assert outcome["staying"] == [{"person": str(person.uid), "reasons": ["courses.enrolment"]}]
    assert (person.listed_on, person.identity_level) == (None, Person.IdentityLevel.DECLARED)
    assert not Membership.objects.exists()
    assert not StatusPeriod.objects.exists()
    assert not Household.objects.exists()


def test_person_who_signs_in_stays(load):
    first = load(row(1))
    Person.objects.update(user=UserFactory())

    assert undo(first)["staying"][0]["reasons"] == ["login"]


def test_every_kind_of_row_that_points_at_a_person_keeps_her(load, office_user):
    """Also those that have no name on the person's side, such as leaves to see a number."""
    first = load(row(1))
    person = Person.objects.get()
    reveal_phone(actor=office_user, person=person, reason="电话回访核对培训情况")

    reasons = undo(first)["staying"][0]["reasons"]

    assert reasons == ["registry.auditentry", "registry.revealgrant"]


def test_value_that_somebody_changed_since_stays(load):
    load(row(1))
    second = load(row(1, 姓名="学员错", 联系电话="19900000098"), as_of=LATER)
    person = Person.objects.get()
    person.name = person.name_key = "学员对"
    person.phone = "+8619900000097"
    person.save()

    undo(second)

    person.refresh_from_db()
    assert (person.name, person.phone, person.listed_on) == ("学员对", "+8619900000097", DAY)


def test_old_phone_comes_back_after_keys_were_rotated(load, settings):
    load(row(1))
    second = load(row(1, 联系电话="19900000098"))
    assert RosterEdit.objects.get(edit="phone").phone == "+8619900000001"
    settings.SEAL_KEYS = {**settings.SEAL_KEYS, 2: "ab" * 32}
    rotate_keys()
    settings.SEAL_KEYS = {2: "ab" * 32}

    undo(second)

    assert Person.objects.get().phone == "+8619900000001"


def test_id_number_that_was_added_goes_again_and_the_temporary_number_stays(load):
    load(row(1, 证件号码="", 人编号="01"))
    second = load(row(1, 人编号="01"))
    assert Person.objects.get().id_number == id_number(1)

    undo(second)

    person = Person.objects.get()
    assert (person.id_number, person.temporary_number) == ("", "T-431125-2026-00001")


def test_journal_holds_no_number_in_clear(load):
    load(row(1, 证件号码="", 人编号="01"))
    load(row(1, 人编号="01", 联系电话="19900000098"))

    notes = str(list(RosterEdit.objects.values("before", "after")))

    assert id_number(1) not in notes
    assert "1990000" not in notes


def test_undo_page_previews_and_undoes(client, load, office_user):
    roster_import = load(row(1))
    client.force_login(office_user)
    address = reverse("roster_undo", args=[roster_import.uid])
    detail = reverse("roster_detail", args=[roster_import.uid])
    assert address in client.get(detail).content.decode()

    page = client.get(address)

    assert page.context["undone"]["people_removed"] == 1
    assert Person.objects.exists()
    assert client.post(address).url == detail
    roster_import.refresh_from_db()
    assert (roster_import.state, roster_import.undone_by) == (State.UNDOING, office_user)
    assert client.get(address).url == detail
    undo_roster_task(roster_import.pk)
    page = client.get(detail)
    assert page.context["undone"]["people_removed"] == 1
    assert address not in page.content.decode()
    assert client.post(address).url == detail


def test_undo_page_names_who_stays_and_why(client, load, office_user, county):
    roster_import = load(row(1), row(2))
    enrol_person(person=Person.objects.get(name="学员1"), course=make_course())
    client.force_login(office_user)

    page = client.get(reverse("roster_undo", args=[roster_import.uid]))

    assert [name for name, _reasons in page.context["staying"]] == ["学员1"]
    assert "courses.enrolment" not in page.content.decode()


def test_undo_page_of_a_foreign_county_is_not_found(client, load, foreign_office_user, instructor_user):
    address = reverse("roster_undo", args=[load(row(1)).uid])

    assert client.post(address).status_code == 302
    for user in (foreign_office_user, instructor_user):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert Person.objects.exists()
