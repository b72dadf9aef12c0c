"""A process that imports or undoes is killed at random points; the next one ends with the same rows.

Each round forks a process that runs the whole job and kills itself with SIGKILL at the n-th thing it does to
the database: a statement, a piece of a COPY, before or after a commit. n is drawn by seed.
"""

import os
import random
import signal
import traceback
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

import pytest
from django.core.files import File
from django.db import connection, connections

from registry.models import (
    AuditAction,
    AuditEntry,
    Household,
    Membership,
    Person,
    RosterEdit,
    RosterImport,
    RosterMark,
    StatusPeriod,
)
from registry.roster import copying
from registry.services import (
    apply_file,
    apply_roster,
    check_roster,
    import_regions,
    request_apply,
    request_undo,
    undo_roster,
    upload_roster,
)
from registry.tasks import apply_roster_task, check_roster_task, undo_roster_task
from tests.registry.roster_files import row, write_roster

pytestmark = [pytest.mark.slow, pytest.mark.servers]

State = RosterImport.State
SEEDS = 50
NOW = datetime(2026, 7, 1, tzinfo=UTC)
AFTER_THE_LEASE = NOW + timedelta(days=36_500)  # the worker's beats go by the real clock
FIRST = [row(n, 脱贫属性="未脱贫", 人编号="01") for n in range(1, 9)]
SECOND = [
    *(row(n, 脱贫属性="稳定脱贫", 人编号="01", 联系电话=f"1990000{n + 100:04d}") for n in range(1, 5)),
    *(row(n, 户编号="0008") for n in range(5, 8)),
    *(row(n, 证件号码="" if n % 2 else row(n)["证件号码"]) for n in range(20, 40)),
    row(50, 证件号码="1"),
]


@pytest.fixture
def jobs(transactional_db, tmp_path, private_files, monkeypatch):
    """The two halves of the test on one county: a list on record, and how to upload the second."""
    for task in (check_roster_task, apply_roster_task, undo_roster_task):
        monkeypatch.setattr(task, "delay", lambda pk: None)
    import_regions(county="431125")
    from registry.queries.places import version_by_code

    county = version_by_code("431125").region
    apply_file(path=write_roster(tmp_path / "a.xlsx", FIRST), county=county, as_of=date(2025, 6, 30), now=NOW)
    path = write_roster(tmp_path / "b.xlsx", SECOND)

    def upload():
        with path.open("rb") as file:
            return upload_roster(
                file=File(file), file_name="b.xlsx", county=county, as_of=date(2026, 6, 30), by=None, now=NOW
            )

    return upload


def test_killed_import_and_killed_undo_end_with_the_same_rows(jobs):
    before = everything()
    undisturbed = jobs()
    points_of_import = in_a_process(lambda: run_import(undisturbed.pk, NOW))
    after = everything()
    assert after != before
    points_of_undo = in_a_process(lambda: run_undo(undisturbed.pk, NOW))
    assert everything() == before
    stages = set()

    for seed in range(SEEDS):
        chance = random.Random(seed)
        pk = jobs().pk
        in_a_process(lambda: run_import(pk, NOW), kill_at=chance.randint(1, points_of_import))  # noqa: B023
        state = RosterImport.objects.get(pk=pk).state
        stages.add(state)
        assert everything() == (after if state == State.APPLIED else before), f"seed {seed}: half-applied"
        run_import(pk, AFTER_THE_LEASE)
        assert everything() == after, f"seed {seed}"
        assert_noted_once(pk)

        in_a_process(lambda: run_undo(pk, NOW), kill_at=chance.randint(1, points_of_undo))  # noqa: B023
        state = RosterImport.objects.get(pk=pk).state
        stages.add(state)
        assert everything() == (before if state == State.UNDONE else after), f"seed {seed}: half-undone"
        run_undo(pk, AFTER_THE_LEASE)
        assert everything() == before, f"seed {seed}"
        assert RosterImport.objects.get(pk=pk).state == State.UNDONE

    assert stages >= {State.CHECKING, State.APPLYING, State.UNDOING}
    assert logged(AuditAction.ROSTER_APPLIED) == SEEDS + 2
    assert logged(AuditAction.ROSTER_UNDONE) == SEEDS + 1


def run_import(pk, now):
    """What the tasks and the officer's button do, whatever was done of it before."""
    roster_import = check_roster(RosterImport.objects.get(pk=pk), now)
    request_apply(roster_import=roster_import, now=now - timedelta(seconds=1))
    return apply_roster(roster_import, now)


def run_undo(pk, now):
    request_undo(roster_import=RosterImport.objects.get(pk=pk), by=None, now=now - timedelta(seconds=1))
    return undo_roster(RosterImport.objects.get(pk=pk), now)


def in_a_process(work, kill_at=0):
    """Run `work` in a process of its own; killed at point `kill_at`, or else return how many it has."""
    connections.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            with counting(kill_at) as points:
                work()
            os.write(writing, str(len(points)).encode())
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    _pid, status = os.waitpid(pid, 0)
    if kill_at:
        assert os.WTERMSIG(status) == signal.SIGKILL
        return 0
    assert status == 0
    return int(answer)


class counting(ExitStack):  # noqa: N801
    """Count what is done to the database, and die at point `kill_at`."""

    def __init__(self, kill_at):
        super().__init__()
        self._kill_at = kill_at
        self._points = []

    def __enter__(self):
        super().__enter__()
        commit, read = connection._commit, copying._RowStream.read

        def counted_commit():
            self._point()
            commit()
            self._point()

        def counted_read(stream, size=-1):
            self._point()
            return read(stream, size)

        self.enter_context(connection.execute_wrapper(self._execute))
        self.enter_context(patch.object(connection, "_commit", counted_commit))
        self.enter_context(patch.object(copying._RowStream, "read", counted_read))
        return self._points

    def _execute(self, execute, sql, params, many, context):
        self._point()
        return execute(sql, params, many, context)

    def _point(self):
        self._points.append(1)
        if len(self._points) == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def everything():
    """All rows by what they say: keys drawn by a run that was killed are not given again."""
    people = {person.pk: (person.name, person.id_number, person.phone) for person in Person.objects.all()}
    households = dict(Household.objects.values_list("pk", "number"))
    return [
        sorted(Household.objects.values_list("number", "village", "listed_on")),
        sorted(
            (*people[pk], *map(str, values))
            for pk, *values in Person.objects.values_list(
                "pk", "temporary_number", "identity_level", "listed_on", "village"
            )
        ),
        sorted(
            (*people[person], households[household], *map(str, values))
            for person, household, *values in Membership.objects.values_list(
                "person", "household", "number", "relation", "is_head", "valid"
            )
        ),
        sorted(
            (households[household], *map(str, values))
            for household, *values in StatusPeriod.objects.values_list("household", "kind", "label", "valid")
        ),
    ]


def assert_noted_once(pk):
    marks = RosterMark.objects.filter(roster_import=pk, is_new=True)
    made = [[one for mark in marks.filter(kind=kind) for one in mark.pks] for kind in RosterMark.Kind]
    assert [len(pks) for pks in made] == [len(set(pks)) for pks in made] == [20, 20]
    assert RosterEdit.objects.filter(roster_import=pk, edit="person").count() == 7


def logged(action):
    return AuditEntry.objects.filter(action=action).count()
