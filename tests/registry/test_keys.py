import io
import json
import os
import signal
import subprocess
import sys
import threading

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection, models, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from registry import sealing
from registry.errors import IndexKeyMissing
from registry.models import AuditAction, AuditEntry, Person, SentMessage, User
from registry.services.keys import SEALED_COLUMNS, rotate_keys
from tests.factories.privacy import PHONE, make_person, make_user

NEW_KEY = "ab" * 32
NEW_INDEX_KEY = "cd" * 32


def id_number(sequence):
    return f"990000{19900101 + sequence // 1000}{sequence % 1000:03d}X"


@pytest.fixture
def people(db):
    return [make_person(id_number=id_number(number), phone=PHONE) for number in range(7)]


@pytest.fixture
def with_new_key(settings):
    settings.SEAL_KEYS = {**settings.SEAL_KEYS, 2: NEW_KEY}


@pytest.fixture
def with_new_index_key(settings):
    settings.SEAL_INDEX_KEYS_ALSO = [settings.SEAL_INDEX_KEY]
    settings.SEAL_INDEX_KEY = NEW_INDEX_KEY


def report_on(reports, column):
    return next(report for report in reports if report.column == column)


def find(number):
    return Person.objects.filter(id_number_hash__in=sealing.lookup_hashes(number, purpose="id_number")).get()


# Which columns


def test_every_sealed_column_is_known():
    found = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.BinaryField) and field.name.endswith("_sealed")
    }

    assert {(column.model, column.sealed) for column in SEALED_COLUMNS} == found


def test_every_index_of_a_sealed_column_is_known():
    for column in SEALED_COLUMNS:
        names = {field.name for field in column.model._meta.get_fields()}
        assert column.has_index == (column.index in names)
        assert "uid" in names


@pytest.mark.parametrize("column", SEALED_COLUMNS, ids=str)
def test_context_and_purpose_of_a_column_are_what_its_model_uses(db, column):
    row = {User: make_user, Person: make_person}.get(column.model, column.model)()
    value = id_number(1) if column.name == "id_number" else PHONE

    setattr(row, column.name, value)

    assert sealing.unseal(getattr(row, column.sealed), context=f"{column}.{row.uid}") == value
    if column.has_index:
        assert getattr(row, column.index) == sealing.lookup_hash(value, purpose=column.name)


# The sealing key


def test_rotation_seals_every_value_under_the_newest_key(people, with_new_key, settings):
    user = make_user(phone=PHONE)
    message = SentMessage(text="123456")
    settings.SEAL_KEY_ID = 1
    message.phone = PHONE
    message.save()
    user.phone = PHONE
    user.save()
    settings.SEAL_KEY_ID = 0

    reports = rotate_keys(batch=3)

    assert {report.column: report.resealed for report in reports} == {
        "registry_user.phone": 1,
        "registry_person.id_number": 7,
        "registry_person.phone": 7,
        "registry_sentmessage.phone": 1,
        "registry_rosteredit.phone": 0,
        "registry_privacyrequest.wish": 0,
        "courses_ledgerupload.workbook": 0,
    }
    assert all(report.is_complete and report.under.keys() <= {"2"} for report in reports)
    settings.SEAL_KEYS = {2: NEW_KEY}
    assert [person.id_number for person in Person.objects.order_by("pk")] == [id_number(n) for n in range(7)]
    assert (User.objects.get(pk=user.pk).phone, SentMessage.objects.get().phone) == (PHONE, PHONE)


def test_rotation_leaves_the_hashes_alone(people, with_new_key):
    before = list(Person.objects.order_by("pk").values_list("id_number_hash", "phone_hash"))

    rotate_keys()

    assert list(Person.objects.order_by("pk").values_list("id_number_hash", "phone_hash")) == before


def test_rotation_is_logged_once_and_repeating_it_changes_nothing(people, with_new_key):
    rotate_keys()
    before = list(Person.objects.order_by("pk").values_list("id_number_sealed", "phone_sealed"))

    reports = rotate_keys()

    assert sum(report.resealed for report in reports) == 0
    assert list(Person.objects.order_by("pk").values_list("id_number_sealed", "phone_sealed")) == before
    entry = AuditEntry.objects.get()
    assert entry.action == AuditAction.KEYS_ROTATED
    assert entry.detail == {
        "resealed_reindexed": {"registry_person.id_number": [7, 0], "registry_person.phone": [7, 0]}
    }


