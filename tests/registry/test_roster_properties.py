"""Random lists in random order: what holds for all of them. ROSTER_EXAMPLES=1000 tries more of them."""

import os
import tempfile
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.models import Household, Membership, Person, RosterImport, StatusPeriod
from registry.queries.status import status_on
from registry.services import apply_file, rehearse_roster, request_undo, undo_roster
from registry.tasks import undo_roster_task
from tests.factories.registry import id_number
from tests.registry.roster_files import row, write_roster

pytestmark = pytest.mark.slow

DAYS = [date(2024, 6, 30), date(2025, 6, 30), date(2026, 6, 30)]
STATUSES = ["未脱贫", "已脱贫", "脱贫不稳定户", "边缘易致贫户", "", "待核实"]
VILLAGES = ["四方井社区居委会", "431125100007"]


class _Undone(Exception):
    pass


rows = st.builds(
    lambda person, household, status, village, has_id, phone, name: row(
        person,
        户编号=f"000{household}",
        人编号=f"0{person}",
        与户主关系="户主" if person == household else "其他",
        脱贫属性=status,
        行政村=village,
        证件号码=id_number(person) if has_id else "",
        联系电话=f"1990000000{phone}",
        姓名=f"学员{person}{name}",
    ),
    st.integers(1, 5),
    st.integers(1, 4),
    st.sampled_from(STATUSES),
    st.sampled_from(VILLAGES),
    st.integers(0, 3).map(bool),
    st.integers(1, 4),
    st.sampled_from(["", "", "", "改"]),
)
lists = st.tuples(st.sampled_from(DAYS), st.lists(rows, min_size=1, max_size=8))
histories = st.lists(lists, min_size=1, max_size=4)

SECRETS = ("id_number_sealed", "phone_sealed")


def everything():
    people = Person.objects.order_by("pk")
    return [
        *(list(model.objects.order_by("pk").values()) for model in (Household, Membership, StatusPeriod)),
        [{k: v for k, v in values.items() if k not in SECRETS} for values in people.values()],
        [(person.id_number, person.phone) for person in people],
    ]


@pytest.fixture
def examples(monkeypatch):
    """For each example: a rolled-back transaction, and a function that writes a list as a file."""
    monkeypatch.setattr(undo_roster_task, "delay", lambda pk: None)


def in_its_own_world(check):
    with tempfile.TemporaryDirectory() as folder:
        try:
            with transaction.atomic():
                check(Path(folder) / "a.xlsx")
                raise _Undone
        except _Undone:
            pass


COMMON = settings(
    max_examples=int(os.environ.get("ROSTER_EXAMPLES", "12")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@COMMON
@given(history=histories)
def test_dry_run_says_what_apply_does_and_twice_is_once(county, examples, history):
    def check(path):
        for as_of, listed in history:
            write_roster(path, listed)
            promised = rehearse_roster(path=path, county=county, as_of=as_of)
            done = apply_file(path=path, county=county, as_of=as_of)
            assert done.outcome(applied=True) == promised.outcome(applied=True)
            assert done.problems == promised.problems
            before = everything()
            again = apply_file(path=path, county=county, as_of=as_of).outcome(applied=True)
            assert everything() == before
            assert again["persons"]["created"] == again["households"]["created"] == 0
            assert again["status_periods"]["opened"] == again["status_periods"]["closed"] == 0

    in_its_own_world(check)


@COMMON
@given(history=histories)
def test_nobody_is_lost_or_doubled_and_no_spell_is_rewritten(county, examples, history):
    def check(path):
        for as_of, listed in history:
            people, spells = known_people(), known_spells()
            newest = max(Person.objects.values_list("listed_on", flat=True), default=date.min)
            answers = {pk: status_on(Person.objects.get(pk=pk), DAYS[-1]) for pk in people}
            write_roster(path, listed)
            apply_file(path=path, county=county, as_of=as_of)
            assert people <= known_people()
            for key, (begun, ended) in spells.items():
                assert begun == known_spells()[key][0]
                assert ended in (None, known_spells()[key][1])
            if as_of < newest:
                for pk, answer in answers.items():
                    person = Person.objects.get(pk=pk)
                    if person.listed_on > as_of:
                        assert status_on(person, DAYS[-1]).is_registered == answer.is_registered
        numbers = [person.id_number for person in Person.objects.exclude(id_number_sealed=None)]
        assert len(numbers) == len(set(numbers))

    in_its_own_world(check)


@COMMON
@given(history=histories, last=lists)
def test_undo_of_the_last_import_is_as_if_it_had_never_been(county, examples, history, last):
    def check(path):
        for as_of, listed in history:
            write_roster(path, listed)
            apply_file(path=path, county=county, as_of=as_of)
        before = everything()
        write_roster(path, last[1])
        apply_file(path=path, county=county, as_of=last[0])
        roster_import = RosterImport.objects.latest("pk")
        if request_undo(roster_import=roster_import, by=None):
            undo_roster(roster_import)
            assert roster_import.state == RosterImport.State.UNDONE
        else:
            assert roster_import.outcome["accepted"] == 0
        assert everything() == before

    in_its_own_world(check)


def known_people():
    return set(Person.objects.values_list("pk", flat=True))


def known_spells():
    return {
        (model.__name__, spell.pk): (spell.valid.lower, spell.valid.upper)
        for model in (Membership, StatusPeriod)
        for spell in model.objects.all()
    }
