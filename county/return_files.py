"""A monthly return as files: workbook, CSV, JSON. What was signed, with who signed it and when."""

import csv
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from county.counting import CountRow
from county.exports import form_workbook
from county.models import MonthlyReturn
from county.monthly_form import columns, value_of
from county.queries.returns import corrections_of
from county.statements import label_of


@dataclass(frozen=True)
class FrozenCount:
    """The figures of a return as rows of the form."""

    total: CountRow
    rows: list[CountRow]


def frozen_count(made: MonthlyReturn) -> FrozenCount:
    """Return the figures of a return as rows of the form."""
    figures = made.figures
    return FrozenCount(CountRow(**figures["total"]), [CountRow(**row) for row in figures["rows"]])


def changes_in_words(change: dict[str, int]) -> str:
    """Return what a line changes: person-times −1, poor at enrolment −1."""
    return ", ".join(f"{label_of(figure)} {by:+d}".replace("-", "−") for figure, by in change.items())


def workbook(made: MonthlyReturn) -> bytes:
    """Return the return laid out like the monthly form, signatures and corrections below the table."""
    frozen = frozen_count(made)
    title = _("{county}: monthly return, {month}").format(
        county=made.figures["name"], month=f"{made.month:%Y-%m}"
    )
    lines = [
        _("State: {state}").format(state=made.get_state_display()),
        _("Heads are distinct people: the rows do not add up to the total."),
        _("Fingerprint: {sha256}").format(sha256=made.sha256),
    ]
    corrections = [
        f"{one.of_month:%Y-%m} {one.training_class.label} {changes_in_words(one.change)}"
        for one in corrections_of(made)
    ]
    foot = [*signatures(made), "", _("Lines about earlier months:"), *(corrections or [_("none")])]
    return form_workbook(title, lines, frozen.rows, frozen.total, _("Town"), made.prepared_at, foot)


def comma_separated(made: MonthlyReturn) -> str:
    """Return the table as CSV that Excel reads as UTF-8."""
    file = StringIO()
    file.write("\ufeff")
    writer = csv.writer(file)
    writer.writerow([_("Town"), *(heading for heading, _attribute in columns())])
    frozen = frozen_count(made)
    for label, row in [*((row.label, row) for row in frozen.rows), (_("Total"), frozen.total)]:
        writer.writerow([label, *(value_of(row, attribute) for _heading, attribute in columns())])
    return file.getvalue()


def as_dict(made: MonthlyReturn) -> dict[str, Any]:
    """Return the return as plain data for the province's platform."""
    return {
        "county": made.county_code,
        "month": f"{made.month:%Y-%m}",
        "state": made.state,
        "sha256": made.sha256,
        "figures": made.figures,
        "prepared_at": made.prepared_at.isoformat(),
        "checked_at": made.checked_at.isoformat() if made.checked_at else None,
        "signed_at": made.signed_at.isoformat() if made.signed_at else None,
        "corrections": [
            {"of_month": f"{one.of_month:%Y-%m}", "class": one.training_class.label, "change": one.change}
            for one in corrections_of(made)
        ],
    }


def signatures(made: MonthlyReturn) -> list[str]:
    """Return the three lines of the form's foot."""
    rows = [
        (_("Filled in by"), made.prepared_by, made.prepared_at),
        (_("Checked by"), made.checked_by, made.checked_at),
        (_("Responsible"), made.signed_by, made.signed_at),
    ]
    return [
        f"{label}: {who or '—'} {timezone.localtime(at).strftime('%Y-%m-%d %H:%M') if at else ''}".strip()
        for label, who, at in rows
    ]
