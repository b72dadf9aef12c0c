import pytest
import xlsxwriter

from registry.errors import RosterUnreadable
from registry.roster.columns import EXPORT_COLUMNS, KEPT_COLUMNS
from registry.roster.reader import cell_text, open_roster
from tests.registry.roster_files import row, write_roster


def rows_of(path):
    """Numbers and kept cells of the rows; columns that the file lacks are left out."""
    return [
        (source.number, {name: source.cell(name) for name in sheet.columns})
        for sheet in open_roster(path).sheets
        for source in sheet.take_rows()
        if source.values
    ]


def test_reader_keeps_only_columns_we_may_keep(tmp_path):
    path = write_roster(tmp_path / "a.xlsx", [row()])

    [(number, cells)] = rows_of(path)

    assert number == 2
    assert set(cells) == set(KEPT_COLUMNS)
    assert "残疾" not in cells.values()


def test_reader_does_not_care_for_the_order_of_columns(tmp_path):
    path = write_roster(tmp_path / "a.xlsx", [row()], headers=tuple(reversed(EXPORT_COLUMNS)))

    assert rows_of(path)[0][1]["name"] == "学员1"


def test_reader_finds_header_below_lines_and_merged_cells(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = workbook.add_worksheet()
    page.merge_range(0, 1, 0, 8, "江永县名册")
    page.write_string(1, 1, "填报日期：2026年1月1日")
    page.merge_range(2, 1, 3, 1, "行政村")
    page.merge_range(2, 2, 3, 2, "户编号")
    page.merge_range(2, 3, 2, 5, "基本情况")
    for column, header in enumerate(["姓 名", "证件号码\n", "联系电话", "脱贫属性"], start=3):
        page.write_string(3, column, header)
    page.write_row(4, 1, ["四方井", "0001", "学员甲", "990000199001010017", "", "已脱贫"])
    workbook.close()

    [roster] = open_roster(tmp_path / "a.xlsx").sheets

    assert roster.header_row == 4
    assert rows_of(tmp_path / "a.xlsx") == [
        (
            5,
            {
                "village": "四方井",
                "household": "0001",
                "name": "学员甲",
                "id_number": "990000199001010017",
                "phone": "",
                "status": "已脱贫",
            },
        )
    ]
    assert roster.header_of("name") == "姓 名"


def test_reader_hands_merged_household_cells_down(tmp_path):
    headers = ["行政村", "户编号", "姓名", "证件号码", "脱贫属性"]
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    page = workbook.add_worksheet()
    page.write_row(0, 0, headers)
    for column, text in ((0, "四方井"), (1, "0001"), (4, "已脱贫")):
        page.merge_range(1, column, 2, column, text)
    page.write_row(1, 2, ["学员甲", "990000199001010017"])
    page.write_row(2, 2, ["学员乙", "990000199001010025"])
    page.write_row(3, 2, ["学员丙", "99000019900305008X"])
    workbook.close()

    rows = rows_of(tmp_path / "a.xlsx")

    assert [cells["household"] for _number, cells in rows] == ["0001", "0001", ""]
    assert [cells["status"] for _number, cells in rows] == ["已脱贫", "已脱贫", ""]


def test_reader_leaves_sheets_without_a_header_alone(tmp_path):
    workbook = xlsxwriter.Workbook(tmp_path / "a.xlsx")
    workbook.add_worksheet("说明").write_string(0, 0, "说明")
    page = workbook.add_worksheet("名册")
    page.write_row(0, 0, EXPORT_COLUMNS)
    page.write_row(1, 0, ["江永县"])
    workbook.close()

    assert [sheet.name for sheet in open_roster(tmp_path / "a.xlsx").sheets] == ["名册"]


def test_reader_leaves_a_numeric_id_a_number(tmp_path):
    path = write_roster(tmp_path / "a.xlsx", [row(证件号码=990000199001010017.0)])

    assert isinstance(rows_of(path)[0][1]["id_number"], float)


def test_open_roster_refuses_what_is_no_workbook(tmp_path):
    (tmp_path / "a.xlsx").write_text("姓名,证件号码")

    with pytest.raises(RosterUnreadable):
        open_roster(tmp_path / "a.xlsx")
    with pytest.raises(RosterUnreadable):
        open_roster(tmp_path / "missing.xlsx")


def test_open_roster_names_missing_columns(tmp_path):
    path = write_roster(tmp_path / "a.xlsx", [row()], headers=("县", "乡", "姓名", "户编号", "行政村"))

    with pytest.raises(RosterUnreadable, match="证件号码、脱贫属性"):
        open_roster(path)


@pytest.mark.parametrize(
    ("value", "text"),
    [(13812345678.0, "13812345678"), (" a ", "a"), (None, ""), (1.5, "1.5"), ("'+86", "+86")],
)
def test_cell_text_reads_numbers_and_undoes_escapes(value, text):
    assert cell_text(value) == text
