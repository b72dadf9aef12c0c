"""The command that takes over old ledgers."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.courses.old_ledger_files import ledger, with_cell, write_ledger
from tests.factories import courses as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ledger_county")]
NOW = make.at("2026-03-02")


def run(path, **options):
    out = StringIO()
    try:
        call_command("import_ledger", path, county="431125", stdout=out, stderr=out, **options)
    except SystemExit as exit_code:
        return out.getvalue(), exit_code.code
    return out.getvalue(), 0


def test_command_prints_the_contract(tmp_path):
    path = write_ledger(tmp_path / "ledger.xlsx", ledger())

    printed, code = run(path, json=True)

    told = json.loads(printed)
    assert (code, told["accepted"], told["applied"]) == (0, 11, True)
    assert told["problems"] == [
        {
            "sheet": "名册",
            "row": 3,
            "column": "证件号码",
            "code": "id_missing",
            "severity": "warning",
            "message": told["problems"][0]["message"],
        }
    ]


def test_command_says_1_when_a_class_is_refused_and_2_when_nothing_is_read(tmp_path):
    bad = write_ledger(tmp_path / "bad.xlsx", with_cell("签到", 0, "seat", 9))
    empty = tmp_path / "empty.xlsx"
    empty.write_bytes(b"")

    printed, code = run(bad, dry_run=True)

    assert code == 1
    assert "签到 2" in printed
    printed, code = run(empty, json=True)
    assert (code, json.loads(printed)["problems"][0]["code"]) == (2, "file_unreadable")


def test_command_knows_only_counties(tmp_path):
    with pytest.raises(CommandError, match="999999"):
        call_command("import_ledger", tmp_path / "x.xlsx", county="999999")
