"""Where a fact known to lie in a place on its day lies now (现行区划, "as now").

"As then" needs none of this: the version in force on the fact's day says it. Here a fact follows its place:
to the heir when there is one, nowhere (None, 待归属) when the place was divided or ended and nobody can say.
"""

from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from registry.models import Region, RegionSuccession, RegionVersion
from registry.queries.places import in_subtree, version_on
from registry.region_codes import LEVELS

# For counting: WITH places_now AS (...) and then
#   LEFT JOIN places_now n ON n.region_id = fact.region_id AND fact.day >= n.since AND fact.day < n.until
#   ... CASE WHEN n.region_id IS NULL THEN fact.region_id ELSE n.place_id END  (NULL: unallocated)
# One row for each region that was divided or ended and each stretch of days; all others have no row.
# Takes %(today)s. `until` is infinite for a place that ended: what is noted there later belongs to its heir.
PLACES_NOW = """
    WITH RECURSIVE events AS (
        SELECT from_region_id AS region_id, "on", change_id,
               CASE WHEN count(DISTINCT coalesce(to_region_id, 0)) = 1
                    THEN max(to_region_id) END AS heir_id,
               NOT coalesce(bool_or(to_region_id = from_region_id), false) AS is_end
        FROM registry_regionsuccession WHERE "on" <= %(today)s
        GROUP BY from_region_id, "on", change_id
    ), walk AS (
        SELECT region_id,
               coalesce(lag("on") OVER (PARTITION BY region_id ORDER BY "on", change_id), '-infinity')
                   AS since,
               CASE WHEN is_end THEN 'infinity' ELSE "on" END AS until,
               heir_id AS place_id, "on", change_id
        FROM events
        UNION ALL
        SELECT walk.region_id, walk.since, walk.until, later.heir_id, later."on", later.change_id
        FROM walk
        CROSS JOIN LATERAL (
            SELECT * FROM events
            WHERE events.region_id = walk.place_id
              AND (events."on", events.change_id) > (walk."on", walk.change_id)
            ORDER BY events."on", events.change_id LIMIT 1
        ) later
    )
    SELECT DISTINCT ON (region_id, since, until) region_id, since, until, place_id
    FROM walk WHERE since < until
    ORDER BY region_id, since, until, "on" DESC, change_id DESC
"""


def place_now(region: Region, fact_date: date, today: date) -> Region | None:
    """Return where a fact in `region` on `fact_date` lies on `today`; None when nobody can say (待归属)."""
    place = region.pk
    rows = RegionSuccession.objects.filter(on__lte=today).order_by("on", "change_id")
    after: tuple[date, int] | None = None
    while True:
        events = rows.filter(from_region=place)
        later = events.filter(_later_than(after) if after else Q(on__gt=fact_date))
        first = later.first() or (None if after else _end_of(events))
        if first is None:
            break
        heirs = {row.to_region_id for row in rows.filter(from_region=place, change=first.change_id)}
        heir = heirs.pop()
        if heirs or heir is None:
            return None
        place, after = heir, (first.on, first.change_id)
    found = Region.objects.get(pk=place)
    return found if version_on(found, today) else None


def places_now(today: date) -> dict[int, list[tuple[date | None, date | None, int | None]]]:
    """Return the stretches of `PLACES_NOW` by region: since, until (None: open), region (None: 待归属)."""
    sql = f"""
        SELECT region_id, nullif(since, '-infinity'), nullif(until, 'infinity'), place_id
        FROM ({PLACES_NOW}) rows ORDER BY 1, 2 NULLS FIRST
    """  # noqa: S608 - a constant of this module
    with connection.cursor() as cursor:
        cursor.execute(sql, {"today": today})
        stretches: dict[int, list[tuple[date | None, date | None, int | None]]] = {}
        for region, since, until, place in cursor.fetchall():
            stretches.setdefault(region, []).append((since, until, place))
    return stretches


