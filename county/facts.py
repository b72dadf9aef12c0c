"""Keeps the facts exact: works off what triggers noted, before a count is read. Nothing else writes facts."""

from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from county.cells import put_everybody_in, put_in, take_out
from county.indexes import bare
from county.ledger import COLUMNS, LEDGER, WINDOW, places_on
from registry.queries.place_now import PLACES_NOW

_LOCK = 2026_1128  # any constant does: one at a time works off the notes
BATCH = 20_000  # human beings
TABLES = ("county_countedplace", "county_countcell", "county_classcell")

_IS_FRESH = """
SELECT (SELECT day FROM county_factsday) IS NOT DISTINCT FROM %s AND NOT EXISTS (SELECT FROM county_stalefact)
"""
# Nothing is worked out yet, and there is much.
_IS_ALL_TO_DO = """
SELECT NOT EXISTS (SELECT FROM county_countedplace) AND EXISTS (SELECT FROM courses_enrolment OFFSET %s)
"""
# Somebody of many takes four times as long to work out as everybody's share of all.
_ARE_MANY = "SELECT count(*) < %s FROM (SELECT DISTINCT person_id FROM county_countedplace) people"
_MEMORY = "SET LOCAL work_mem = '256MB'"  # for a transaction that may be the only one of its kind
# People whose 180 days (R13) end between the two days.
_DUE = """
SELECT person_id FROM county_countedplace
WHERE is_completed AND ends_on + %(window)s >= least(%(day)s::date, %(today)s::date)
  AND ends_on + %(window)s < greatest(%(day)s::date, %(today)s::date)
"""
# Places whose answer to "where now" may have changed: noted ones, those whose versions begin or end between
# the two days, and, when successions came or went or came into force, all that any succession touches.
_MOVED = f"""
WITH noted AS (SELECT key FROM unnest(%(regions)s::bigint[]) key),
between_days AS (
    SELECT least(%(day)s::date, %(today)s::date) AS early, greatest(%(day)s::date, %(today)s::date) AS late
),
turned AS (
    SELECT v.region_id FROM registry_regionversion v, between_days d
    WHERE d.early < d.late AND (lower(v.valid) > d.early AND lower(v.valid) <= d.late
                                OR upper(v.valid) > d.early AND upper(v.valid) <= d.late)
), moved AS (
    SELECT n.region_id FROM ({PLACES_NOW}) n, between_days d
    WHERE %(is_succession)s OR EXISTS (SELECT FROM registry_regionsuccession s
                                       WHERE s."on" > d.early AND s."on" <= d.late)
       OR EXISTS (SELECT FROM turned)
), regions AS (
    SELECT key AS id FROM noted UNION SELECT region_id FROM turned UNION SELECT region_id FROM moved
)
SELECT f.person_id FROM county_countedplace f WHERE f.region_id IN (SELECT id FROM regions)
UNION SELECT e.person_id FROM courses_trainingclass c JOIN courses_enrolment e ON e.training_class_id = c.id
WHERE c.funding_region_id IN (SELECT id FROM regions)
"""  # noqa: S608 - a constant of `place_now`
_SET_DAY = """
INSERT INTO county_factsday (id, day) VALUES (1, %s) ON CONFLICT (id) DO UPDATE SET day = excluded.day
"""
_TOUCHED = """
SELECT person_id FROM courses_enrolment WHERE id = ANY(%(E)s)
UNION SELECT person_id FROM courses_enrolment WHERE training_class_id = ANY(%(C)s)
UNION SELECT key FROM unnest(%(P)s::bigint[]) key
"""
# Everybody a record stands for or is absorbed into, and all other records of that human being.
_RECORDS = """
WITH roots AS (
    SELECT DISTINCT coalesce(p.kept_as_id, p.id) AS id FROM registry_person p WHERE p.id = ANY(%s)
)
SELECT r.id, array_agg(a.id) FILTER (WHERE a.id IS NOT NULL)
FROM roots r LEFT JOIN registry_person a ON a.kept_as_id = r.id GROUP BY r.id
"""


def refresh_facts(today: date) -> None:
    """Bring the facts up to what is committed now, with places as they lie on `today`.

    One query when nothing changed. Two readers wait for each other; writers wait for nobody.
    """
    with connection.cursor() as cursor:
        if _says_yes(cursor, _IS_FRESH, today):
            return
        is_all_to_do = _says_yes(cursor, _IS_ALL_TO_DO, BATCH)
    if is_all_to_do or not _work_off_notes(today):
        work_out_anew(today)


