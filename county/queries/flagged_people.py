"""Flags about people and rosters, as SQL: A2, A8-A13, A15.

Each yields key, class, person, sitting and what to say.
`asked` holds the classes that are looked at, see `flags.py`. A human being is `coalesce(kept_as_id, id)`.
"""

_ENROLLED = "(e.enrolled_at AT TIME ZONE 'Asia/Shanghai')::date"
_RECORDS = "(q.id = coalesce(p.kept_as_id, p.id) OR q.kept_as_id = coalesce(p.kept_as_id, p.id))"
_WAS = f"""EXISTS (
    SELECT FROM registry_person q JOIN registry_membership m ON m.person_id = q.id
    JOIN registry_statusperiod t ON t.household_id = m.household_id AND t.kind = k.kind
    WHERE {_RECORDS} AND m.valid @> k.day AND t.valid @> k.day)"""

# A status the register does not confirm for the day of enrolment; or she attended after her last household.
REMOVED = f"""
SELECT 'e' || e.id || ':' || k.kind, c.id, e.person_id, NULL::bigint, jsonb_build_object(
    'why', CASE WHEN later.since IS NULL THEN 'never' ELSE 'later' END, 'day', k.day, 'since', later.since)
FROM asked c JOIN courses_enrolment e ON e.training_class_id = c.id AND e.withdrawn_at IS NULL
JOIN registry_person p ON p.id = e.person_id
CROSS JOIN LATERAL (
    SELECT 1 AS kind, {_ENROLLED} AS day WHERE e.was_registered
    UNION ALL SELECT 3, {_ENROLLED} WHERE e.was_monitored
) k
CROSS JOIN LATERAL (
    SELECT min(lower(t.valid)) AS since
    FROM registry_person q JOIN registry_membership m ON m.person_id = q.id
    JOIN registry_statusperiod t ON t.household_id = m.household_id AND t.kind = k.kind
    WHERE {_RECORDS} AND lower(t.valid) > k.day
) later
WHERE NOT {_WAS}
  AND EXISTS (SELECT FROM courses_attendance a WHERE a.enrolment_id = e.id AND a.minutes > 0)
UNION ALL
SELECT 'e' || e.id || ':gone', c.id, e.person_id, NULL, jsonb_build_object(
    'why', 'gone', 'day', heard.day, 'since', spells.ended)
FROM asked c JOIN courses_enrolment e ON e.training_class_id = c.id AND e.withdrawn_at IS NULL
JOIN registry_person p ON p.id = e.person_id
CROSS JOIN LATERAL (
    SELECT max(upper(m.valid)) AS ended, bool_or(upper_inf(m.valid)) AS is_open
    FROM registry_person q JOIN registry_membership m ON m.person_id = q.id WHERE {_RECORDS}
) spells
CROSS JOIN LATERAL (
    SELECT max(a.on_date) AS day FROM courses_attendance a WHERE a.enrolment_id = e.id AND a.minutes > 0
) heard
WHERE NOT spells.is_open AND heard.day >= spells.ended
"""  # noqa: S608 - constants of this module

PHONES = f"""
SELECT 'p' || found.human || ':' || md5(found.households), found.class_id, found.human, NULL::bigint,
       jsonb_build_object('others', found.others)
FROM (
    SELECT coalesce(p.kept_as_id, p.id) AS human,
           (array_agg(c.id ORDER BY c.ends_on DESC, c.id DESC))[1] AS class_id,
           count(DISTINCT n.household_id) AS others,
           string_agg(DISTINCT n.household_id::text, ',' ORDER BY n.household_id::text) AS households
    FROM asked c JOIN courses_enrolment e ON e.training_class_id = c.id AND e.withdrawn_at IS NULL
    JOIN registry_person p ON p.id = e.person_id AND p.phone_hash IS NOT NULL
    JOIN registry_membership m ON m.person_id = p.id AND m.valid @> {_ENROLLED}
    JOIN registry_person q ON q.phone_hash = p.phone_hash
        AND coalesce(q.kept_as_id, q.id) <> coalesce(p.kept_as_id, p.id)
    JOIN registry_membership n ON n.person_id = q.id AND n.valid @> {_ENROLLED}
        AND n.household_id <> m.household_id
    GROUP BY 1
) found
"""  # noqa: S608 - constants of this module

