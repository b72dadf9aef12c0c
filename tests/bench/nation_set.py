"""SQL that makes the set of `counting_nation`; every row lands where a seeded dice says."""

import os

SHARE = float(os.environ.get("NATION_SHARE", "1"))
COUNTIES, CLASSES, TRAINEES = int(1_489 * SHARE), int(150_000 * SHARE), int(5_000_000 * SHARE)

_COUNTIES = f"""
CREATE TEMPORARY TABLE chosen ON COMMIT DROP AS
SELECT region_id, code, row_number() OVER (ORDER BY code) - 1 AS k
FROM (SELECT region_id, code FROM registry_regionversion
      WHERE level = 3 AND is_administrative AND upper_inf(valid) ORDER BY md5(code) LIMIT {COUNTIES}) few
"""
_CLASSES = f"""
INSERT INTO courses_trainingclass
    (uid, course_id, county_id, county_code, year, number, kind, state, starts_on, ends_on, is_for_cadres,
     venue, place_code, budget_line, lead_teacher, approval_number, approval_scan, cancelled_reason,
     ledger_name, ledger_sha256, approved_at)
SELECT gen_random_uuid(), (%(courses)s::bigint[])[1 + floor(random() * 20)::int], region_id, code,
       extract(year FROM day), 1000 + n / {COUNTIES}, 'taught', 'closed', day, day + 5, random() < 0.02,
       '', '', '', '', '', '', '', '', '', now()
FROM (SELECT n, '2023-01-01'::date + floor(random() * 1090)::int AS day
      FROM generate_series(0, {CLASSES - 1}) n) dated
JOIN chosen ON k = n %% {COUNTIES}
"""
_CLASSES_BY_COUNTY = """
CREATE TEMPORARY TABLE classes ON COMMIT DROP AS
SELECT k, id, starts_on, ends_on, row_number() OVER (PARTITION BY k ORDER BY id) - 1 AS j,
       count(*) OVER (PARTITION BY k) AS all_classes
FROM courses_trainingclass JOIN chosen ON code = county_code WHERE course_id = ANY(%(courses)s)
"""
_VILLAGES = """
CREATE TEMPORARY TABLE homes ON COMMIT DROP AS
SELECT v.region_id, v.id, c.k, row_number() OVER (ORDER BY v.code) - 1 AS n, count(*) OVER () AS all_homes
FROM registry_regionversion v JOIN chosen c ON c.code = left(v.code, 6)
WHERE v.level = 5 AND upper_inf(v.valid)
"""
_PEOPLE = f"""
INSERT INTO registry_person
    (uid, name, name_key, sex, birth_year, village_id, identity_level, phone_owner, created_at)
SELECT gen_random_uuid(), '学员' || p, %(mark)s, CASE WHEN random() < 0.6 THEN 'F' ELSE 'M' END,
       1945 + floor(random() * 60)::int, region_id, CASE WHEN random() < 0.025 THEN 1 ELSE 2 END, '', now()
FROM (SELECT p, floor(random() * (SELECT count(*) FROM homes))::int AS n
      FROM generate_series(1, {TRAINEES}) p) scattered
JOIN homes USING (n)
"""
# Everybody has one place, half of them a second one: mostly in another class of the county, else elsewhere.
_PLACES = f"""
WITH people AS (
    SELECT p.id, h.k, h.region_id, h.id AS version_id, random() AS poor, random() < 0.11 AS is_monitored,
           random() < 0.03 AS is_homeless, floor(random() * 1e6)::int AS pick, random() < 0.03 AS goes_away
    FROM registry_person p JOIN homes h ON h.region_id = p.village_id WHERE p.name_key = %(mark)s
), wanted AS (
    SELECT people.*, again, random() < 0.8 AS is_completed,
           CASE WHEN again = 1 AND goes_away THEN (k + 1) %% {COUNTIES} ELSE k END AS where_k
    FROM people, generate_series(0, 1) again WHERE again = 0 OR pick %% 2 = 0
)
INSERT INTO courses_enrolment
    (uid, person_id, training_class_id, category, enrolled_at, village_id, village_version_id, was_registered,
     was_ever_registered, was_monitored, completed_at, completed_hours, completed_practical,
     completed_registered, withdrawn_reason)
SELECT gen_random_uuid(), w.id, c.id, 'villager', c.starts_on, CASE WHEN NOT is_homeless THEN region_id END,
       CASE WHEN NOT is_homeless THEN version_id END, poor < 0.25, poor < 0.5, is_monitored,
       CASE WHEN is_completed THEN c.ends_on END, CASE WHEN is_completed THEN 24 END,
       CASE WHEN is_completed THEN 80 END, CASE WHEN is_completed THEN poor < 0.25 END, ''
FROM wanted w
JOIN (SELECT DISTINCT k, all_classes FROM classes) counted ON counted.k = w.where_k
JOIN classes c ON c.k = w.where_k
    AND c.j = (pick + again * (1 + pick / 7 %% (counted.all_classes - 1))) %% counted.all_classes
"""
_ATTENDANCE = """
INSERT INTO courses_attendance (enrolment_id, on_date, minutes, evidence, recorded_at, reason)
SELECT e.id, c.starts_on + s / 2, 180, 'pen', now(), ''
FROM courses_enrolment e JOIN classes c ON c.id = e.training_class_id
CROSS JOIN generate_series(0, 5) s
WHERE e.id % 30 > 0 OR s = 0
"""
# What is filled, and by which statements.
STEPS = (
    ("courses_trainingclass", (_COUNTIES, _CLASSES)),
    ("registry_person", (_VILLAGES, "ANALYZE homes", _PEOPLE)),
    ("courses_enrolment", (_CLASSES_BY_COUNTY, "ANALYZE classes", _PLACES)),
    ("courses_attendance", (_ATTENDANCE.replace("%", "%%"),)),
)
