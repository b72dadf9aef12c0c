"""The count from scratch: every human being and class, from enrolments, the ledger and what is known of both.

A person-time counts when its class is closed, on the class's last day (R7), for the place the person was
registered in when she enrolled, as that place was coded then (R8), and only if she attended (R3): in a
taught class at least half of some sitting after corrections, in an online class any minutes and a passed
quiz (E22). Classes not closed are in training, cancelled ones and places given up count nowhere (E18). What
is learnt after a class was closed still belongs to that class.

Somebody with several records (registry/models/merge.py) is one head and, in one class, one person-time: she
counts for one place, where any record names a village, by preference the record that stands for her, else
the first. Her minutes in a class are the longest, not the sum (E4), her status and completion what any
record has.

On the map of now the same facts lie where their places lie today (E13-E15). What nobody can say is in no
village or town (待归属), but in every region that holds all the places it may be in.
"""

from datetime import date, timedelta
from typing import Any

from django.conf import settings

from registry.queries.place_now import PLACES_NOW, certain_above

ADULT, OLD = 35, 60  # age groups of the monthly form: under 35, 35 to 59, 60 and over
WINDOW = timedelta(days=180)  # in which an outcome is one of the class (R13)

COLUMNS = (
    "person_id, training_class_id, course_id, course_category, ends_on, is_closed, is_for_cadres, counts,"
    " region_id, then_place, then_within, now_place, now_within, class_place, funding_place,"
    " was_registered, was_ever_registered, was_monitored, completed_registered, sex, aged, identity_level,"
    " category, is_completed, is_certified, is_repeat, flags, minutes, days"
)
# What is counted of a human being whichever of her person-times says it, as bits for `bit_or`.
POOR, REGISTERED, MONITORED, WOMAN, UNVERIFIED, OPEN_TO_ALL, POOR_OPEN_TO_ALL = (1 << n for n in range(7))
# The same for conversion (R13): completed; sold online before the class; and, each of them or sold before:
# completed with her 180 days over; of these, with a verified outcome in time. "Or" makes what is asked, a
# person with the one and without the other, a difference of two counts.
COMPLETED, SOLD_BEFORE, DUE_OR_SOLD_BEFORE, CONVERTED_OR_SOLD_BEFORE = (1 << n for n in range(7, 11))

# What became of a completed human being (R13): of a family's shop only the named operator converted, and of
# the decisions on an outcome the newest holds.
FOLLOWED = """
SELECT h.is_completed AND c.ends_on + %(window)s < %(today)s AS is_due,
       h.is_completed AND EXISTS (
           SELECT FROM courses_earlierbusiness b JOIN courses_enrolment said ON said.id = b.enrolment_id
           WHERE b.had_one AND said.training_class_id = h.training_class_id
             AND said.person_id IN (SELECT h.person_id UNION ALL SELECT id FROM registry_person
                                    WHERE kept_as_id = h.person_id)) AS had_one,
       h.is_completed AND c.ends_on + %(window)s < %(today)s AND EXISTS (
           SELECT FROM courses_outcome o LEFT JOIN registry_person operator ON operator.id = o.operator_id
           WHERE o.person_id IN (SELECT h.person_id UNION ALL SELECT id FROM registry_person
                                 WHERE kept_as_id = h.person_id)
             AND (o.operator_id IS NULL OR coalesce(operator.kept_as_id, operator.id) = h.person_id)
             AND o.happened_on > c.ends_on AND o.happened_on <= c.ends_on + %(window)s
             AND (SELECT d.verdict FROM courses_outcomedecision d WHERE d.outcome_id = o.id
                  ORDER BY d.decided_at DESC, d.id DESC LIMIT 1) = 'verified') AS has_converted
"""

