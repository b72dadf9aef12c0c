"""Makers for ways in: a keeper, a village, a card, a station's browser."""

from datetime import date

from django.http import HttpResponse
from django.test import Client

from registry.models import Appointment, Person, Region, RegionVersion, User
from registry.services import appoint, issue_card, prove_card, register_device
from registry.services.cards import IssuedCard
from registry.services.cards import choose_pictures as choose
from registry.stations import COOKIE, remember_device
from tests.factories.registry import PersonFactory, RegionVersionFactory, UserFactory

VILLAGE, OTHER_VILLAGE = "431125100006", "431125100007"
PICTURES = ["hen", "corn", "kettle"]


def village_of(code: str) -> Region:
    """The village with this code: the county's if a test has loaded it, else one by itself."""
    version = RegionVersion.objects.filter(code=code).first() or RegionVersionFactory(code=code)
    return version.region


def make_keeper(village: str = VILLAGE, username: str = "keeper") -> User:
    """Somebody who keeps the station of a village since 2020."""
    user = UserFactory(username=username, display_name="示例站长")
    appoint(
        user=user,
        role=Appointment.Role.STATION_KEEPER,
        region=village_of(village),
        since=date(2020, 1, 1),
    )
    return user


def make_villager(village: str = VILLAGE, **fields: object) -> Person:
    """Somebody of the village, without a login."""
    return PersonFactory(village=village_of(village), **fields)


def make_card(person: Person, by: User, pictures: list[str] | None = PICTURES) -> IssuedCard:
    """A card whose pictures are chosen, unless they are None."""
    issued = issue_card(person=person, by=by)
    if pictures:
        choose(card=issued.card, pictures=pictures)
        prove_card(card=issued.card, pictures=pictures)
    return issued


def at_station(keeper: User, village: str = VILLAGE, **options: object) -> Client:
    """A browser on a registered device of the village."""
    _device, token = register_device(name="示例平板", region=village_of(village), by=keeper)
    response = HttpResponse()
    remember_device(response, token)
    client = Client(**options)
    client.cookies[COOKIE] = response.cookies[COOKIE].value
    return client


def press(client: Client, path: str, pictures: list[str], **extra: str):
    """Press pictures one after another and return the last answer."""
    picked: list[str] = []
    for picture in pictures:
        answer = client.post(path, {"picked": ",".join(picked), "picture": picture, **extra})
        picked.append(picture)
    return answer
