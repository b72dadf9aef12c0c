"""The sheet of a phone audit as a workbook. Chinese whatever the page's language: the papers are."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils import timezone, translation

from county.ledger_workbooks import Cell, table
from county.models import AuditSample

if TYPE_CHECKING:
    from county.queries.samples import CallRow

_HEADINGS = ["序号", "姓名", "乡镇", "班次", "课程", "结果", "拨打次数", "最近拨打", "核查人", "备注"]


def sample_sheet(sample: AuditSample, rows: "Sequence[CallRow]") -> bytes:
    """Return the results of a sample, a row a person, with the seed that drew them in the title."""
    with translation.override("zh-hans"):
        return table(f"电话抽查 种子{sample.seed}"[:31], _HEADINGS, [_cells(row) for row in rows])


def _cells(row: "CallRow") -> list[Cell]:
    call = row.call
    called = f"{timezone.localtime(row.called_at):%Y-%m-%d %H:%M}" if row.called_at else ""
    return [
        call.number,
        row.masked_name,
        row.town or "—",
        call.training_class.label,
        call.training_class.course.name,
        row.outcome_label or "未拨打",
        row.times,
        called,
        row.caller,
        row.note,
    ]