def _says_yes(cursor: CursorWrapper, question: str, value: date | int) -> bool:
    cursor.execute(question, [value])
    return bool(cursor.fetchone()[0])


def _work_off_notes(today: date) -> bool:
    """Work out anew the facts of who is noted; leave it, and say so, when that is a third of everybody."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        people = _touched(cursor, today)
        if len(people) > BATCH and _says_yes(cursor, _ARE_MANY, 3 * len(people)):
            transaction.set_rollback(True)
            return False
        for records in _whole_people(cursor, people):
            emptied = take_out(cursor, records)
            cursor.execute("DELETE FROM county_countedplace WHERE person_id = ANY(%s)", [records])
            insert = f"INSERT INTO county_countedplace ({COLUMNS}) {LEDGER.format(only=_ONLY)}"
            cursor.execute(insert, {**places_on(today), "records": records})
            put_in(cursor, records, emptied)
    return True


_ONLY = "AND e.person_id = ANY(%(records)s)"
# In the order that keeps the facts of a county together, of which its questions read all.
_ALL_FACTS = f"""
INSERT INTO county_countedplace ({COLUMNS}) {LEDGER.format(only="")} ORDER BY then_within, ends_on
"""


def work_out_anew(today: date) -> None:
    """Work out all facts and cells from scratch, by a few statements over everybody, unless none is stale.

    Whoever asks meanwhile waits. The tables are locked before the notes are: somebody who has read a count
    in a transaction of hers can still bring the facts up to date in it, and is not waited for by whom she
    waits for.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if _says_yes(cursor, _IS_FRESH, today):
            return  # somebody else has done it
        cursor.execute("DELETE FROM county_stalefact")
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}")
        cursor.execute(_MEMORY)
        with bare(cursor, TABLES[0]):
            cursor.execute(_ALL_FACTS, places_on(today))
        cursor.execute("ANALYZE county_countedplace")
        put_everybody_in(cursor)
        cursor.execute(f"ANALYZE {', '.join(TABLES[1:])}")
        cursor.execute(_SET_DAY, [today])


def note_everything() -> None:
    """Have all facts worked out anew at the next read: after rows were loaded with the triggers off."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(TABLES)} IN ACCESS EXCLUSIVE MODE")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(f"TRUNCATE {', '.join(TABLES)}")
        cursor.execute("INSERT INTO county_stalefact (kind, key) SELECT 'C', id FROM courses_trainingclass")


def _touched(cursor: CursorWrapper, today: date) -> list[int]:
    """Take the notes away and return the people they are about."""
    cursor.execute("DELETE FROM county_stalefact RETURNING kind, key")
    noted: dict[str, set[int]] = {kind: set() for kind in "EPCRS"}
    for kind, key in cursor.fetchall():
        noted[kind].add(key)
    people: set[int] = set()
    if noted["E"] or noted["C"] or noted["P"]:
        cursor.execute(_TOUCHED, {kind: list(noted[kind]) for kind in "ECP"})
        people.update(row[0] for row in cursor.fetchall())
    cursor.execute("SELECT day FROM county_factsday")
    found = cursor.fetchone()
    day = found[0] if found else today
    if noted["R"] or noted["S"] or day != today:
        values = {
            "regions": list(noted["R"]),
            "is_succession": bool(noted["S"]),
            "day": day,
            "today": today,
            "window": WINDOW.days,
        }
        for statement in (_MOVED, _DUE):
            cursor.execute(statement, values)
            people.update(row[0] for row in cursor.fetchall())
    if not found or day != today:
        cursor.execute(_SET_DAY, [today])
    return sorted(people)


def _whole_people(cursor: CursorWrapper, people: list[int]) -> Iterator[list[int]]:
    """Yield all records of the human beings behind `people`, some thousand human beings at a time."""
    if not people:
        return
    cursor.execute(_RECORDS, [people])
    humans = cursor.fetchall()
    gone = sorted(set(people) - {record for root, others in humans for record in (root, *(others or ()))})
    for start in range(0, len(humans), BATCH):
        batch = humans[start : start + BATCH]
        yield [record for root, others in batch for record in (root, *(others or ()))]
    if gone:  # deleted records: their facts go too
        yield gone
