"""Run-of-show as its host reads it."""

import uuid
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, Sum

from livestream.models import ProductCard, RunOfShow, RunSegment, RunVersion
from livestream.pace import speaking_seconds
from livestream.risky_words import RiskyWord, risky_words
from registry.models import Person


@dataclass(frozen=True)
class SheetLine:
    """A segment with what is worked out about it: when it begins, how long its words take, risky words."""

    segment: RunSegment
    starts_at: int
    spoken_seconds: int
    risky: list[RiskyWord]

    @property
    def is_too_long(self) -> bool:
        """Whether the words alone take longer than planned."""
        return self.spoken_seconds > self.segment.planned_seconds

    @property
    def ends_at(self) -> int:
        """The second of the broadcast it ends."""
        return self.starts_at + self.segment.planned_seconds


@dataclass(frozen=True)
class RunSheet:
    """A version in full."""

    version: RunVersion
    lines: list[SheetLine]
    products: list[ProductCard]

    @property
    def seconds(self) -> int:
        """Planned length in all."""
        return self.lines[-1].ends_at if self.lines else 0

    @property
    def red_count(self) -> int:
        """How many red risky words its scripts hold."""
        return sum(word.is_red for line in self.lines for word in line.risky)


def runs_of(person: Person) -> QuerySet[RunOfShow]:
    """Return her runs-of-show, newest first, with `title`, `segment_count`, `seconds` as now written."""
    newest = (
        RunVersion.objects.filter(run=OuterRef("pk"))
        .order_by("-number")
        .annotate(segment_count=Count("segments"), seconds=Sum("segments__planned_seconds"))
    )
    return RunOfShow.objects.filter(person=person, put_away_at__isnull=True).annotate(
        title=Subquery(newest.values("title")[:1]),
        segment_count=Subquery(newest.values("segment_count")[:1]),
        seconds=Subquery(newest.values("seconds")[:1]),
    )


def run_of(person: Person, uid: uuid.UUID) -> RunOfShow | None:
    """Return her run-of-show; None for one that is not hers, put away or not there."""
    return RunOfShow.objects.filter(person=person, uid=uid, put_away_at__isnull=True).first()


def run_sheet(run: RunOfShow, number: int | None = None) -> RunSheet:
    """Return a version (the newest) with all that its sheet shows. Raises RunVersion.DoesNotExist."""
    versions = run.versions.prefetch_related(
        Prefetch("products", ProductCard.objects.order_by("position")),
        Prefetch("segments", RunSegment.objects.order_by("position").select_related("product")),
    )
    version = versions.get(number=number) if number else versions.order_by("-number")[0]
    segments = list(version.segments.all())
    starts = [0]
    for segment in segments:
        starts.append(starts[-1] + segment.planned_seconds)
    lines = [
        SheetLine(segment, begin, speaking_seconds(segment.script), risky_words(segment.script))
        for segment, (begin, _end) in zip(segments, pairwise(starts), strict=True)
    ]
    return RunSheet(version, lines, list(version.products.all()))
