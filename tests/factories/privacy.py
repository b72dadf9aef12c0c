"""Short ways to people, staff and places for tests of the log, of revealing, keys and consent."""

import itertools
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from registry.models import Appointment, Person, Region, RegionVersion, User

_numbers = itertools.count(1)
ID_NUMBER = "990000199001010025"
PHONE = "+8613800000000"


def make_village(code: str = "") -> Region:
    """Return a village that bears `code` for ever."""
    region = Region.objects.create()
    RegionVersion.objects.create(
        region=region,
        code=code or f"{990000100000 + next(_numbers)}",
        name="示例村",
        level=5,
        valid=DateRange(None, None),
        source="test",
    )
    return region


def make_user(**fields: object) -> User:
    """Return somebody who can sign in."""
    return User.objects.create(username=f"privacy-{next(_numbers)}", **fields)


def make_officer(region: Region) -> User:
    """Return a member of the county office of `region` since 2020."""
    user = make_user()
    Appointment.objects.create(
        user=user, role=Appointment.Role.OFFICE, region=region, valid=DateRange(date(2020, 1, 1), None)
    )
    return user


def make_person(**fields: object) -> Person:
    """Return 学员甲, with what is given."""
    person = Person(**{"name": "学员甲", "name_key": "学员甲", "birth_year": 1990, **fields})
    person.save()
    return person
