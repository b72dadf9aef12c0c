"""People who tell us about themselves."""

from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import IntegerField, Max
from django.db.models.functions import Cast, Substr
from django.utils import timezone

from registry.id_numbers import IdNumber
from registry.models import AuditAction, Person, Region, User
from registry.names import clean_name, compare_key
from registry.queries.people import person_of
from registry.queries.places import county_of
from registry.services.audit import record


@transaction.atomic
def register_self(
    *,
    user: User,
    name: str,
    village: Region | None,
    sex: str = "",
    birth_year: int | None = None,
    now: datetime | None = None,
) -> Person:
    """Make the person behind `user` from what she says herself; a second call returns the first person.

    Until her card is seen she bears a temporary number of her county (domain brief, section 3).
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    existing = person_of(user)
    if existing:
        return existing
    today = timezone.localdate(now)
    person = Person(
        user=user,
        name=clean_name(name),
        name_key=compare_key(name),
        sex=sex,
        birth_year=birth_year,
        village=village,
        identity_level=Person.IdentityLevel.DECLARED,
    )
    if user.phone_verified:
        person.phone = user.phone
        person.phone_owner = Person.PhoneOwner.OWN
    person.temporary_number = next_temporary_number(county_code=_county_code(village, today), year=today.year)
    person.save()
    name_login(user, person)
    record(actor=user, action=AuditAction.PERSON_REGISTERED, person=person, now=now)
    return person


def register_listed(
    *, name: str, id_number: IdNumber | None, village: Region, county_code: str, now: datetime
) -> Person:
    """Make the person an old paper list names: what she was is declared, for no register vouches for it.

    Without an ID number she bears a temporary number of the county that keeps the list. The caller has looked
    whether she is on record, and writes the log.
    """
    person = Person(
        name=clean_name(name),
        name_key=compare_key(name),
        sex=id_number.sex if id_number else "",
        birth_year=id_number.birth_date.year if id_number else None,
        village=village,
        identity_level=Person.IdentityLevel.DECLARED,
    )
    if id_number:
        person.id_number = id_number.number
    else:
        year = timezone.localdate(now).year
        person.temporary_number = next_temporary_number(county_code=county_code, year=year)
    person.save()
    return person


def next_temporary_number(*, county_code: str, year: int) -> str:
    """Return the county's next number T-431125-2026-00037; call it in the transaction that stores it.

    A lock until that transaction ends keeps the numbers unique and without gaps. Nothing that could be
    locked for it exists as a row.
    """
    prefix = f"T-{county_code}-{year}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [prefix])
    serial = Cast(Substr("temporary_number", len(prefix) + 1), IntegerField())
    given = Person.objects.filter(temporary_number__startswith=prefix)
    last = given.aggregate(last=Max(serial))["last"] or 0
    return f"{prefix}{last + 1:05d}"


def name_login(user: User, person: Person) -> None:
    """Show the login under the name of its person from now on."""
    User.objects.filter(pk=user.pk).update(display_name=person.name)
    user.display_name = person.name


def _county_code(village: Region | None, on: date) -> str:
    county = county_of(village, on) if village else None
    return county.code if county else settings.HOME_COUNTY