def certain_above(today: date) -> dict[tuple[int, date | None], str]:
    """Return for each unallocated stretch of `PLACES_NOW` (region, since) the lowest code that is certain.

    A fact of a divided county is in one of the parts, and so surely in the prefecture above both; what
    nobody can say is still in what lay above it. "" where not even the province is certain.
    """
    unallocated = [
        (region, since)
        for region, rows in places_now(today).items()
        for since, _until, place in rows
        if place is None
    ]
    if not unallocated:
        return {}
    successions = RegionSuccession.objects.filter(on__lte=today).order_by("on", "change_id")
    events = _Events(successions)
    candidates = {key: events.candidates(key[0], events.after(*key)) for key in unallocated}
    versions = RegionVersion.objects.filter(
        region__in=set().union(*candidates.values()), valid__contains=today
    )
    codes = dict(versions.values_list("region", "code"))
    return {
        key: _common_code(codes[region] for region in regions if region in codes)
        for key, regions in candidates.items()
    }


def in_subtree_now(code: str, today: date, *, place: str = "village", on: str = "enrolled_at__date") -> Q:
    """Return the condition that a fact lies, as now, in the subtree of `code`.

    `place` names the field with the fact's region, `on` the one with its day. Unallocated facts lie nowhere.
    """
    inside = set(_inside(code, today).values_list("region", flat=True))
    stretches = places_now(today)
    moved = list(stretches)
    found = Q(**{f"{place}__in": _inside(code, today).values("region")}) & ~Q(**{f"{place}__in": moved})
    by_days: dict[tuple[date | None, date | None], list[int]] = {}
    for region, rows in stretches.items():
        last_until = rows[-1][1]
        stays = [(last_until, None, region)] if last_until is not None else []
        for since, until, now in [*rows, *stays]:
            if now in inside:
                by_days.setdefault((since, until), []).append(region)
    for (since, until), regions in by_days.items():
        stretch = Q(**{f"{place}__in": regions})
        stretch &= Q(**{f"{on}__gte": since}) if since else Q()
        stretch &= Q(**{f"{on}__lt": until}) if until else Q()
        found |= stretch
    return found


class _Events:
    """What happened to the places that were divided or ended, in order; asks the database twice."""

    def __init__(self, successions: Iterable[RegionSuccession]) -> None:
        self._heirs: dict[int, dict[tuple[date, int], set[int | None]]] = {}
        without_heir = set()
        for row in successions:
            heirs = self._heirs.setdefault(row.from_region_id, {}).setdefault((row.on, row.change_id), set())
            heirs.add(row.to_region_id)
            if row.to_region_id is None:
                without_heir.add(row.from_region_id)
        versions = RegionVersion.objects.filter(region__in=without_heir).order_by("valid")
        self._above = dict(versions.values_list("region", "parent"))

    def after(self, region: int, since: date | None) -> tuple[date, int]:
        """Return the event that a fact noted in `region` since then went through first."""
        events = self._heirs[region]
        return min((event for event in events if since is None or event[0] > since), default=max(events))

    def candidates(self, region: int, event: tuple[date, int]) -> set[int]:
        """Follow a fact through `event` into every place that may have it now."""
        found: set[int] = set()
        for heir in self._heirs[region][event]:
            place = heir or self._above.get(region) or region  # without an heir it lies in what lay above
            later = min((each for each in self._heirs.get(place, {}) if each > event), default=None)
            found |= self.candidates(place, later) if later else {place}
        return found


def _common_code(codes: Iterable[str]) -> str:
    known = list(codes)
    for length in sorted(LEVELS, reverse=True):
        heads = {code[:length] for code in known}
        if len(heads) == 1 and len(heads.copy().pop()) == length:
            return heads.pop()
    return ""


def _inside(code: str, today: date) -> QuerySet[RegionVersion]:
    return RegionVersion.objects.filter(in_subtree(code), valid__contains=today)


def _later_than(after: tuple[date, int]) -> Q:
    return Q(on__gt=after[0]) | Q(on=after[0], change_id__gt=after[1])


def _end_of(events: QuerySet[RegionSuccession]) -> RegionSuccession | None:
    """A fact noted in a place after it ended belongs where the rest of the place went."""
    last = events.last()
    if last is None or events.filter(change=last.change_id, to_region=last.from_region_id).exists():
        return None
    return last
