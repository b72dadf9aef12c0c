"""Every kind of file an office sends, told apart by content."""

import csv
import gzip
import io
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
import xlwt
from django.core.management import call_command
from django.utils.translation import gettext
from openpyxl import load_workbook

from registry.errors import RosterUnreadable
from registry.models import Person, RosterImport
from registry.roster import sheet_pieces
from registry.roster.columns import EXPORT_COLUMNS, REASON_COLUMN
from registry.roster.kept_file import read_kept, write_kept
from registry.roster.reader import FIELDS, open_roster
from registry.services import apply_file, rehearse_roster
from tests.factories.registry import id_number
from tests.registry.roster_files import row, write_roster

DAY = date(2026, 1, 1)


def write_xls(path: Path, rows, headers=EXPORT_COLUMNS) -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet("名册")
    for column, header in enumerate(headers):
        page.write(0, column, header)
        for line, cells in enumerate(rows, start=1):
            page.write(line, column, cells.get(header, ""))
    book.save(str(path))
    return path


def csv_text(rows, headers=EXPORT_COLUMNS, delimiter=",") -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(headers)
    writer.writerows([cells.get(header, "") for header in headers] for cells in rows)
    return text.getvalue()


def write_sheets(path: Path, **sheets) -> Path:
    workbook = xlsxwriter.Workbook(path)
    for name, rows in sheets.items():
        page = workbook.add_worksheet(name)
        page.write_row(0, 0, EXPORT_COLUMNS)
        for line, cells in enumerate(rows, start=1):
            page.write_row(line, 0, [cells.get(header, "") for header in EXPORT_COLUMNS])
    workbook.close()
    return path


def cells_of(path: Path):
    """Sheet, number and kept cells of every row."""
    book = open_roster(path)
    return [
        (book.shown_name(sheet), source.number, dict(zip(FIELDS, source.values, strict=False)))
        for sheet in book.sheets
        for source in sheet.take_rows()
    ]


