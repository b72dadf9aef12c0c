"""Writing a run-of-show. A version a rehearsal went by stays; the next change makes a copy of it."""

import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.uploads import CheckedFile
from livestream.blueprints import Blueprint
from livestream.errors import LastSegment, TooManyProducts, TooManySegments, UnknownPart
from livestream.models import ProductCard, RunOfShow, RunSegment, RunVersion
from registry.models import Person

MAX_SEGMENTS = 80
MAX_PRODUCTS = 20


@transaction.atomic
def start_run(
    *, person: Person, blueprint: Blueprint, client_token: uuid.UUID, now: datetime | None = None
) -> RunOfShow:
    """Begin a run-of-show from a blueprint; the same token again returns the same one."""
    now = now or timezone.now()
    run, is_new = RunOfShow.objects.get_or_create(
        person=person, client_token=client_token, defaults={"created_at": now}
    )
    if not is_new:
        return run
    version = RunVersion.objects.create(run=run, number=1, title=str(blueprint.title), saved_at=now)
    products = [
        ProductCard(version=version, position=number, name=_("Product %(number)d") % {"number": number})
        for number in range(1, blueprint.product_count + 1)
    ]
    ProductCard.objects.bulk_create(products)
    RunSegment.objects.bulk_create(
        RunSegment(
            version=version,
            position=position,
            kind=planned.kind,
            planned_seconds=planned.seconds,
            cue=str(planned.cue),
            product=products[planned.product - 1] if planned.product else None,
        )
        for position, planned in enumerate(blueprint.segments, 1)
    )
    return run


@transaction.atomic
def rename_run(*, run: RunOfShow, title: str, now: datetime | None = None) -> RunVersion:
    """Give the run-of-show another title."""
    version = _version_to_change(run, now)
    version.title = title
    version.save(update_fields=["title"])
    return version


@transaction.atomic
def put_away(*, run: RunOfShow, now: datetime | None = None) -> None:
    """Take a run-of-show out of the list; rehearsals that used it keep it."""
    RunOfShow.objects.filter(pk=run.pk, put_away_at__isnull=True).update(put_away_at=now or timezone.now())


@transaction.atomic
def save_segment(
    *, run: RunOfShow, key: uuid.UUID, values: dict[str, Any], now: datetime | None = None
) -> RunSegment:
    """Write a segment's kind, planned_seconds, script, cue and product (a card's key or None).

    A key the version does not know is a new segment at the end, so that sending twice makes one.
    Raises TooManySegments.
    """
    version = _version_to_change(run, now)
    product = version.products.filter(key=values["product"]).first() if values["product"] else None
    written = {**values, "product": product}
    segment = version.segments.filter(key=key).first()
    if segment is None:
        if version.segments.count() >= MAX_SEGMENTS:
            raise TooManySegments(MAX_SEGMENTS)
        return RunSegment.objects.create(
            version=version, key=key, position=_last_position(version.segments) + 1, **written
        )
    for field, value in written.items():
        setattr(segment, field, value)
    segment.save()
    return segment


@transaction.atomic
def move_segment(*, run: RunOfShow, key: uuid.UUID, places: int, now: datetime | None = None) -> None:
    """Move a segment up (-1) or down (+1); at the end of the list nothing happens. Raises UnknownPart."""
    version = _version_to_change(run, now)
    segments = list(version.segments.order_by("position"))
    here = next((index for index, segment in enumerate(segments) if segment.key == key), None)
    if here is None:
        raise UnknownPart
    there = min(max(here + places, 0), len(segments) - 1)
    segments.insert(there, segments.pop(here))
    for position, segment in enumerate(segments, 1):
        segment.position = position
    RunSegment.objects.bulk_update(segments, ["position"])


@transaction.atomic
def remove_segment(*, run: RunOfShow, key: uuid.UUID, now: datetime | None = None) -> None:
    """Take a segment out; one that is gone already is fine. Raises LastSegment."""
    version = _version_to_change(run, now)
    segment = version.segments.filter(key=key).first()
    if segment is None:
        return
    if version.segments.count() == 1:
        raise LastSegment
    segment.delete()
    version.segments.filter(position__gt=segment.position).update(position=F("position") - 1)


@transaction.atomic
def save_product(
    *,
    run: RunOfShow,
    key: uuid.UUID,
    values: dict[str, Any],
    picture: CheckedFile | None = None,
    now: datetime | None = None,
) -> ProductCard:
    """Write a product card; a key the version does not know is a new card. Raises TooManyProducts."""
    version = _version_to_change(run, now)
    card = version.products.filter(key=key).first()
    if card is None:
        if version.products.count() >= MAX_PRODUCTS:
            raise TooManyProducts(MAX_PRODUCTS)
        card = ProductCard(version=version, key=key, position=_last_position(version.products) + 1)
    for field, value in values.items():
        setattr(card, field, value)
    if picture and picture.sha256 != card.picture_sha256:
        card.picture_sha256 = picture.sha256
        card.picture.save(f"{picture.sha256}{picture.suffix}", picture.content, save=False)  # type: ignore[arg-type]
    card.save()
    return card


@transaction.atomic
def remove_product(*, run: RunOfShow, key: uuid.UUID, now: datetime | None = None) -> None:
    """Take a card out; its segments stay, without a product."""
    _version_to_change(run, now).products.filter(key=key).delete()


@transaction.atomic
def forget_runs(*, person: Person) -> None:
    """Take away what a deleted person wrote for her broadcasts, pictures included."""
    cards = ProductCard.objects.filter(version__run__person=person).exclude(picture="")
    pictures = [card.picture for card in cards]
    RunVersion.objects.filter(run__person=person).delete()
    RunOfShow.objects.filter(person=person).delete()
    for picture in pictures:
        transaction.on_commit(partial(picture.storage.delete, picture.name or ""))


def _version_to_change(run: RunOfShow, now: datetime | None) -> RunVersion:
    """Lock the run-of-show and return its newest version, or a copy of it when a rehearsal used it."""
    RunOfShow.objects.select_for_update().get(pk=run.pk)
    newest: RunVersion = run.versions.order_by("-number")[0]
    now = now or timezone.now()
    if newest.used_at is None:
        newest.saved_at = now
        newest.save(update_fields=["saved_at"])
        return newest
    copy = RunVersion.objects.create(run=run, number=newest.number + 1, title=newest.title, saved_at=now)
    cards = {card.pk: _copied(card, copy) for card in newest.products.all()}
    ProductCard.objects.bulk_create(cards.values())
    RunSegment.objects.bulk_create(
        _copied(segment, copy, product=cards.get(segment.product_id or 0))
        for segment in newest.segments.all()
    )
    return copy


def _copied(row: Any, version: RunVersion, **other: Any) -> Any:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields["id"], fields["version_id"]
    if "product" in other:
        del fields["product_id"]
    return type(row)(version=version, **fields, **other)


def _last_position(rows: Any) -> int:
    return rows.aggregate(last=Max("position"))["last"] or 0