# {only} narrows the enrolments to some people; each row of the outcome needs all classes of its person (R15).
LEDGER = f"""
WITH places_now AS ({PLACES_NOW}), absorbed AS (
    SELECT kept_as_id AS root_id, max(identity_level) AS identity_level, max(sex) AS sex,
           max(birth_year) AS birth_year
    FROM registry_person WHERE kept_as_id IS NOT NULL GROUP BY kept_as_id
), seats AS (
    SELECT e.id, coalesce(p.kept_as_id, p.id) AS root_id, first_value(e.id) OVER (
               PARTITION BY coalesce(p.kept_as_id, p.id), e.training_class_id
               ORDER BY e.village_version_id IS NULL, p.kept_as_id IS NOT NULL, e.enrolled_at, e.id
           ) AS seat_id
    FROM courses_enrolment e JOIN registry_person p ON p.id = e.person_id
    WHERE e.withdrawn_at IS NULL {{only}}
), enrolments AS (
    SELECT s.root_id AS person_id, e.training_class_id, s.seat_id,
           e.was_registered, e.was_ever_registered, e.was_monitored,
           coalesce(e.completed_registered, false) AS completed_registered,
           e.completed_at IS NOT NULL AS is_completed,
           EXISTS (SELECT FROM certificates_certificate k
                   WHERE k.enrolment_id = e.id AND k.state = 'valid') AS is_certified,
           attended.minutes, attended.days,
           c.state = 'closed' AND attended.minutes > 0 AND CASE
               WHEN c.kind = 'online' THEN EXISTS (SELECT FROM courses_quizattempt q
                                                   WHERE q.enrolment_id = e.id AND q.is_passed)
               ELSE attended.has_valid_sitting END AS counts
    FROM seats s
    JOIN courses_enrolment e ON e.id = s.id
    JOIN courses_trainingclass c ON c.id = e.training_class_id AND c.state IN ('open', 'closed')
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(heard.minutes), 0) AS minutes,
               (SELECT count(*) FROM (SELECT FROM courses_attendance a WHERE a.enrolment_id = e.id
                                      GROUP BY a.on_date HAVING sum(a.minutes) > 0) attended_days) AS days,
               coalesce(bool_or(heard.minutes > 0 AND heard.minutes * 2 >= coalesce(t.planned_minutes, 0)),
                        false) AS has_valid_sitting
        FROM (SELECT a.sitting_id, sum(a.minutes) AS minutes FROM courses_attendance a
              WHERE a.enrolment_id = e.id GROUP BY a.sitting_id) heard
        LEFT JOIN courses_sitting t ON t.id = heard.sitting_id
    ) attended
), humans AS (
    SELECT person_id, training_class_id, seat_id,
           bool_or(was_registered) AS was_registered, bool_or(was_ever_registered) AS was_ever_registered,
           bool_or(was_monitored) AS was_monitored,
           bool_or(counts AND completed_registered) AS completed_registered, bool_or(counts) AS counts,
           bool_or(counts AND is_completed) AS is_completed, bool_or(counts AND is_certified) AS is_certified,
           coalesce(max(minutes) FILTER (WHERE counts), 0)::int AS minutes,
           coalesce(max(days) FILTER (WHERE counts), 0)::int AS days
    FROM enrolments GROUP BY person_id, training_class_id, seat_id
), ledger AS (
    SELECT h.person_id, h.training_class_id, c.course_id, course.category AS course_category, c.ends_on,
           c.state = 'closed' AS is_closed, c.is_for_cadres, h.counts,
           coalesce(seat.village_id, c.county_id) AS region_id,
           version.code AS then_place, coalesce(version.code, c.county_code) AS then_within,
           CASE WHEN seat.village_id IS NOT NULL THEN today.code END AS now_place,
           coalesce(today.code, unallocated.code, version.code, c.county_code) AS now_within,
           coalesce(nullif(c.place_code, ''), c.county_code) AS class_place,
           coalesce((SELECT v.code FROM registry_regionversion v
                     WHERE v.region_id = c.funding_region_id AND v.valid @> c.starts_on), c.county_code)
               AS funding_place,
           h.was_registered, h.was_ever_registered, h.was_monitored, h.completed_registered,
           coalesce(nullif(p.sex, ''), absorbed.sex, '') AS sex,
           extract(year FROM c.ends_on)::int * 4 + CASE
               WHEN birth.year IS NULL THEN 3
               WHEN extract(year FROM c.ends_on) - birth.year < {ADULT} THEN 0
               WHEN extract(year FROM c.ends_on) - birth.year < {OLD} THEN 1
               ELSE 2 END AS aged,
           greatest(p.identity_level, absorbed.identity_level) AS identity_level, seat.category,
           h.is_completed, h.is_certified,
           coalesce(h.counts AND c.ends_on - interval '12 months' <= max(c.ends_on)
               FILTER (WHERE h.counts) OVER (
                   PARTITION BY h.person_id, c.course_id ORDER BY c.ends_on, c.id
                   ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), false) AS is_repeat,
           (h.was_registered::int * {POOR} + h.was_ever_registered::int * {REGISTERED}
               + h.was_monitored::int * {MONITORED}
               + (coalesce(nullif(p.sex, ''), absorbed.sex, '') = 'F')::int * {WOMAN}
               + (greatest(p.identity_level, absorbed.identity_level) < 2)::int * {UNVERIFIED}
               + (NOT c.is_for_cadres)::int * {OPEN_TO_ALL}
               + (NOT c.is_for_cadres AND h.was_registered)::int * {POOR_OPEN_TO_ALL}
               + h.is_completed::int * {COMPLETED} + followed.had_one::int * {SOLD_BEFORE}
               + (followed.had_one OR followed.is_due)::int * {DUE_OR_SOLD_BEFORE}
               + (followed.had_one OR followed.has_converted)::int * {CONVERTED_OR_SOLD_BEFORE})::smallint
               AS flags,
           h.minutes, h.days
    FROM humans h
    JOIN courses_trainingclass c ON c.id = h.training_class_id
    JOIN courses_course course ON course.id = c.course_id
    JOIN registry_person p ON p.id = h.person_id
    LEFT JOIN absorbed ON absorbed.root_id = h.person_id
    CROSS JOIN LATERAL (SELECT coalesce(p.birth_year, absorbed.birth_year) AS year) birth
    CROSS JOIN LATERAL ({FOLLOWED}) followed
    JOIN courses_enrolment seat ON seat.id = h.seat_id
    LEFT JOIN registry_regionversion version ON version.id = seat.village_version_id
    LEFT JOIN places_now moved ON moved.region_id = coalesce(seat.village_id, c.county_id)
        AND (seat.enrolled_at AT TIME ZONE %(zone)s)::date >= moved.since
        AND (seat.enrolled_at AT TIME ZONE %(zone)s)::date < moved.until
    LEFT JOIN registry_regionversion today ON today.valid @> %(today)s AND today.region_id =
        CASE WHEN moved.region_id IS NULL THEN coalesce(seat.village_id, c.county_id) ELSE moved.place_id END
    LEFT JOIN unnest(%(divided)s::bigint[], %(divided_since)s::date[], %(certain)s::text[])
        AS unallocated (region_id, since, code)
        ON today.id IS NULL AND unallocated.region_id = moved.region_id AND unallocated.since = moved.since
)
SELECT {COLUMNS} FROM ledger
"""  # noqa: S608 - constants of this module and of `place_now`


def places_on(today: date) -> dict[str, Any]:
    """Return the values `LEDGER` asks for: where places lie on `today`."""
    certain = certain_above(today)
    return {
        "today": today,
        "zone": settings.TIME_ZONE,
        "divided": [region for region, _since in certain],
        "divided_since": [since.isoformat() if since else "-infinity" for _region, since in certain],
        "certain": list(certain.values()),
        "window": WINDOW.days,
    }