@pytest.mark.parametrize("name", ["a.xlsx", "a.bin"])
@pytest.mark.parametrize("kind", ["xlsx", "xls", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_file_of_any_kind_gives_the_same_people(county, tmp_path, kind, name):
    rows = [row(1), row(2, 姓名="学员𠮷"), row(3, 证件号码="1")]
    path = tmp_path / name
    if kind == "xlsx":
        write_roster(path, rows)
    elif kind == "xls":
        write_xls(path, rows)
    else:
        delimiter = "\t" if kind == "utf-16" else ","
        path.write_bytes(csv_text(rows, delimiter=delimiter).encode(kind))

    rehearsal = rehearse_roster(path=path, county=county, as_of=DAY)

    assert [(p.row, p.column, p.code) for p in rehearsal.problems] == [
        (3, "姓名", "name_rare_character"),
        (4, "证件号码", "id_wrong_length"),
    ]
    assert [each.name for each in rehearsal.plan.new_people] == ["学员1", "学员𠮷"]


def test_csv_with_a_line_break_in_a_cell_counts_rows_as_a_spreadsheet_does(county, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(csv_text([row(1, 自然村="一组\n二组"), row(2, 证件号码="1")]), "utf-8")

    assert [p.row for p in rehearse_roster(path=path, county=county, as_of=DAY).problems] == [3]


def test_csv_with_a_number_in_scientific_notation_is_refused_there(county, tmp_path):
    path = tmp_path / "a.csv"
    rows = [row(1, 证件号码="9.90000199E+17"), row(2, 户编号="4.31125E+14")]
    path.write_text(csv_text(rows), "utf-8")

    found = rehearse_roster(path=path, county=county, as_of=DAY).problems

    assert [(p.column, p.code) for p in found] == [("证件号码", "id_not_text"), ("户编号", "number_not_text")]


def test_several_sheets_are_one_list_and_problems_name_the_sheet(county, tmp_path):
    path = write_sheets(
        tmp_path / "a.xlsx",
        潇浦镇=[row(1)],
        说明=[],
        上江圩镇=[row(2, 证件号码="1"), row(3, 证件号码=id_number(1))],
    )
    errors = tmp_path / "errors.xlsx"

    with pytest.raises(SystemExit):
        call_command("import_roster", path, county="431125", as_of=DAY, errors=errors)

    found = rehearse_roster(path=path, county=county, as_of=DAY)
    assert [(p.sheet, p.row, p.code) for p in found.problems] == [
        ("上江圩镇", 2, "id_wrong_length"),
        ("上江圩镇", 3, "duplicate"),
    ]
    assert found.problems[0].as_contract()["sheet"] == "上江圩镇"
    assert "潇浦镇 2" in found.problems[1].message
    assert load_workbook(errors).sheetnames == ["上江圩镇"]
    assert Person.objects.count() == 1


def test_each_sheet_may_order_its_columns_differently(county, tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    for name, headers, n in (("甲", EXPORT_COLUMNS, 1), ("乙", tuple(reversed(EXPORT_COLUMNS)), 2)):
        page = workbook.add_worksheet(name)
        page.merge_range(0, 0, 0, 5, "名册")
        page.write_row(3, 0, headers)
        page.write_row(4, 0, [row(n).get(header, "") for header in headers])
    workbook.close()

    assert [(sheet, number, cells["name"]) for sheet, number, cells in cells_of(tmp_path / "a.xlsx")] == [
        ("甲", 5, "学员1"),
        ("乙", 5, "学员2"),
    ]


def test_sheet_of_people_without_a_column_stops_the_file(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    workbook.add_worksheet("甲").write_row(0, 0, EXPORT_COLUMNS)
    workbook.add_worksheet("乙").write_row(0, 0, ["行政村", "户编号", "姓名", "证件号码"])
    workbook.close()

    with pytest.raises(RosterUnreadable, match=r"乙.*脱贫属性"):
        open_roster(tmp_path / "a.xlsx")


def test_row_whose_cells_are_merged_into_one_is_skipped_with_a_warning(county, tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = workbook.add_worksheet()
    page.write_row(0, 0, EXPORT_COLUMNS)
    page.write_row(1, 0, [row(1).get(header, "") for header in EXPORT_COLUMNS])
    page.merge_range(2, 0, 2, 25, "潇浦镇小计 1 户 1 人")
    page.write_row(3, 0, [row(2).get(header, "") for header in EXPORT_COLUMNS])
    workbook.close()

    rehearsal = rehearse_roster(path=tmp_path / "a.xlsx", county=county, as_of=DAY)

    assert [(p.row, p.code, p.severity) for p in rehearsal.problems] == [(3, "merged_row", "warning")]
    assert rehearsal.outcome(applied=False)["rows"] == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty."),
        (b"%PDF-1.7\n1 0 obj", "it is not a spreadsheet (.xlsx, .xls or .csv)."),
        (b"PK\x03\x04 no archive", "it is not a spreadsheet (.xlsx, .xls or .csv)."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 no workbook", "it is not a spreadsheet (.xlsx, .xls or .csv)."),
        (bytes(range(256)) * 40, ""),
        ("姓名,证件号码\n学员甲,1".encode(), "脱贫属性"),
        (csv_text([]).encode(), "it holds no rows below its header."),
        (gzip.compress(b"a,b", mtime=0), ""),
        (b"\xff\xfe\x00", ""),
    ],
)
def test_unreadable_file_has_one_clear_answer_and_exit_code_two(county, tmp_path, capsys, content, reason):
    (tmp_path / "a.xlsx").write_bytes(content)

    with pytest.raises(SystemExit) as stopped:
        call_command("import_roster", tmp_path / "a.xlsx", county="431125", as_of="2026-01-01")

    assert stopped.value.code == 2
    answer = capsys.readouterr().err
    assert gettext(reason) in answer if reason else answer
    assert len(answer.strip().splitlines()) == 1
    assert not RosterImport.objects.exists()


def test_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("registry.roster.sheets._MAX_UNPACKED", 1_000)

    with pytest.raises(RosterUnreadable):
        open_roster(write_roster(tmp_path / "a.xlsx", [row()]))


def test_list_with_too_many_rows_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("registry.roster.reader._MAX_ROWS", 2)

    with pytest.raises(RosterUnreadable):
        open_roster(write_roster(tmp_path / "a.xlsx", [row(n) for n in range(3)]))


@pytest.mark.parametrize("is_inline", [True, False])
def test_large_sheet_in_pieces_reads_like_a_whole(tmp_path, monkeypatch, is_inline):
    path = tmp_path / "a.xlsx"
    workbook = xlsxwriter.Workbook(path, {"constant_memory": is_inline})
    page = workbook.add_worksheet("名册")
    page.write_row(0, 0, EXPORT_COLUMNS)
    for line in range(1, 400):
        if line % 50:  # some rows are blank
            page.write_row(line, 0, [row(line).get(header, "") for header in EXPORT_COLUMNS])
    if not is_inline:
        page.merge_range(10, 4, 12, 4, "9999")
    workbook.close()
    whole = cells_of(path)
    monkeypatch.setattr(sheet_pieces, "_LARGE", 1_000)
    monkeypatch.setattr(sheet_pieces, "_PIECE", 20_000)
    parts = sheet_pieces.large_sheets(path)

    assert len(list(sheet_pieces.pieces_of(path, parts["名册"]))) > 3
    assert cells_of(path) == whole
    assert len(whole) == 399


def test_upload_is_kept_without_the_columns_we_may_not_keep(tmp_path):
    path = write_roster(tmp_path / "a.xlsx", [row(1), {}, row(2, 证件号码=990000199001010017.0)])
    before = cells_of(path)

    write_kept(open_roster(path), tmp_path / "kept")

    book = read_kept(tmp_path / "kept")
    assert "残疾" not in gzip.decompress((tmp_path / "kept").read_bytes()).decode()
    assert [
        (source.number, dict(zip(FIELDS, source.values, strict=False)))
        for source in book.sheets[0].take_rows()
    ] == [(number, cells) for _sheet, number, cells in before]
    assert book.sheets[0].header_of("name") == "姓名"


def test_error_workbook_of_a_csv_can_be_corrected_and_imported(county, tmp_path):
    path, errors = tmp_path / "a.csv", tmp_path / "errors.xlsx"
    path.write_bytes(csv_text([row(1), row(2, 证件号码="1")]).encode("gb18030"))
    with pytest.raises(SystemExit):
        call_command("import_roster", path, county="431125", as_of=DAY, errors=errors)
    book = load_workbook(errors)
    headers = [cell.value for cell in book.active[1]]
    assert headers == [*EXPORT_COLUMNS, REASON_COLUMN]

    book.active.cell(2, headers.index("证件号码") + 1).value = id_number(2)
    book.save(errors)

    assert apply_file(path=errors, county=county, as_of=DAY).outcome(applied=True)["rejected"] == 0
    assert Person.objects.count() == 2
