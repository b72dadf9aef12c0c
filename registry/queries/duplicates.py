"""Records that may be one human being, within an office's places: likely pairs, and merges to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from registry.duplicates import LikelyPair, compare
from registry.models import DuplicateDecision, Person, PersonMerge, RegionVersion
from registry.queries.places import in_subtree

LATER_IS = timedelta(days=7)
MOST_PAIRS = 10_000
_COMPARED = (
    "uid", "name_key", "sex", "birth_year", "village", "phone_hash", "user", "listed_on", "id_number_hash",
    "id_number_sealed",
)  # fmt: skip

# Two ways to a pair, both led by an index: a record without an ID number beside any of its name in its
# village, or of its name and phone; and two records with numbers that share name and village. Records
# absorbed already are not looked at. What the two say is compared in Python, where numbers can be opened.
# OFFSET 0 keeps a step by step walk along an index: few rows are left there, which statistics do not tell.
_PAIRS = """
WITH places AS MATERIALIZED (
    SELECT DISTINCT region_id FROM registry_regionversion WHERE valid @> %(today)s AND ({scope})
), numberless AS MATERIALIZED (
    SELECT p.id, p.village_id, p.name_key, p.phone_hash
    FROM places JOIN registry_person p ON p.village_id = places.region_id
    WHERE p.kept_as_id IS NULL AND p.id_number_hash IS NULL
    UNION ALL
    SELECT p.id, p.village_id, p.name_key, p.phone_hash FROM registry_person p
    WHERE %(unplaced)s AND p.village_id IS NULL AND p.kept_as_id IS NULL AND p.id_number_hash IS NULL
), found AS (
    SELECT n.id AS one, p.id AS other
    FROM numberless n JOIN registry_person p ON p.village_id = n.village_id AND p.name_key = n.name_key
    WHERE p.kept_as_id IS NULL AND p.id_number_hash IS NOT NULL
    UNION ALL
    SELECT n.id, m.id FROM numberless n
    JOIN numberless m ON m.village_id = n.village_id AND m.name_key = n.name_key AND m.id > n.id
    UNION ALL
    SELECT n.id, p.id FROM numberless n CROSS JOIN LATERAL (
        SELECT id, village_id FROM registry_person p
        WHERE p.phone_hash = n.phone_hash AND p.name_key = n.name_key
          AND p.id <> n.id AND p.kept_as_id IS NULL OFFSET 0
    ) p
    WHERE p.village_id IN (SELECT region_id FROM places) OR %(unplaced)s AND p.village_id IS NULL
    UNION ALL
    SELECT one, other FROM places, LATERAL (
        SELECT array_agg(p.id) AS ids FROM registry_person p
        WHERE p.village_id = places.region_id AND p.kept_as_id IS NULL AND p.id_number_hash IS NOT NULL
        GROUP BY p.name_key HAVING count(*) > 1
    ) namesakes, unnest(ids) one, unnest(ids) other
    CROSS JOIN LATERAL (SELECT birth_year, phone_hash FROM registry_person WHERE id = one OFFSET 0) a
    CROSS JOIN LATERAL (SELECT birth_year, phone_hash FROM registry_person WHERE id = other OFFSET 0) b
    WHERE one < other AND (a.birth_year = b.birth_year OR a.phone_hash = b.phone_hash)
)
SELECT DISTINCT greatest(one, other), least(one, other) FROM found ORDER BY 1 DESC, 2 DESC LIMIT {most}
"""


def likely_pairs(scopes: Sequence[str], now: datetime | None = None) -> list[LikelyPair]:
    """Return the pairs of records below the places `scopes` that may be one, likeliest and newest first.

    Left out is what somebody called two people, for ever, or put off, for a week. Both records lie within
    the scopes ([""] is everywhere); at most 10,000 pairs of namesakes are looked at, the newest.
    """
    moment = now or timezone.now()
    found = _namesakes(scopes, timezone.localdate(moment))
    keys = {pk for pair in found for pk in pair}
    people = Person.objects.only(*_COMPARED).in_bulk(keys)
    decided = _decided(moment)
    pairs = [
        pair
        for second, first in found
        if (first, second) not in decided and (pair := compare(people[first], people[second]))
    ]
    return sorted(pairs, key=lambda pair: (-pair.likelihood, -pair.second, -pair.first))


def _namesakes(scopes: Sequence[str], today: date) -> list[tuple[int, int]]:
    condition, codes = _scope_condition(scopes)
    asked: dict[str, Any] = {"today": today, "unplaced": _holds_unplaced(scopes), **codes}
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS.format(scope=condition, most=MOST_PAIRS), asked)
        return cursor.fetchall()


def _decided(moment: datetime) -> set[tuple[int, int]]:
    """Return the pairs that need no decision now; what was said of a record holds for who stands for her."""
    holds = Q(verdict=DuplicateDecision.Verdict.DIFFERENT) | Q(at__gt=moment - LATER_IS)
    rows = DuplicateDecision.objects.filter(holds).values_list(
        Coalesce("first__kept_as", "first"), Coalesce("second__kept_as", "second")
    )
    return {(min(pair), max(pair)) for pair in rows}


def people_within(scopes: Sequence[str], field: str = "") -> Q:
    """Return the condition that a person (or the one in `field`) lives below one of the places `scopes`."""
    if "" in scopes:
        return Q()
    inside = Q(pk__in=[])
    for code in scopes:
        inside |= in_subtree(code)
    versions = RegionVersion.objects.filter(inside, valid__contains=timezone.localdate())
    prefix = f"{field}__" if field else ""
    condition = Q(**{f"{prefix}village__in": versions.values("region")})
    return condition | Q(**{f"{prefix}village__isnull": True}) if _holds_unplaced(scopes) else condition


def merges_within(scopes: Sequence[str]) -> QuerySet[PersonMerge]:
    """Return the merges of two records below the places `scopes`, newest first."""
    merges = PersonMerge.objects.filter(people_within(scopes, "kept"), people_within(scopes, "absorbed"))
    return merges.select_related("kept", "absorbed", "by", "undone_by").order_by("-at", "-pk")


@dataclass(frozen=True)
class ShownPair:
    """A likely pair with its records, and what their village is called."""

    pair: LikelyPair
    first: Person
    second: Person
    village: str


def shown_pairs(pairs: Sequence[LikelyPair]) -> list[ShownPair]:
    """Return `pairs` with their records and the name of the first one's village, in two queries."""
    people = Person.objects.in_bulk({pk for pair in pairs for pk in (pair.first, pair.second)})
    names = village_names({person.village_id for person in people.values() if person.village_id})
    shown = []
    for pair in pairs:
        if pair.first in people and pair.second in people:
            first, second = people[pair.first], people[pair.second]
            village = names.get(first.village_id or second.village_id or 0, "")
            shown.append(ShownPair(pair, first, second, village))
    return shown


def village_names(regions: set[int]) -> dict[int, str]:
    """Return the newest name of each of these places."""
    versions = RegionVersion.objects.filter(region__in=regions).order_by("valid")
    return {version.region_id: version.name for version in versions}


def _scope_condition(scopes: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return the SQL condition on a region version's code, and its parameters."""
    if not scopes:
        return "false", {}
    if "" in scopes:
        return "true", {}
    codes = {f"code{n}": code for n, code in enumerate(scopes)}
    ends = {f"end{n}": f"{code}:" for n, code in enumerate(scopes)}  # ":" follows "9"
    parts = [f"code >= %(code{n})s AND code < %(end{n})s" for n in range(len(scopes))]
    return " OR ".join(parts), codes | ends


def _holds_unplaced(scopes: Sequence[str]) -> bool:
    """People without a village belong to the home county (`queries.audit.region_code_of`)."""
    return any(str(settings.HOME_COUNTY).startswith(code) for code in scopes)
