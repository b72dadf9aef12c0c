"""Which records look like one person, and who is shown them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from registry.duplicates import Why, is_slip, suggest_kept
from registry.models import Person
from registry.queries.duplicates import likely_pairs, merges_within, shown_pairs
from registry.queries.places import children_of, version_by_code
from registry.services import apply_file, decide_pair, merge_people, register_self
from tests.factories.registry import PersonFactory, UserFactory, id_number
from tests.registry.roster_files import row, write_roster

HOME = ["431125"]


@pytest.fixture
def village(county):
    return children_of("431125100").first().region


@pytest.fixture
def make(village):
    """Return a record of one name in the village."""

    def person(**fields):
        return PersonFactory(**{"name": "学员甲", "village": village} | fields)

    return person


def whys(scopes=HOME, **options):
    return [pair.whys for pair in likely_pairs(scopes, **options)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("990000199001010025", "990000199001010025", True),
        ("990000199001010025", "990000199001010033", True),  # one digit and its check digit
        ("990000199001010025", "990000199010010022", True),  # two neighbours change places
        ("990000199001010025", "990000190091010024", False),  # two that are no neighbours
        ("990000199001010025", "990000199002020025", False),
        ("990000199001010025", "", False),
    ],
)
def test_slip_is_one_digit_or_two_neighbours(one, other, expected):
    assert is_slip(one, other) is expected


def test_better_known_identity_is_kept_then_the_number_then_the_older(make):
    checked = make(identity_level=Person.IdentityLevel.CHECKED)
    numbered = make(id_number=id_number(1))
    older, newer = make(), make()
    Person.objects.filter(pk=older.pk).update(created_at=timezone.now() - timedelta(days=9))
    older.refresh_from_db()

    assert suggest_kept(numbered, checked) == (checked, numbered)
    assert suggest_kept(newer, numbered) == (numbered, newer)
    assert suggest_kept(newer, older) == (older, newer)


def test_same_name_year_and_village_without_a_number(make):
    make(rostered=True)
    make()

    assert whys() == [[Why.BIRTH_YEAR]]


def test_missing_birth_year_is_less_likely_than_an_equal_one(make):
    known, equal, missing = make(rostered=True), make(), make(birth_year=None)

    found = [(pair.first, pair.second, pair.whys) for pair in likely_pairs(HOME)]

    assert found == [
        (known.pk, equal.pk, [Why.BIRTH_YEAR]),
        (equal.pk, missing.pk, [Why.VILLAGE]),
        (known.pk, missing.pk, [Why.VILLAGE]),
    ]


def test_two_spellings_of_one_name_are_one_name(make):
    make(rostered=True, name="阿依·古丽")
    make(name="阿依•古丽")

    assert len(whys()) == 1


@pytest.mark.parametrize("other", [{"birth_year": 1991}, {"sex": "M"}, {"name": "学员乙"}, {"village": None}])
def test_what_contradicts_is_not_suggested(make, other):
    make(rostered=True)
    make(**other)

    assert whys() == []


def test_two_numbers_are_two_people_unless_one_is_a_slip(make):
    make(id_number="990000199001010025")
    make(id_number=id_number(300))
    assert whys() == []

    make(id_number="990000199001010033")

    assert whys() == [[Why.NUMBER, Why.BIRTH_YEAR]]


def test_slip_in_the_birth_year_is_found_by_the_phone(make):
    make(id_number="990000199001010025", phone="+8619900000001")
    make(id_number="990000191001010023", phone="+8619900000001", birth_year=1910)

    assert whys() == [[Why.NUMBER, Why.PHONE]]


def test_same_name_and_phone_in_another_village(make):
    other = children_of("431125101").first().region
    make(rostered=True, phone="+8619900000001", village=other, birth_year=1980)
    make(phone="+8619900000001")

    assert whys() == [[Why.PHONE]]


def test_account_beside_the_roster(tmp_path, county, village):
    path = write_roster(tmp_path / "roster.xlsx", [row(1), row(2)])
    apply_file(path=path, county=county, as_of=date(2025, 12, 31))
    user = UserFactory(phone="+8619900000001", phone_verified=True)
    register_self(user=user, name="学员1", village=None, birth_year=1990)

    assert whys() == [[Why.PHONE, Why.ACCOUNT]]
    assert whys(["431129"]) == []


def test_e20_couple_with_one_phone_is_no_pair(make):
    make(rostered=True, phone="+8619900000001")
    make(name="学员乙", phone="+8619900000001")

    assert whys() == []


def test_decided_pairs_stay_away(make):
    one, other, by = make(rostered=True), make(), UserFactory()
    now = timezone.now()
    decide_pair(first=one, second=other, verdict="later", by=by, now=now)
    assert whys() == []
    assert len(whys(now=now + timedelta(days=8))) == 1

    decide_pair(first=one, second=other, verdict="different", by=by, now=now)

    assert whys(now=now + timedelta(days=800)) == []


def test_not_the_same_holds_for_every_record_of_both(make):
    one, other, third, by = make(rostered=True), make(), make(), UserFactory()
    decide_pair(first=one, second=other, verdict="different", by=by)

    merge_people(kept=other, absorbed=third, by=by, reason="同一人")

    assert whys() == []


def test_merged_records_are_no_pair(make):
    one, other = make(rostered=True), make()
    merge_people(kept=one, absorbed=other, by=UserFactory(), reason="同一人")

    assert whys() == []


def test_pairs_are_those_of_the_scope(make, other_county):
    foreign = version_by_code("431129").region
    abroad = [make(rostered=True, phone="+8619900000009", village=foreign) for _ in range(1)]
    abroad.append(make(phone="+8619900000009", village=foreign))
    make(rostered=True)
    make(phone="+8619900000009")  # resembles one abroad, which is not hers to see

    home, away = likely_pairs(HOME), likely_pairs(["431129"])

    assert len(home) == 1
    assert {(pair.first, pair.second) for pair in away} == {tuple(one.pk for one in abroad)}
    assert len(likely_pairs(["431125", "431129"])) > 2
    assert len(likely_pairs([""])) == len(likely_pairs(["4311"])) == len(likely_pairs(["431125", "431129"]))
    assert likely_pairs([]) == []


def test_shown_pairs_bring_records_and_village(make, village, django_assert_num_queries):
    for _ in range(3):
        make()
    make(rostered=True)

    with django_assert_num_queries(3):
        pairs = likely_pairs(HOME)
    with django_assert_num_queries(2):
        shown = shown_pairs(pairs)

    assert len(shown) == 6
    assert {one.village for one in shown} == {children_of("431125100").first().name}


def test_merges_are_those_whose_both_records_lie_within(make, other_county):
    by, abroad = UserFactory(), version_by_code("431129").region
    own = merge_people(kept=make(), absorbed=make(village=None), by=by, reason="同一人")
    mixed = merge_people(kept=make(), absorbed=make(village=abroad), by=by, reason="同一人")

    assert list(merges_within(HOME)) == [own]
    assert list(merges_within(["431129"])) == list(merges_within([])) == []
    assert list(merges_within([""])) == list(merges_within(["43"])) == [mixed, own]
