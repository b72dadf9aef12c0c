"""Correcting a person's record by hand."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from registry.errors import CorrectionWrong, PhoneError
from registry.models import AuditAction, Person, PrivacyRequest, RegionVersion, User
from registry.names import clean_name, compare_key
from registry.phones import clean_phone
from registry.queries.places import version_by_code
from registry.services.audit import record

Field = PrivacyRequest.Field


@transaction.atomic
def correct_person(*, person: Person, field: str, value: str, by: User, now: datetime | None = None) -> bool:
    """Write one corrected field and log which, never what; False when it says so already.

    `value` is as people write it: a village by its code. `OTHER` changes nothing here: staff do it where it
    belongs. Raises CorrectionWrong.
    """
    at = now or timezone.now()
    locked = Person.objects.select_for_update(no_key=True, of=("self",)).get(pk=person.pk)
    changed = _write(locked, Field(field), value.strip(), at)
    if not changed:
        return False
    locked.save(update_fields=changed)
    record(actor=by, action=AuditAction.PERSON_CHANGED, person=locked, detail={"field": str(field)}, now=at)
    return True


def _write(person: Person, field: Field, value: str, at: datetime) -> list[str]:
    """Set the columns of a field; returns those that changed."""
    wanted = {
        Field.NAME: _name,
        Field.BIRTH_YEAR: _birth_year,
        Field.SEX: _sex,
        Field.VILLAGE: _village,
        Field.PHONE: _phone,
        Field.OTHER: lambda person, value, at: {},
    }[field](person, value, at)
    if field == Field.PHONE and wanted and person.phone == wanted["phone"]:
        return []
    changed = [name for name, new in wanted.items() if getattr(person, name) != new]
    for name in changed:
        setattr(person, name, wanted[name])
    return ["phone_sealed", "phone_hash"] if field == Field.PHONE and changed else changed


def _name(person: Person, value: str, at: datetime) -> dict[str, object]:
    name = clean_name(value)
    if sum(character.isalpha() for character in name) < 2:
        raise CorrectionWrong
    return {"name": name, "name_key": compare_key(name)}


def _birth_year(person: Person, value: str, at: datetime) -> dict[str, object]:
    if not value.isdecimal() or not 1900 <= int(value) <= timezone.localdate(at).year:
        raise CorrectionWrong
    return {"birth_year": int(value)}


def _sex(person: Person, value: str, at: datetime) -> dict[str, object]:
    known = {str(label): code for code, label in Person.Sex.choices} | {c: c for c in Person.Sex.values}
    if value not in known:
        raise CorrectionWrong
    return {"sex": known[value]}


def _village(person: Person, value: str, at: datetime) -> dict[str, object]:
    try:
        version = version_by_code(value, timezone.localdate(at))
    except RegionVersion.DoesNotExist:
        raise CorrectionWrong from None
    if version.level != RegionVersion.Level.VILLAGE:
        raise CorrectionWrong
    return {"village_id": version.region_id}


def _phone(person: Person, value: str, at: datetime) -> dict[str, object]:
    try:
        return {"phone": clean_phone(value)}
    except PhoneError:
        raise CorrectionWrong from None
