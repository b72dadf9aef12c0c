"""What the training led to: conversion (R13) and declared income (R14).

A completed person is in the cohort unless she sold online before. She converted when an outcome of hers that
happened within 180 days after a class of the period was verified; of a family's shop only the named operator
did. Until her 180 days are over she is under observation (观察中) and in neither figure.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection
from django.utils import timezone

from county.counting import month_after, share

WINDOW = timedelta(days=180)
FEWEST_DECLARED = 10  # R14

_TRAINED = """
WITH trained AS (
    SELECT coalesce(p.kept_as_id, p.id) AS human, e.id AS enrolment_id, c.ends_on,
           c.ends_on + %(window)s < %(today)s AS is_over, b.had_one
    FROM courses_enrolment e
    JOIN courses_trainingclass c ON c.id = e.training_class_id AND c.state = 'closed'
    JOIN registry_person p ON p.id = e.person_id
    LEFT JOIN courses_earlierbusiness b ON b.enrolment_id = e.id
    LEFT JOIN registry_regionversion v ON v.id = e.village_version_id
    WHERE e.completed_at IS NOT NULL AND c.ends_on >= %(since)s AND c.ends_on < %(end)s
      AND coalesce(v.code, c.county_code) COLLATE "C" >= %(code)s
      AND coalesce(v.code, c.county_code) COLLATE "C" < %(code_end)s
)
"""
_CONVERSION = """, achieved AS (
    SELECT coalesce(p.kept_as_id, p.id) AS human, o.happened_on
    FROM courses_outcome o
    JOIN registry_person p ON p.id = o.person_id
    LEFT JOIN registry_person operator ON operator.id = o.operator_id
    WHERE (o.operator_id IS NULL
           OR coalesce(operator.kept_as_id, operator.id) = coalesce(p.kept_as_id, p.id))
      AND (SELECT d.verdict FROM courses_outcomedecision d WHERE d.outcome_id = o.id
           ORDER BY d.decided_at DESC, d.id DESC LIMIT 1) = 'verified'
), people AS (
    SELECT t.human, coalesce(bool_or(t.had_one), false) AS had_one, count(t.had_one) = 0 AS is_unasked,
           bool_or(t.is_over) AS is_due,
           bool_or(t.is_over AND EXISTS (
               SELECT FROM achieved a
               WHERE a.human = t.human AND a.happened_on > t.ends_on
                 AND a.happened_on <= t.ends_on + %(window)s)) AS has_achieved
    FROM trained t GROUP BY t.human
)
SELECT count(*), count(*) FILTER (WHERE had_one), count(*) FILTER (WHERE NOT had_one AND NOT is_due),
       count(*) FILTER (WHERE NOT had_one AND is_due),
       count(*) FILTER (WHERE NOT had_one AND is_due AND has_achieved),
       count(*) FILTER (WHERE is_unasked)
FROM people
"""
_INCOME = """
SELECT count(*), percentile_disc(0.5) WITHIN GROUP (ORDER BY before.band),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY later.band)
FROM trained t
JOIN courses_incomedeclaration before ON before.enrolment_id = t.enrolment_id AND before.moment = 'before'
JOIN courses_incomedeclaration later ON later.enrolment_id = t.enrolment_id AND later.moment = 'after'
"""


@dataclass(frozen=True)
class Conversion:
    """How many completed people converted (R13); `unasked` were not asked what they sold before."""

    completed: int
    had_business: int
    watching: int
    cohort: int
    converted: int
    unasked: int

    @property
    def rate(self) -> Decimal | None:
        """Converted of the cohort in percent, one decimal; None while there is no cohort."""
        return share(self.converted, self.cohort)


@dataclass(frozen=True)
class IncomeChange:
    """Declared monthly bands of those who gave both: how many, and the medians (R14)."""

    declared: int
    median_before: int
    median_after: int


def conversion(
    region_code: str, since_month: date, until_month: date, *, today: date | None = None
) -> Conversion:
    """Return the conversion of who completed a class that ended in these months and lived in the region."""
    with connection.cursor() as cursor:
        cursor.execute(_TRAINED + _CONVERSION, _asked(region_code, since_month, until_month, today))
        return Conversion(*cursor.fetchone())


def income_change(
    region_code: str, since_month: date, until_month: date, *, today: date | None = None
) -> IncomeChange | None:
    """Return the medians of the declared bands, or None for fewer than ten who declared both (R14)."""
    with connection.cursor() as cursor:
        cursor.execute(_TRAINED + _INCOME, _asked(region_code, since_month, until_month, today))
        declared, before, after = cursor.fetchone()
    return IncomeChange(declared, before, after) if declared >= FEWEST_DECLARED else None


def _asked(code: str, since: date, until: date, today: date | None) -> dict[str, str | date | int]:
    return {
        "code": code,
        "code_end": f"{code}:",  # ":" follows "9": every code that begins with this one
        "since": since.replace(day=1),
        "end": month_after(until),
        "today": today or timezone.localdate(),
        "window": WINDOW.days,
    }
