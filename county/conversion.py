"""What the training led to, as people declared it: income before and after (R14). Conversion (R13) is
counted beside the other figures (`county.ledger`).
"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from county.counting import month_after

FEWEST_DECLARED = 10  # R14

_INCOME = """
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY before.band),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY later.band)
FROM courses_enrolment e
JOIN courses_trainingclass c ON c.id = e.training_class_id AND c.state = 'closed'
LEFT JOIN registry_regionversion v ON v.id = e.village_version_id
JOIN courses_incomedeclaration before ON before.enrolment_id = e.id AND before.moment = 'before'
JOIN courses_incomedeclaration later ON later.enrolment_id = e.id AND later.moment = 'after'
WHERE e.completed_at IS NOT NULL AND c.ends_on >= %(since)s AND c.ends_on < %(end)s
  AND coalesce(v.code, c.county_code) COLLATE "C" >= %(code)s
  AND coalesce(v.code, c.county_code) COLLATE "C" < %(code_end)s
"""


@dataclass(frozen=True)
class IncomeChange:
    """Declared monthly bands of those who gave both: how many, and the medians (R14)."""

    declared: int
    median_before: int
    median_after: int


def income_change(region_code: str, since_month: date, until_month: date) -> IncomeChange | None:
    """Return the medians of the declared bands, or None for fewer than ten who declared both (R14)."""
    asked: dict[str, str | date] = {
        "code": region_code,
        "code_end": f"{region_code}:",  # ":" follows "9": every code that begins with this one
        "since": since_month.replace(day=1),
        "end": month_after(until_month),
    }
    with connection.cursor() as cursor:
        cursor.execute(_INCOME, asked)
        declared, before, after = cursor.fetchone()
    return IncomeChange(declared, before, after) if declared >= FEWEST_DECLARED else None
