"""Whom a row means: by ID number under any index key, by place in the household, never twice."""

from datetime import date

import pytest
from django.db import connection

from registry.models import Person
from registry.services import apply_file, next_temporary_number, rehearse_roster, rotate_keys
from tests.factories.registry import PersonFactory, id_number
from tests.registry.roster_files import row, write_roster

DAY, LATER = date(2026, 1, 1), date(2026, 6, 30)


@pytest.fixture
def load(county, tmp_path):
    """Import rows as of a day; returns the outcome."""

    def load_rows(*rows, as_of=DAY):
        path = write_roster(tmp_path / "a.xlsx", list(rows))
        return apply_file(path=path, county=county, as_of=as_of).outcome(applied=True)

    return load_rows


@pytest.fixture
def change_index_key(settings):
    """A function that puts a new index key beside the old one."""

    def change():
        settings.SEAL_INDEX_KEYS_ALSO = [settings.SEAL_INDEX_KEY]
        settings.SEAL_INDEX_KEY = "cd" * 32

    return change


def people():
    return list(Person.objects.order_by("pk").values())


@pytest.mark.parametrize("as_of", [DAY, LATER])
def test_person_under_the_older_index_key_is_found(load, change_index_key, as_of):
    load(row(1), row(2, 证件号码="", 人编号="01"))
    change_index_key()

    outcome = load(row(1), row(2, 人编号="01"), as_of=as_of)

    assert outcome["persons"] == {"created": 0, "matched": 2, "suggested": 0}
    assert [person.id_number for person in Person.objects.order_by("pk")] == [id_number(1), id_number(2)]


def test_unchanged_list_writes_nothing_while_keys_change(load, change_index_key):
    load(row(1), row(2))
    before = people()
    change_index_key()

    load(row(1), row(2))

    assert people() == before


def test_person_is_found_after_the_index_was_rewritten(load, change_index_key, settings):
    load(row(1))
    change_index_key()
    rotate_keys(is_index_wanted=True)
    settings.SEAL_INDEX_KEYS_ALSO = []
    before = people()

    assert load(row(1))["persons"]["matched"] == 1
    assert people() == before


def test_one_person_in_two_rows_is_not_made_twice(load):
    """One row has her number, the other does not and could mean her by her place in the household."""
    load(row(1, 人编号="01"))

    outcome = load(row(1, 证件号码="", 人编号=""), row(1, 人编号="01"), as_of=LATER)

    assert outcome["persons"]["matched"] == 1
    assert Person.objects.filter(id_number_hash__isnull=False).count() == 1


def test_import_goes_on_from_the_number_self_registration_gave(load, county):
    first = next_temporary_number(county_code="431125", year=2026)
    PersonFactory(temporary_number=first)

    load(row(1, 证件号码=""), row(2, 证件号码=""))

    numbers = Person.objects.order_by("temporary_number").values_list("temporary_number", flat=True)
    assert list(numbers) == [f"T-431125-2026-0000{n}" for n in (1, 2, 3)]
    assert next_temporary_number(county_code="431125", year=2026) == "T-431125-2026-00004"


def test_numbers_past_five_digits_keep_all_of_theirs(load, county):
    PersonFactory(temporary_number="T-431125-2026-99999")

    load(row(1, 证件号码=""), row(2, 证件号码=""))

    assert (
        Person.objects.filter(temporary_number__in=["T-431125-2026-100000", "T-431125-2026-100001"]).count()
        == 2
    )


def test_import_holds_the_lock_of_temporary_numbers_only_when_it_needs_one(load):
    load(row(1))
    assert "T-431125-2026-" not in str(people())
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        [(import_and_log,)] = cursor.fetchall()

    load(row(2, 证件号码=""))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")
        assert cursor.fetchone()[0] == import_and_log + 1


@pytest.mark.parametrize("n", [1, 3])
def test_rehearsal_takes_the_same_queries_for_one_and_three_rows(
    county, tmp_path, n, django_assert_max_num_queries
):
    path = write_roster(tmp_path / "a.xlsx", [row(each) for each in range(n)])
    rehearse_roster(path=path, county=county, as_of=DAY)

    with django_assert_max_num_queries(24):
        rehearse_roster(path=path, county=county, as_of=DAY)


def test_person_without_a_number_is_not_taken_for_her_numbered_neighbour(county, tmp_path):
    """Two of one name and place in a household, one of them with an ID number: each stays who she is."""
    numbered = row(1, 户编号="0002", 人编号="02", 姓名="学员乙")
    bare = row(1, 户编号="0002", 人编号="02", 姓名="学员乙", 证件号码="")
    moved = numbered | {"户编号": "0001", "与户主关系": "其他"}
    path = write_roster(tmp_path / "a.xlsx", [numbered])
    apply_file(path=path, county=county, as_of=date(2024, 6, 30))
    path = write_roster(tmp_path / "b.xlsx", [moved, bare])

    first, second = (
        apply_file(path=path, county=county, as_of=date(2024, 6, 30)).outcome(applied=True) for _ in "ab"
    )

    assert first["persons"]["created"] == 1
    assert second["persons"] == {"created": 0, "matched": 2, "suggested": 0}
    assert Person.objects.count() == 2
