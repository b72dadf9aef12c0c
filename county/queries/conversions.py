"""Conversion (R13): who of the completed began to sell, work or broadcast within 180 days, verified.

A completed person is in the cohort unless she sold online before. She converted when an outcome of hers that
happened within 180 days after a class of the period was verified; of a family's shop only the named operator
did. Until her 180 days are over she is under observation (观察中) and in neither figure.
"""

from datetime import timedelta

WINDOW = timedelta(days=180)

# Joined to the other figures by `is_total` and `key`; `counted` are the person-times of the question.
CONVERSIONS = """
sold_before AS MATERIALIZED (
    SELECT DISTINCT coalesce(p.kept_as_id, p.id) AS human, e.training_class_id
    FROM courses_earlierbusiness b
    JOIN courses_enrolment e ON e.id = b.enrolment_id
    JOIN registry_person p ON p.id = e.person_id
    WHERE b.had_one
), achieved AS MATERIALIZED (
    SELECT coalesce(p.kept_as_id, p.id) AS human, o.happened_on
    FROM courses_outcome o
    JOIN registry_person p ON p.id = o.person_id
    LEFT JOIN registry_person operator ON operator.id = o.operator_id
    WHERE (o.operator_id IS NULL
           OR coalesce(operator.kept_as_id, operator.id) = coalesce(p.kept_as_id, p.id))
      AND (SELECT d.verdict FROM courses_outcomedecision d WHERE d.outcome_id = o.id
           ORDER BY d.decided_at DESC, d.id DESC LIMIT 1) = 'verified'
), trained AS (
    SELECT c.key, c.person_id, c.ends_on + %(window)s < %(today)s AS is_over, s.human IS NOT NULL AS had_one,
           EXISTS (SELECT FROM achieved a
                   WHERE a.human = c.person_id AND a.happened_on > c.ends_on
                     AND a.happened_on <= c.ends_on + %(window)s) AS has_achieved
    FROM counted c
    LEFT JOIN sold_before s ON s.human = c.person_id AND s.training_class_id = c.training_class_id
    WHERE c.is_completed
), followed AS (
    SELECT {level} AS is_total, key, person_id, bool_or(had_one) AS had_one, bool_or(is_over) AS is_due,
           bool_or(is_over AND has_achieved) AS has_converted
    FROM trained GROUP BY {sets}
), conversions AS (
    SELECT is_total, key, count(*) FILTER (WHERE NOT had_one AND NOT is_due) AS watching,
           count(*) FILTER (WHERE NOT had_one AND is_due) AS cohort,
           count(*) FILTER (WHERE NOT had_one AND is_due AND has_converted) AS converted
    FROM followed GROUP BY is_total, key
)"""
