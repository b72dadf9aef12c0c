"""Finding cards, station devices and the people somebody may help to sign in."""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from registry.models import Person, RegionVersion, SignInCard, StationDevice, User
from registry.names import compare_key
from registry.queries.places import in_subtree
from registry.sealing import lookup_hashes

BARE_LOGIN = "person-"  # how the user names of logins begin that were made for a card or with help


def token_hash(token: str) -> bytes:
    """Return what is kept of a random token of 128 bits: it has too many possibilities to need a key."""
    return hashlib.sha256(token.encode()).digest()


def card_by_token(token: str) -> SignInCard | None:
    """Return the card with this QR code, good or not."""
    return SignInCard.objects.filter(token_hash=token_hash(token)).first()


def card_by_number(number: str) -> SignInCard | None:
    """Return the card with this number, good or not."""
    return SignInCard.objects.filter(number=number).first()


def good_card_of(user: User | None) -> SignInCard | None:
    """Return the card that opens the login."""
    return SignInCard.objects.filter(user=user, cancelled_at=None).first() if user else None


def device_by_token(token: str) -> StationDevice | None:
    """Return the station device with this cookie, unless it was revoked."""
    return StationDevice.objects.filter(token_hash=token_hash(token), revoked_at=None).first()


def devices_in(scopes: Iterable[str], on: date) -> QuerySet[StationDevice]:
    """Return the station devices of these regions with the name of their place, revoked ones last."""
    devices = StationDevice.objects.filter(region__in=_regions_in(scopes, on).values("region"))
    return devices.annotate(place=_name_of("region", on)).select_related("registered_by")


def places_in(scopes: Iterable[str], on: date) -> QuerySet[RegionVersion]:
    """Return the towns and villages of these regions, by code."""
    levels = (RegionVersion.Level.TOWN, RegionVersion.Level.VILLAGE)
    return _regions_in(scopes, on).filter(level__in=levels).order_by("code")


def people_to_help(scopes: list[str], on: date, *, name: str = "") -> QuerySet[Person]:
    """Return the people who live in these regions, by name, with village and whether a card is good.

    Who has no village belongs to the home county; who has several records is listed once, as kept.
    """
    home = (
        Q(village=None) if any(settings.HOME_COUNTY.startswith(scope) for scope in scopes) else Q(pk__in=[])
    )
    lives_here = Q(village__in=_regions_in(scopes, on).values("region")) | home
    people = Person.objects.filter(lives_here, kept_as=None)
    if name:
        people = people.filter(name_key__startswith=compare_key(name))
    good = SignInCard.objects.filter(user=OuterRef("user"), cancelled_at=None)
    return (
        people.annotate(place=_name_of("village", on), has_card=Exists(good))
        .select_related("user")
        .order_by("name_key", "pk")
    )


def people_with_bare_login(user: User) -> list[Person]:
    """Return roster people with an ID number and the user's proven phone whose login has no number.

    A card was issued to them before they signed in with the phone: that login stays, and gets the number.
    """
    if not user.phone_verified or not user.phone:
        return []
    found = Person.objects.filter(
        phone_hash__in=lookup_hashes(user.phone, purpose="phone"),
        user__phone_hash=None,
        user__is_active=True,
        user__username__startswith=BARE_LOGIN,
        id_number_sealed__isnull=False,
        kept_as=None,
    )
    return list(found.select_related("user").order_by("pk"))


def _regions_in(scopes: Iterable[str], on: date) -> QuerySet[RegionVersion]:
    inside = Q(pk__in=[])
    for scope in scopes:
        inside |= in_subtree(scope) if scope else ~Q(pk__in=[])
    return RegionVersion.objects.filter(inside, valid__contains=on)


def _name_of(region: str, on: date) -> Subquery:
    versions = RegionVersion.objects.filter(region=OuterRef(region), valid__contains=on)
    return Subquery(versions.values("name")[:1])