ROSTERS = """
SELECT 'r' || r.id, NULL::bigint, NULL::bigint, NULL::bigint, jsonb_build_object(
    'bad', wrong.rows, 'rows', r.rows_total, 'file', r.file_name)
FROM registry_rosterimport r
JOIN registry_regionversion v ON v.region_id = r.county_id AND v.valid @> r.as_of
CROSS JOIN LATERAL (
    SELECT count(DISTINCT (problem->>'sheet', problem->>'row')) AS rows
    FROM jsonb_array_elements(r.problems) problem
    WHERE problem->>'code' IN ('id_wrong_length', 'id_bad_date', 'id_future_date', 'id_bad_check',
                               'id_not_text', 'number_not_text')
) wrong
WHERE v.code LIKE ANY(%(inside)s) AND r.rows_total > 0 AND wrong.rows * 100 > r.rows_total * 2
  AND (r.created_at AT TIME ZONE 'Asia/Shanghai')::date >= %(since)s
  AND (r.created_at AT TIME ZONE 'Asia/Shanghai')::date < %(until)s
"""

LATE_ROSTER = """
SELECT 'e' || e.id || ':' || step.why, c.id, e.person_id, NULL::bigint, jsonb_build_object(
    'why', step.why, 'day', to_char(step.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'),
    'closed', to_char(c.closed_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'))
FROM asked c JOIN courses_enrolment e ON e.training_class_id = c.id
CROSS JOIN LATERAL (VALUES ('in', e.enrolled_at), ('out', e.withdrawn_at)) step (why, at)
WHERE step.at > c.closed_at
"""

AGES = """
SELECT 'e' || e.id, c.id, e.person_id, NULL::bigint, jsonb_build_object('age', lived.age)
FROM asked c JOIN courses_enrolment e ON e.training_class_id = c.id AND e.withdrawn_at IS NULL
JOIN registry_person p ON p.id = e.person_id
CROSS JOIN LATERAL (SELECT extract(year FROM c.starts_on)::int - p.birth_year AS age) lived
WHERE lived.age < 16 OR lived.age > 75
"""

REPEATS = """
SELECT 'p' || f.person_id || ':c' || c.id, c.id, f.person_id, NULL::bigint, '{}'::jsonb
FROM asked c JOIN county_countedplace f ON f.training_class_id = c.id
WHERE f.is_repeat AND f.counts
"""

PAPERS = """
SELECT 'k' || k.id, c.id, k.person_id, NULL::bigint, jsonb_build_object('number', k.number)
FROM asked c JOIN certificates_certificate k ON k.training_class_id = c.id
JOIN courses_enrolment e ON e.id = k.enrolment_id JOIN courses_course o ON o.id = c.course_id
WHERE k.state = 'valid' AND k.kind = 'H'
  AND (e.completed_at IS NULL OR e.completed_practical < 60
       OR e.completed_hours * 100 < coalesce(c.planned_hours, o.hours) * 80)
"""

DENIED = """
SELECT 'a' || newest.id, c.id, k.person_id, NULL::bigint, jsonb_build_object(
    'day', to_char(newest.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD'))
FROM asked c JOIN county_auditcall k ON k.training_class_id = c.id
CROSS JOIN LATERAL (
    SELECT r.id, r.outcome, r.at FROM county_auditcallresult r WHERE r.call_id = k.id
    ORDER BY r.at DESC, r.id DESC LIMIT 1
) newest
WHERE newest.outcome = 'denied'
"""