def test_old_key_may_stay_the_one_in_use_while_the_new_one_is_made_known(db, with_new_key, settings):
    settings.SEAL_KEY_ID = 1

    assert sealing.key_id_of(make_person(phone=PHONE).phone_sealed) == 1


def test_value_that_cannot_be_opened_is_named_and_left(people, with_new_key):
    broken = people[2]
    Person.objects.filter(pk=broken.pk).update(id_number_sealed=people[3].id_number_sealed)
    Person.objects.filter(pk=people[4].pk).update(id_number_sealed=b"\x00\x09" + bytes(40))

    report = report_on(rotate_keys(batch=2), "registry_person.id_number")

    assert report.unreadable == [broken.pk, people[4].pk]
    assert (report.resealed, report.is_complete) == (5, False)
    assert report.under == {"1": 1, "2": 5, "9": 1}


def test_number_of_queries_does_not_grow_with_the_rows_of_a_batch(people, with_new_key, settings):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            rotate_keys(batch=100)
        return len(captured)

    of_seven = queries()
    settings.SEAL_KEYS = {**settings.SEAL_KEYS, 3: NEW_KEY}
    for number in range(20):
        make_person(id_number=id_number(100 + number), phone=PHONE)

    assert queries() <= of_seven


# Rows in use


def test_row_in_use_is_waited_for_at_the_end(transactional_db, with_new_key, settings):
    settings.SEAL_KEY_ID = 1
    people = [make_person(phone=PHONE) for _ in range(4)]
    settings.SEAL_KEY_ID = 0
    is_locked, may_end = threading.Event(), threading.Event()

    def use_row():
        try:
            with transaction.atomic():
                Person.objects.select_for_update().get(pk=people[1].pk)
                is_locked.set()
                may_end.wait(10)
        finally:
            connection.close()

    user = threading.Thread(target=use_row)
    user.start()
    is_locked.wait(10)
    seen = []

    def progress(column, done, total):
        if str(column) == "registry_person.phone":
            seen.append(Person.objects.filter(phone_sealed__gt=b"\x00\x02").count())
            may_end.set()

    reports = rotate_keys(progress=progress)
    user.join()

    assert seen == [3]
    assert report_on(reports, "registry_person.phone").resealed == 4
    assert all(report.is_complete for report in reports)


def test_row_in_use_for_too_long_is_named(transactional_db, with_new_key, settings, monkeypatch):
    monkeypatch.setattr("registry.services.keys._WAIT_FOR_ROW", "50ms")
    settings.SEAL_KEY_ID = 1
    person = make_person(phone=PHONE)
    settings.SEAL_KEY_ID = 0
    is_locked, may_end = threading.Event(), threading.Event()

    def use_row():
        try:
            with transaction.atomic():
                Person.objects.select_for_update().get(pk=person.pk)
                is_locked.set()
                may_end.wait(10)
        finally:
            connection.close()

    user = threading.Thread(target=use_row)
    user.start()
    is_locked.wait(10)
    report = report_on(rotate_keys(), "registry_person.phone")
    may_end.set()
    user.join()

    assert (report.busy, report.is_complete) == ([person.pk], False)
    assert report_on(rotate_keys(), "registry_person.phone").is_complete


# The index key


def test_index_rotation_needs_the_old_key_too(people):
    with pytest.raises(IndexKeyMissing):
        rotate_keys(is_index_wanted=True)


def test_lookups_work_before_during_and_after_an_index_rotation(people, with_new_index_key, settings):
    wanted = {person.pk: id_number(number) for number, person in enumerate(people)}
    rounds = []

    def progress(column, done, total):
        rounds.append({pk: find(number).pk for pk, number in wanted.items()})

    progress(None, 0, 0)
    reports = rotate_keys(batch=2, is_index_wanted=True, progress=progress)

    assert len(rounds) > 4
    assert all(pk == found for one in rounds for pk, found in one.items())
    assert report_on(reports, "registry_person.id_number").reindexed == 7
    assert report_on(reports, "registry_person.phone").reindexed == 7
    assert all(report.is_complete for report in reports)
    settings.SEAL_INDEX_KEYS_ALSO = []
    assert [find(number).pk for number in wanted.values()] == list(wanted)


