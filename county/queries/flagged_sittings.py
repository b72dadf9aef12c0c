"""Flags about sittings and classes, as SQL: A1, A3-A7, A14.

Each yields key, class, person, sitting and what to say.
`asked` holds the classes that are looked at, see `flags.py`.
"""

_LABEL = "{0}.year || '-' || lpad({0}.number::text, 4, '0')"
_OF_D = _LABEL.format("d")
_DAY = "'YYYY-MM-DD'"
_TAKES_PLACE = "NOT IN ('moved', 'cancelled')"

# What was taken off for the second place still shows that somebody signed there: positive rows count.
OVERLAPS = f"""
SELECT DISTINCT ON (found.key) found.*
FROM (
    SELECT 'p' || coalesce(p.kept_as_id, p.id) || ':' || least(s.id, t.id) || '-' || greatest(s.id, t.id)
               AS key,
           c.id, coalesce(p.kept_as_id, p.id), s.id AS sitting_id,
           jsonb_build_object('other', {_OF_D}, 'number', t.number)
    FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id
    JOIN courses_attendance a ON a.sitting_id = s.id AND a.minutes > 0
    JOIN courses_enrolment e ON e.id = a.enrolment_id JOIN registry_person p ON p.id = e.person_id
    JOIN registry_person q ON q.id = coalesce(p.kept_as_id, p.id)
        OR q.kept_as_id = coalesce(p.kept_as_id, p.id)
    JOIN courses_enrolment f ON f.person_id = q.id
    JOIN courses_attendance b ON b.enrolment_id = f.id AND b.minutes > 0
    JOIN courses_sitting t ON t.id = b.sitting_id AND t.id <> s.id
        AND t.starts_at < s.ends_at AND t.ends_at > s.starts_at
    JOIN courses_trainingclass d ON d.id = t.training_class_id
) found ORDER BY found.key, found.sitting_id DESC
"""  # noqa: S608 - constants of this module

BURSTS = """
SELECT 's' || burst.sitting_id || ':' || md5(burst.device), burst.class_id, NULL::bigint, burst.sitting_id,
       jsonb_build_object('most', max(burst.within))
FROM (
    SELECT c.id AS class_id, i.sitting_id, i.device,
           count(*) OVER (PARTITION BY i.device ORDER BY i.signed_at
                          RANGE BETWEEN INTERVAL '59.999 seconds' PRECEDING AND CURRENT ROW) AS within
    FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id
    JOIN courses_signin i ON i.sitting_id = s.id
    WHERE i.device <> '' AND NOT i.is_station
) burst
WHERE burst.within > 10 GROUP BY burst.class_id, burst.sitting_id, burst.device
"""

# What was keyed in from a signed sheet bears the time of keying it in.
CLOCKS = """
SELECT 'i' || i.id, c.id, e.person_id, s.id, jsonb_build_object(
    'why', CASE WHEN abs(i.clock_offset) > 600 THEN 'clock' ELSE 'window' END,
    'minutes', round(abs(i.clock_offset) / 60.0),
    'at', to_char(i.signed_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI'))
FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id
JOIN courses_signin i ON i.sitting_id = s.id JOIN courses_enrolment e ON e.id = i.enrolment_id
WHERE abs(i.clock_offset) > 600
   OR i.evidence NOT IN ('pen', 'thumb')
      AND (i.signed_at < s.starts_at - INTERVAL '30 minutes'
           OR i.signed_at > s.ends_at + INTERVAL '30 minutes')
"""

