import json
from datetime import date

import pytest

from registry.demo_roster import BAD_KINDS, DEMO_PERSON, write_demo_roster
from registry.models import Household, Membership, Person, RosterImport, StatusPeriod
from registry.queries.places import version_by_code
from registry.queries.status import StatusOnDay, status_on
from registry.services import apply_file, rehearse_roster
from tests.factories.registry import PersonFactory, id_number
from tests.registry.roster_files import REFUSED, row, write_roster

DAY = date(2026, 1, 1)
LATER = date(2026, 6, 30)
EARLIER = date(2025, 6, 30)
MODELS = (Household, Membership, Person, StatusPeriod)
KIND = StatusPeriod.Kind


@pytest.fixture
def load(county, tmp_path):
    """Write rows as a file and import it as of a day; returns problems as (row, code) and the outcome."""

    def load_rows(*rows, as_of=DAY):
        path = write_roster(tmp_path / "a.xlsx", list(rows))
        rehearsed = rehearse_roster(path=path, county=county, as_of=as_of)
        applied = apply_file(path=path, county=county, as_of=as_of)
        expected = {**rehearsed.outcome(applied=True)}
        assert applied.outcome(applied=True) == expected
        assert applied.problems == rehearsed.problems
        return [(p.row, p.code) for p in applied.problems], applied.outcome(applied=True)

    return load_rows


def everything():
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def spells(household="0001"):
    periods = StatusPeriod.objects.filter(household__number=household).order_by("valid", "kind")
    return [(KIND(p.kind), p.valid.lower, p.valid.upper) for p in periods]


def test_import_keeps_person_household_status_and_source(load):
    problems, outcome = load(row(姓名="学员甲", 人编号="01"))

    person = Person.objects.get()
    assert problems == []
    assert (person.name, person.sex, person.birth_year, person.id_number) == (
        "学员甲",
        "F",
        1990,
        id_number(1),
    )
    assert (person.phone, person.identity_level) == ("+8619900000001", Person.IdentityLevel.MATCHED)
    assert person.village == version_by_code("431125100006").region
    membership = person.memberships.get()
    assert (membership.is_head, membership.number, membership.relation) == (True, "01", "户主")
    assert membership.household.number == "0001"
    assert membership.source == RosterImport.objects.get()
    assert (membership.valid.lower, membership.valid.upper) == (DAY, None)
    assert spells() == [(KIND.LIFTED, DAY, None)]
    assert outcome == {
        "rows": 1,
        "accepted": 1,
        "rejected": 0,
        "warnings": 0,
        "persons": {"created": 1, "matched": 0, "suggested": 0},
        "households": {"created": 1, "matched": 0},
        "status_periods": {"opened": 1, "closed": 0, "unchanged": 0},
        "applied": True,
    }


def test_import_never_stores_columns_we_may_not_keep(load):
    load(row())

    stored = json.dumps(everything(), default=str, ensure_ascii=False)
    assert "残疾" not in stored
    assert id_number(1) not in stored


def test_import_twice_changes_nothing(load):
    rows = [row(1), row(2, 证件号码=""), row(3, 户编号="0001", 人编号="02", 与户主关系="配偶")]
    load(*rows)
    before = everything()

    _problems, outcome = load(*rows)

    assert everything() == before
    assert outcome["persons"] == {"created": 0, "matched": 3, "suggested": 0}
    assert outcome["households"] == {"created": 0, "matched": 2}
    assert outcome["status_periods"] == {"opened": 0, "closed": 0, "unchanged": 2}


def test_rehearsal_writes_nothing(county, tmp_path):
    path = write_roster(tmp_path / "a.xlsx", [row()])

    rehearse_roster(path=path, county=county, as_of=DAY)

    assert not any(everything())
    assert not RosterImport.objects.exists()


@pytest.mark.parametrize(("changes", "column", "code"), REFUSED)
def test_import_refuses_row_and_says_where(load, changes, column, code):
    problems, outcome = load(row(1, **changes), row(2))

    assert problems == [(2, code)]
    problem = RosterImport.objects.get().problems[0]
    assert (problem["column"], problem["code"]) == (column, code)
    assert (outcome["accepted"], outcome["rejected"]) == (1, 1)
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"证件号码": id_number(1) + "43"}, "id_disability_number"),
        ({"证件号码": "990000900101002"}, "id_old_number"),
        ({"证件号码": ""}, "id_missing"),
        ({"姓名": "学员□"}, "name_character_missing"),
        ({"姓名": "学员\ue000"}, "name_private_character"),
        ({"姓名": "学员𠮷"}, "name_rare_character"),
        ({"姓名": "学员Jia"}, "name_holds_letters"),
        ({"联系电话": "0746-1"}, "phone_invalid"),
        ({"脱贫属性": ""}, "status_missing"),
        ({"与户主关系": "关" * 21}, "relation_too_long"),
    ],
)
def test_import_takes_row_with_warning(load, changes, code):
    problems, outcome = load(row(1, **changes))

    assert problems == [(2, code)]
    assert (outcome["accepted"], outcome["warnings"]) == (1, 1)