def test_index_rotation_again_changes_nothing(people, with_new_index_key):
    rotate_keys(is_index_wanted=True)

    assert sum(report.reindexed for report in rotate_keys(is_index_wanted=True)) == 0


def test_both_keys_at_once(people, with_new_key, with_new_index_key, settings):
    report = report_on(rotate_keys(batch=2, is_index_wanted=True), "registry_person.id_number")

    assert (report.resealed, report.reindexed, report.is_complete) == (7, 7, True)
    settings.SEAL_KEYS, settings.SEAL_INDEX_KEYS_ALSO = {2: NEW_KEY}, []
    assert find(id_number(3)).id_number == id_number(3)


def test_same_number_under_both_index_keys_is_a_conflict_for_a_human(
    people, with_new_key, with_new_index_key, settings
):
    twin = make_person(id_number=id_number(2))

    report = report_on(rotate_keys(batch=3, is_index_wanted=True), "registry_person.id_number")

    assert (report.conflicts, report.reindexed, report.is_complete) == ([people[2].pk], 6, False)
    assert report.under == {"2": 8}
    assert Person.objects.get(pk=people[2].pk).id_number == twin.id_number


# The command


def test_command_says_what_it_did(people, with_new_key):
    out, err = io.StringIO(), io.StringIO()

    call_command("rotate_keys", "--json", "--batch", "3", stdout=out, stderr=err)

    answer = json.loads(out.getvalue())
    assert answer["complete"] is True
    assert answer["columns"][1] == {
        "column": "registry_person.id_number",
        "resealed": 7,
        "reindexed": 0,
        "unreadable": [],
        "conflicts": [],
        "busy": [],
        "under": {"2": 7},
        "complete": True,
    }
    assert "registry_person.id_number 6 / 7\rregistry_person.id_number 7 / 7\n" in err.getvalue()
    assert id_number(1) not in out.getvalue() + err.getvalue()


def test_command_with_something_left_ends_with_1(people, with_new_key):
    Person.objects.filter(pk=people[0].pk).update(phone_sealed=b"\x00\x01" + bytes(40))
    out = io.StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("rotate_keys", stdout=out, stderr=io.StringIO())

    assert stop.value.code == 1
    assert (
        f"registry_person.phone: 6 sealed anew, 0 indexed anew, unreadable [{people[0].pk}]" in out.getvalue()
    )


def test_command_for_the_index_without_the_old_key_ends_with_2(db):
    with pytest.raises(CommandError, match="SEAL_INDEX_KEYS_ALSO") as stop:
        call_command("rotate_keys", "--index")

    assert stop.value.returncode == 2


@pytest.mark.parametrize("batch", ["0", "x", "1000000"])
def test_command_refuses_a_batch_without_sense(batch):
    with pytest.raises(CommandError):
        call_command("rotate_keys", "--batch", batch)


@pytest.mark.slow
def test_rotation_killed_midway_is_taken_up_again(transactional_db):
    rows, killed_after = 3000, 20
    people = [Person(name="学员甲", name_key="学员甲") for _ in range(rows)]
    for number, person in enumerate(people):
        person.id_number = id_number(number)
    Person.objects.bulk_create(people)

    process = start_rotation("--batch", "20")
    for _ in range(killed_after):
        read_line(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    left = Person.objects.filter(id_number_sealed__lt=b"\x00\x02").count()
    out, _err = start_rotation("--json").communicate(timeout=60)

    assert process.returncode == -signal.SIGKILL
    assert 0 < left <= rows - 20 * killed_after
    answer = json.loads(out)
    assert answer["complete"] is True
    assert answer["columns"][1]["resealed"] == left
    assert {bytes(sealed[:2]) for sealed in Person.objects.values_list("id_number_sealed", flat=True)} == {
        b"\x00\x02"
    }
    with override_settings(SEAL_KEYS={2: NEW_KEY}):
        assert [person.id_number for person in Person.objects.order_by("pk")] == [
            id_number(number) for number in range(rows)
        ]


def start_rotation(*options):
    return subprocess.Popen(
        [sys.executable, "manage.py", "rotate_keys", *options],
        cwd=django_settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.registry.rotation_settings",
            "ROTATION_DATABASE": connection.settings_dict["NAME"],
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def read_line(process):
    """Read up to the end of one progress line, which overwrites the one before."""
    while process.stderr.read(1) not in (b"\r", b"\n", b""):
        pass
