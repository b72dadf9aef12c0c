"""The command's contract, and the workbook of refused rows."""

import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from registry.models import Person, RosterImport
from registry.roster.columns import EXPORT_COLUMNS, REASON_COLUMN
from registry.roster.error_workbook import write_error_workbook
from registry.roster.reader import open_roster
from registry.services import apply_file, rehearse_roster
from tests.factories.registry import id_number
from tests.registry.roster_files import REFUSED, row, write_roster

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(("changes", "column", "code"), REFUSED)
def test_refused_row_has_its_line_in_the_error_workbook_and_is_taken_once_corrected(
    county, tmp_path, changes, column, code
):
    path = write_roster(tmp_path / "a.xlsx", [row(1), row(2, **changes)])
    refused = rehearse_roster(path=path, county=county, as_of=DAY).examination.refused
    write_error_workbook(tmp_path / "errors.xlsx", refused)
    book = load_workbook(tmp_path / "errors.xlsx")
    header, line = (list(cells) for cells in book.active.iter_rows(values_only=True))
    assert line[header.index(REASON_COLUMN)].startswith(f"{column}：")

    for name in changes:
        book.active.cell(2, header.index(name) + 1).value = row(2)[name]
    book.save(tmp_path / "errors.xlsx")

    corrected = apply_file(path=tmp_path / "errors.xlsx", county=county, as_of=DAY)
    assert corrected.outcome(applied=True)["accepted"] == 1
    assert corrected.problems == []


def test_error_workbook_comes_back_in_the_same_layout_and_can_be_imported(county, tmp_path):
    bad = row(2, 证件号码="990000199001010018", 姓名="=学员乙", 联系电话="+8619900000002")
    path = write_roster(tmp_path / "a.xlsx", [row(1), bad])
    errors = tmp_path / "errors.xlsx"

    with pytest.raises(SystemExit) as stopped:
        call_command("import_roster", path, county="431125", as_of=DAY, errors=errors, json=True)

    assert stopped.value.code == 1
    page = load_workbook(errors).active
    headers = [cell.value for cell in page[1]]
    assert headers == [*EXPORT_COLUMNS, REASON_COLUMN]
    values = dict(zip(headers, [cell.value for cell in page[2]], strict=True))
    assert values["姓名"] == "'=学员乙"
    assert values["联系电话"] == "'+8619900000002"
    assert values["健康状况"] is None
    assert "证件号码" in values[REASON_COLUMN]
    assert page.max_row == 2
    corrected = tmp_path / "corrected.xlsx"
    book = load_workbook(errors)
    book.active.cell(2, headers.index("证件号码") + 1).value = id_number(2)
    book.save(corrected)
    assert apply_file(path=corrected, county=county, as_of=DAY).outcome(applied=True)["rejected"] == 0
    person = Person.objects.get(name="=学员乙")
    assert person.phone == "+8619900000002"
    assert REASON_COLUMN in open_roster(corrected).sheets[0].headers.values()


def test_command_prints_the_contract(county, tmp_path, capsys):
    path = write_roster(tmp_path / "a.xlsx", [row(1), row(2, 证件号码="")])

    call_command("import_roster", path, county="431125", as_of="2026-01-01", dry_run=True, json=True)

    printed = json.loads(capsys.readouterr().out)
    assert printed == {
        "rows": 2,
        "accepted": 2,
        "rejected": 0,
        "warnings": 1,
        "persons": {"created": 2, "matched": 0, "suggested": 0},
        "households": {"created": 2, "matched": 0},
        "status_periods": {"opened": 2, "closed": 0, "unchanged": 0},
        "problems": [
            {
                "row": 3,
                "column": "证件号码",
                "code": "id_missing",
                "severity": "warning",
                "message": printed["problems"][0]["message"],
            }
        ],
        "applied": False,
    }
    assert not Person.objects.exists()


def test_command_applies_clean_file_with_exit_zero(county, tmp_path, capsys):
    path = write_roster(tmp_path / "a.xlsx", [row(1)])

    call_command("import_roster", path, county="431125", as_of="2026-01-01")

    assert Person.objects.count() == 1
    assert "1" in capsys.readouterr().out


@pytest.mark.parametrize("as_json", [True, False])
def test_command_exits_two_for_unreadable_file(county, tmp_path, capsys, as_json):
    (tmp_path / "a.xlsx").write_text("nothing")

    with pytest.raises(SystemExit) as stopped:
        call_command("import_roster", tmp_path / "a.xlsx", county="431125", as_of="2026-01-01", json=as_json)

    assert stopped.value.code == 2
    assert not RosterImport.objects.exists()
    if as_json:
        assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "file_unreadable"


@pytest.mark.parametrize("day", ["2026-02-30", "1/1/2026", "2999-01-01"])
def test_command_refuses_a_cut_off_date_that_cannot_be(county, tmp_path, day):
    with pytest.raises(CommandError) as stopped:
        call_command("import_roster", tmp_path / "a.xlsx", county="431125", as_of=day)

    assert stopped.value.returncode == 2


@pytest.mark.parametrize("code", ["431129", "4311", "abc"])
def test_command_refuses_unknown_county(county, tmp_path, code):
    with pytest.raises(CommandError) as stopped:
        call_command("import_roster", tmp_path / "a.xlsx", county=code, as_of="2026-01-01")

    assert stopped.value.returncode == 2