@pytest.mark.parametrize(
    "number", [id_number(25).lower(), id_number(25).translate({48: "０"}), f" {id_number(25)} "]
)
def test_import_reads_id_numbers_as_people_write_them(load, number):
    load(row(证件号码=number))

    assert Person.objects.get().id_number == id_number(25)


@pytest.mark.parametrize("dot", "·•・‧∙⋅．.")
def test_import_compares_names_whatever_their_dot(load, dot):
    load(row(1, 姓名="阿依·示例", 证件号码="", 人编号=""))

    _problems, outcome = load(row(1, 姓名=f"阿依{dot}示例", 证件号码="", 人编号=""), as_of=LATER)

    assert outcome["persons"]["matched"] == 1
    assert Person.objects.get().name == "阿依·示例"


def test_import_refuses_the_second_of_two_equal_people(load):
    problems, _outcome = load(row(1), row(2, 证件号码=id_number(1)))

    assert problems == [(3, "duplicate")]


def test_import_refuses_the_second_of_two_without_id_in_one_household(load):
    twice = row(1, 证件号码="", 人编号="")

    problems, _outcome = load(twice, twice)

    assert (3, "duplicate") in problems
    assert Person.objects.count() == 1


def test_import_warns_of_second_head_shared_phone_and_two_statuses(load):
    problems, _outcome = load(
        row(1),
        row(2, 户编号="0001", 人编号="02", 脱贫属性="未脱贫"),
        row(3, 联系电话="19900000001"),
    )

    assert problems == [(3, "second_head"), (3, "status_conflict"), (4, "phone_shared")]
    assert Membership.objects.filter(household__number="0001", is_head=True).count() == 1
    assert spells() == [(KIND.LIFTED, DAY, None)]


def test_import_skips_blank_rows_between_rows(load):
    problems, outcome = load(row(1), {}, row(2), {}, {})

    assert problems == [(3, "blank_row")]
    assert outcome["rows"] == 2


@pytest.mark.parametrize(
    ("town", "village"),
    [
        ("潇浦镇", "四方井社区"),
        ("潇浦", "四方井"),
        ("", "四方井社区居委会"),
        ("", "431125100006"),
        ("潇浦镇", "四方井村"),
    ],
)
def test_import_finds_village_by_code_or_name_as_written(load, town, village):
    load(row(乡=town, 行政村=village))

    assert Person.objects.get().village == version_by_code("431125100006").region


def test_import_gives_temporary_numbers_in_sequence(load):
    load(row(1, 证件号码=""), row(2, 证件号码=""))
    load(row(3, 证件号码=""), as_of=LATER)

    people = Person.objects.order_by("temporary_number")
    assert [person.temporary_number for person in people] == [
        "T-431125-2026-00001",
        "T-431125-2026-00002",
        "T-431125-2026-00003",
    ]
    assert {person.identity_level for person in people} == {Person.IdentityLevel.DECLARED}


@pytest.mark.parametrize("number", ["01", ""])
def test_import_recognises_person_without_id_by_her_place_in_the_household(load, number):
    load(row(1, 证件号码="", 人编号=number))
    load(row(1, 证件号码="", 人编号=number), as_of=LATER)

    assert Person.objects.count() == 1


def test_import_gives_person_without_id_the_number_found_later(load):
    load(row(1, 证件号码="", 人编号="01"))
    load(row(1, 人编号="01"), as_of=LATER)

    person = Person.objects.get()
    assert person.id_number == id_number(1)
    assert person.identity_level == Person.IdentityLevel.MATCHED
    assert person.birth_year == 1990


def test_import_without_id_recognises_person_known_with_one(load):
    load(row(1, 人编号="01"))
    load(row(1, 证件号码="", 人编号="01"), as_of=LATER)

    assert Person.objects.get().id_number == id_number(1)


def test_import_only_suggests_people_of_the_same_name(load):
    village = version_by_code("431125100006").region
    known = PersonFactory(name="学员1", birth_year=1990, village=village)

    problems, outcome = load(row(1))

    assert outcome["persons"] == {"created": 1, "matched": 0, "suggested": 1}
    assert problems == [(2, "maybe_known")]
    assert Person.objects.exclude(pk=known.pk).get().id_number == id_number(1)


def test_newer_list_closes_one_status_and_opens_the_next(load):
    load(row(脱贫属性="未脱贫"), as_of=EARLIER)

    _problems, outcome = load(row(脱贫属性="稳定脱贫"), as_of=DAY)

    assert outcome["status_periods"] == {"opened": 1, "closed": 1, "unchanged": 0}
    assert spells() == [(KIND.REGISTERED, EARLIER, DAY), (KIND.LIFTED, DAY, None)]


