"""What was planned, beside what was reached."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from county.counting import CountRow
from county.maps import Asked
from county.models import Target
from county.plan import Progress
from county.queries.counts import answer
from county.queries.regions import regions_bearing


def targets_of(regions: Iterable[int], year: int) -> QuerySet[Target]:
    """Return every line about the targets of some regions in a year, the replaced ones too."""
    found = Target.objects.filter(region__in=list(regions), year=year)
    return found.select_related("set_by").order_by("-set_at", "-pk")


def progress_of(region_code: str, year: int, reached: CountRow) -> list[Progress]:
    """Return each measure of a region with its target of the year, if there is one."""
    regions = regions_bearing([region_code], year).values()
    held = targets_of(regions, year).filter(replaced_at=None)
    planned = dict(held.values_list("measure", "value"))
    return [
        Progress(measure.value, str(measure.label), getattr(reached, measure.value), planned.get(measure))
        for measure in Target.Measure
    ]


@dataclass(frozen=True)
class PlaceProgress:
    """A place with each measure of its year."""

    code: str
    name: str
    progress: list[Progress]


@dataclass(frozen=True)
class Plan:
    """The plan of a region and of the places directly below it, and every line about it."""

    rows: list[PlaceProgress]
    lines: list[tuple[str, Target]]  # the name of the place with each line, the newest first

    @property
    def places(self) -> list[tuple[str, str]]:
        """The places a target can be set for."""
        return [(row.code, row.name) for row in self.rows]


def plan_of(region_code: str, year: int, today: date) -> Plan:
    """Return the plan of a year with what was reached of it; the questions do not grow with its places."""
    levels = {6: "town", 9: "village", 2: "county", 4: "county"}
    asked = Asked(region_code, date(year, 1, 1), date(year, 12, 1), today=today)
    counted = answer(asked, levels.get(len(region_code)))
    below = [row for row in counted.rows if row.key and len(row.key) > len(region_code)]
    reached = [counted.total.named(region_code, counted.region_name), *below]
    regions = regions_bearing([row.key for row in reached], year)
    lines = list(targets_of(regions.values(), year))
    held = {(one.region_id, one.measure): one.value for one in lines if one.replaced_at is None}
    rows = [
        PlaceProgress(
            row.key,
            row.label,
            [
                Progress(
                    measure.value,
                    str(measure.label),
                    getattr(row, measure.value),
                    held.get((regions.get(row.key, 0), measure.value)),
                )
                for measure in Target.Measure
            ],
        )
        for row in reached
    ]
    names = {regions[row.key]: row.label for row in reached if row.key in regions}
    return Plan(rows, [(names[one.region_id], one) for one in lines])
