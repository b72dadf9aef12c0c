"""People who tell us about themselves."""

from django.db import transaction

from registry.models import Person, Region, User
from registry.names import clean_name, compare_key


@transaction.atomic
def register_self(
    *, user: User, name: str, village: Region | None, sex: str = "", birth_year: int | None = None
) -> Person:
    """Make the person behind `user` from what she says herself; a second call returns the first person."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    existing = Person.objects.filter(user=user).first()
    if existing:
        return existing
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
    person.save()
    User.objects.filter(pk=user.pk).update(display_name=person.name)
    user.display_name = person.name
    return person
