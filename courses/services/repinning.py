"""Keeping the place of an enrolment true to its day when a change of places is recorded late (E13-E15)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from django.db import connection, transaction
from django.utils import timezone

from courses.models import Enrolment
from registry.models import Region, RegionChange, RegionVersion
from registry.queries.place_now import place_now
from registry.queries.places import COUNTY_CODE_LENGTH, version_on


@transaction.atomic
def repin_enrolments(*, change: RegionChange, replaced: Mapping[int, int]) -> int:
    """Give the enrolments of the change's first day and later the place in force on their day.

    `replaced` are the versions that ended, and those their regions have since. Who enrolled in a place that
    had ended by then belongs to its heir; where nobody can say which one, to the lowest place above it that
    still was (待归属 below that). Earlier enrolments keep their place. Returns how many were moved.
    """
    since = timezone.make_aware(datetime.combine(change.on, time.min))
    ended = _ended_versions(change)
    _lock_counties([*replaced, *ended])
    return _follow_renewed(since, replaced) + _follow_ended(since, ended)


def _ended_versions(change: RegionChange) -> list[int]:
    ended = RegionVersion.objects.filter(
        region__successions__change=change, valid__endswith=change.on
    ).exclude(region__versions__valid__contains=change.on)
    return list(ended.values_list("pk", flat=True).distinct())


def _lock_counties(versions: Iterable[int]) -> None:
    """Wait for those who are enrolling: a place taken meanwhile would keep the version that ended."""
    codes = RegionVersion.objects.filter(pk__in=versions).values_list("code", flat=True)
    counties = RegionVersion.objects.filter(code__in={code[:COUNTY_CODE_LENGTH] for code in codes})
    list(
        Region.objects.select_for_update(no_key=True).filter(pk__in=counties.values("region")).order_by("pk")
    )


def _follow_renewed(since: datetime, replaced: Mapping[int, int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE courses_enrolment SET village_version_id = renewed.new
               FROM unnest(%s::bigint[], %s::bigint[]) AS renewed (old, new)
               WHERE village_version_id = renewed.old AND enrolled_at >= %s""",
            [list(replaced.keys()), list(replaced.values()), since],
        )
        return cursor.rowcount


def _follow_ended(since: datetime, ended: list[int]) -> int:
    found = Enrolment.objects.filter(village_version__in=ended, enrolled_at__gte=since)
    moved = 0
    for enrolment in found.select_related("village_version__region"):
        version = enrolment.village_version
        assert version is not None  # noqa: S101 - the filter says so
        day = timezone.localdate(enrolment.enrolled_at)
        enrolment.village_version = _place_on(version, day)
        enrolment.save(update_fields=["village_version"])
        moved += 1
    return moved


def _place_on(ended: RegionVersion, day: date) -> RegionVersion | None:
    """Return where somebody of a place that ended lived on a day after its end."""
    heir = place_now(ended.region, day, day)
    if heir is not None:
        return version_on(heir, day)
    above = ended.parent
    while above is not None:
        version = version_on(above, day)
        if version is not None:
            return version
        last = above.versions.order_by("-valid").first()
        above = last.parent if last else None
    return None
