"""Records that may be one human being, within an office's places: likely pairs, and merges to look at."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from registry.duplicates import LikelyPair, is_slip
from registry.models import Person, PersonMerge, RegionVersion
from registry.queries.places import in_subtree

LATER_IS = timedelta(days=7)
MOST_PAIRS = 5_000

# Two ways to a pair, both led by an index: a record without an ID number beside any of its name in its
# village, or of its name and phone; and two records with numbers that share name and village, of which
# Python keeps those whose numbers differ by a slip. Records absorbed already are not looked at.
_PAIRS = """
WITH places AS MATERIALIZED (
    SELECT DISTINCT region_id FROM registry_regionversion WHERE valid @> %(today)s AND ({scope})
), numberless AS MATERIALIZED (
    SELECT p.* FROM places JOIN registry_person p ON p.village_id = places.region_id
    WHERE p.kept_as_id IS NULL AND p.id_number_hash IS NULL
    UNION ALL
    SELECT p.* FROM registry_person p
    WHERE %(unplaced)s AND p.village_id IS NULL AND p.kept_as_id IS NULL AND p.id_number_hash IS NULL
), namesakes AS (
    SELECT array_agg(p.id) AS ids FROM places JOIN registry_person p ON p.village_id = places.region_id
    WHERE p.kept_as_id IS NULL AND p.id_number_hash IS NOT NULL
    GROUP BY p.village_id, p.name_key HAVING count(*) > 1
), found AS (
    SELECT n.id AS one_id, p.id AS other_id
    FROM numberless n JOIN registry_person p ON p.village_id = n.village_id AND p.name_key = n.name_key
    WHERE p.kept_as_id IS NULL AND p.id_number_hash IS NOT NULL
    UNION
    SELECT n.id, m.id FROM numberless n
    JOIN numberless m ON m.village_id = n.village_id AND m.name_key = n.name_key AND m.id > n.id
    UNION
    SELECT n.id, p.id FROM numberless n
    JOIN registry_person p ON p.phone_hash = n.phone_hash AND p.name_key = n.name_key AND p.id <> n.id
    WHERE p.kept_as_id IS NULL
      AND (p.village_id IN (SELECT region_id FROM places) OR %(unplaced)s AND p.village_id IS NULL)
    UNION
    SELECT one, other FROM namesakes, unnest(ids) one, unnest(ids) other WHERE one < other
), decided AS (
    SELECT coalesce(f.kept_as_id, f.id) AS one_id, coalesce(s.kept_as_id, s.id) AS other_id
    FROM registry_duplicatedecision d
    JOIN registry_person f ON f.id = d.first_id JOIN registry_person s ON s.id = d.second_id
    WHERE d.verdict = 'different' OR d.at > %(later_since)s
), compared AS (
    SELECT least(a.id, b.id) AS first, greatest(a.id, b.id) AS second,
           bool_or(a.user_id IS NOT NULL AND a.listed_on IS NULL AND a.id_number_hash IS NULL
               OR b.user_id IS NOT NULL AND b.listed_on IS NULL AND b.id_number_hash IS NULL) AS is_account,
           bool_or(coalesce(a.phone_hash = b.phone_hash, false)) AS has_same_phone,
           bool_or(coalesce(a.village_id = b.village_id, false)) AS has_same_village,
           bool_or(coalesce(a.birth_year = b.birth_year, false)) AS has_same_year,
           bool_or(coalesce(a.birth_year <> b.birth_year, false)) AS has_other_year,
           bool_or(a.birth_year IS NULL OR b.birth_year IS NULL) AS lacks_year,
           bool_or(a.sex <> '' AND b.sex <> '' AND a.sex <> b.sex) AS has_other_sex,
           bool_or(a.id_number_hash IS NOT NULL AND b.id_number_hash IS NOT NULL) AS has_numbers
    FROM found JOIN registry_person a ON a.id = found.one_id JOIN registry_person b ON b.id = found.other_id
    GROUP BY 1, 2
)
SELECT first, second, is_account, has_same_phone, has_same_village, has_same_year, lacks_year, has_numbers
FROM compared
WHERE (has_same_phone OR has_same_year OR NOT has_other_year AND NOT has_numbers)
  AND (NOT has_other_sex OR has_numbers)
  AND NOT EXISTS (SELECT FROM decided
                  WHERE least(one_id, other_id) = first AND greatest(one_id, other_id) = second)
ORDER BY second DESC, first DESC LIMIT {most}
"""


def likely_pairs(scopes: Sequence[str], now: datetime | None = None) -> list[LikelyPair]:
    """Return the pairs of records below the places `scopes` that may be one, likeliest and newest first.

    Left out is what somebody called two people, for ever, or put off, for a week. Both records lie within
    the scopes ([""] is everywhere); at most 5,000 pairs are looked at, the newest.
    """
    moment = now or timezone.now()
    condition, codes = _scope_condition(scopes)
    asked: dict[str, Any] = {
        "today": timezone.localdate(moment),
        "unplaced": _holds_unplaced(scopes),
        "later_since": moment - LATER_IS,
        **codes,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS.format(scope=condition, most=MOST_PAIRS), asked)
        rows = cursor.fetchall()
    pairs = [LikelyPair(*facts) for *facts, has_numbers in rows if not has_numbers]
    pairs += _slips([LikelyPair(*facts) for *facts, has_numbers in rows if has_numbers])
    return sorted(pairs, key=lambda pair: (-pair.likelihood, -pair.second, -pair.first))


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


def _slips(pairs: list[LikelyPair]) -> list[LikelyPair]:
    """Keep the pairs whose ID numbers are equal or differ by a slip: two different numbers are two people."""
    people = Person.objects.only("uid", "id_number_sealed").in_bulk(
        {pk for pair in pairs for pk in (pair.first, pair.second)}
    )
    return [
        replace(pair, has_slip=True)
        for pair in pairs
        if is_slip(people[pair.first].id_number, people[pair.second].id_number)
    ]


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