ROOMS = f"""
SELECT 'r' || site.id || ':' || count(*), c.id, NULL::bigint, s.id, jsonb_build_object(
    'why', 'room', 'heads', count(*), 'seats', coalesce(site.room_capacity, c.room_capacity),
    'site', site.name)
FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id AND s.kind <> 'live'
JOIN courses_sittingsite site ON site.sitting_id = s.id
JOIN LATERAL (
    SELECT a.enrolment_id FROM courses_attendance a
    WHERE a.sitting_id = s.id AND a.site_id = site.id AND a.evidence <> 'live'
    GROUP BY a.enrolment_id HAVING sum(a.minutes) > 0
) present ON true
GROUP BY site.id, c.id, c.room_capacity, s.id
HAVING count(*) > coalesce(site.room_capacity, c.room_capacity)
UNION ALL
SELECT 't' || least(s.id, t.id) || '-' || greatest(s.id, t.id), min(c.id), NULL, min(s.id),
       jsonb_build_object('why', 'teacher', 'teacher', min(c.lead_teacher), 'other', min({_OF_D}),
                          'number', min(t.number))
FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id AND s.state {_TAKES_PLACE}
JOIN courses_trainingclass d ON d.id <> c.id
    AND (d.lead_account_id = c.lead_account_id
         OR d.lead_teacher = c.lead_teacher AND c.lead_teacher <> '' AND d.county_id = c.county_id)
    AND (d.venue, d.place_code) IS DISTINCT FROM (c.venue, c.place_code)
JOIN courses_sitting t ON t.training_class_id = d.id AND t.state {_TAKES_PLACE}
    AND t.starts_at < s.ends_at AND t.ends_at > s.starts_at
GROUP BY least(s.id, t.id), greatest(s.id, t.id)
"""  # noqa: S608 - constants of this module

FULL = f"""
SELECT 'c' || c.id, c.id, NULL::bigint, NULL::bigint, jsonb_build_object(
    'people', roster.people, 'sittings', held.sittings, 'days', held.days)
FROM asked c
CROSS JOIN LATERAL (
    SELECT count(*) AS people FROM courses_enrolment e
    WHERE e.training_class_id = c.id AND e.withdrawn_at IS NULL
) roster
CROSS JOIN LATERAL (
    SELECT count(*) AS sittings,
           count(DISTINCT (s.starts_at AT TIME ZONE 'Asia/Shanghai')::date) AS days
    FROM courses_sitting s WHERE s.training_class_id = c.id AND s.state {_TAKES_PLACE}
) held
CROSS JOIN LATERAL (
    SELECT count(*) AS places FROM (
        SELECT FROM courses_sitting s JOIN courses_attendance a ON a.sitting_id = s.id
        JOIN courses_enrolment e ON e.id = a.enrolment_id AND e.withdrawn_at IS NULL
        WHERE s.training_class_id = c.id AND s.state {_TAKES_PLACE}
        GROUP BY a.enrolment_id, a.sitting_id HAVING sum(a.minutes) > 0
    ) attended
) present
WHERE c.kind = 'taught' AND roster.people >= 30 AND held.days >= 3
  AND present.places = roster.people * held.sittings
"""  # noqa: S608 - constants of this module

PHOTOS = f"""
SELECT 'f' || f.id || ':copy', c.id, NULL::bigint, s.id, jsonb_build_object(
    'why', 'copy', 'other', first.label)
FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id
JOIN courses_sittingphoto f ON f.sitting_id = s.id
CROSS JOIN LATERAL (
    SELECT {_OF_D} AS label FROM courses_sittingphoto g JOIN courses_sitting t ON t.id = g.sitting_id
    JOIN courses_trainingclass d ON d.id = t.training_class_id
    WHERE g.sha256 = f.sha256 AND d.id <> c.id ORDER BY g.added_at, g.id LIMIT 1
) first
UNION ALL
SELECT 'f' || f.id || ':day', c.id, NULL, s.id, jsonb_build_object(
    'why', 'day', 'taken', to_char(f.taken_at AT TIME ZONE 'Asia/Shanghai', {_DAY}),
    'day', to_char(s.starts_at AT TIME ZONE 'Asia/Shanghai', {_DAY}))
FROM asked c JOIN courses_sitting s ON s.training_class_id = c.id
JOIN courses_sittingphoto f ON f.sitting_id = s.id
WHERE (f.taken_at AT TIME ZONE 'Asia/Shanghai')::date <> (s.starts_at AT TIME ZONE 'Asia/Shanghai')::date
"""  # noqa: S608 - constants of this module

DUTIES = """
SELECT 'c' || c.id || ':' || u.id, c.id, NULL::bigint, NULL::bigint, jsonb_build_object(
    'account', coalesce(nullif(u.display_name, ''), u.username))
FROM asked c JOIN registry_user u ON u.id IN (c.approved_by_id, c.closed_by_id)
WHERE c.kind = 'taught' AND u.id IN (c.planned_by_id, c.submitted_by_id, c.checked_by_id)
"""