@pytest.mark.parametrize(
    ("label", "status"),
    [
        ("未脱贫", StatusOnDay(True, True, False)),
        ("返贫", StatusOnDay(True, True, False)),
        ("已脱贫（不享受政策）", StatusOnDay(False, True, False)),
        ("稳定脱贫", StatusOnDay(False, True, False)),
        ("脱贫不稳定户", StatusOnDay(False, True, True)),
        ("边缘易致贫户", StatusOnDay(False, False, True)),
        ("突发严重困难户", StatusOnDay(False, False, True)),
    ],
)
def test_status_labels_answer_r9_r10_r11(load, label, status):
    load(row(脱贫属性=label))

    assert status_on(Person.objects.get(), LATER) == status


def test_older_list_does_not_win(load):
    load(row(姓名="学员新", 联系电话="19900000009"), as_of=DAY)
    load(row(姓名="学员旧", 联系电话="19900000008", 脱贫属性="未脱贫"), as_of=EARLIER)

    person = Person.objects.get()
    assert (person.name, person.phone) == ("学员新", "+8619900000009")
    assert spells() == [(KIND.REGISTERED, EARLIER, DAY), (KIND.LIFTED, DAY, None)]
    assert status_on(person, LATER) == StatusOnDay(False, True, False)
    assert sorted((m.valid.lower, m.valid.upper) for m in person.memberships.all()) == [
        (EARLIER, DAY),
        (DAY, None),
    ]


def test_older_list_inside_a_known_spell_is_reported_and_ignored(load):
    load(row(脱贫属性="未脱贫"), as_of=EARLIER)
    load(row(脱贫属性="已脱贫"), as_of=LATER)
    before = spells()

    problems, _outcome = load(row(脱贫属性="已脱贫"), as_of=DAY)

    assert problems == [(2, "status_disagrees")]
    assert spells() == before


def test_list_of_the_same_day_does_not_rewrite_status(load):
    load(row(脱贫属性="未脱贫"))

    problems, _outcome = load(row(姓名="学员改", 脱贫属性="已脱贫"))

    assert problems == [(2, "status_disagrees")]
    assert spells() == [(KIND.REGISTERED, DAY, None)]
    assert Person.objects.get().name == "学员改"


def test_newer_list_moves_person_to_another_household(load):
    load(row(1), row(2), as_of=DAY)
    load(row(1, 户编号="0002", 人编号="05", 与户主关系="配偶"), as_of=LATER)

    person = Person.objects.get(name="学员1")
    moves = person.memberships.order_by("valid").values_list("household__number", "valid")
    assert [(number, valid.lower, valid.upper) for number, valid in moves] == [
        ("0001", DAY, LATER),
        ("0002", LATER, None),
    ]


def test_absent_person_stays(load):
    load(row(1), row(2), as_of=DAY)
    load(row(1), as_of=LATER)

    assert Person.objects.count() == 2
    assert all(membership.valid.upper is None for membership in Membership.objects.all())


def test_person_known_to_another_county_stays_one(load, other_county, tmp_path):
    load(row(1))
    path = write_roster(tmp_path / "b.xlsx", [row(1, 县="江华瑶族自治县", 行政村="不存在")])

    rehearsal = rehearse_roster(path=path, county=other_county, as_of=LATER)

    assert rehearsal.outcome(applied=False)["rejected"] == 1


def test_demo_roster_has_people_households_and_eleven_kinds_of_bad_row(county, tmp_path):
    path = tmp_path / "demo.xlsx"
    write_demo_roster(path, bad_rows=11)

    applied = apply_file(path=path, county=county, as_of=DAY)

    outcome = applied.outcome(applied=True)
    assert (outcome["rows"], outcome["accepted"], outcome["rejected"]) == (211, 200, 11)
    assert outcome["households"]["created"] == 65
    refused = {p.code for each in applied.examination.refused for _row, found in each.rows for p in found}
    assert set(BAD_KINDS) <= refused
    assert len(BAD_KINDS) == 11
    assert outcome["warnings"] == 0
    assert Person.objects.get(name=DEMO_PERSON.name).id_number == DEMO_PERSON.id_number


def test_demo_rosters_of_two_seeds_share_nobody(county, tmp_path):
    for seed in (1, 2):
        write_demo_roster(tmp_path / "demo.xlsx", seed=seed)
        outcome = apply_file(path=tmp_path / "demo.xlsx", county=county, as_of=DAY).outcome(applied=True)
        assert outcome["persons"]["created"] == 200
        assert outcome["households"] == {"created": 65, "matched": 0}
