"""A log of a few entries for tests, and statements past the ORM."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from registry.models import AuditAction
from registry.services import record
from tests.factories.privacy import make_person, make_user, make_village

NOW = datetime(2026, 6, 1, 8, 30, 0, 123456, tzinfo=UTC)


def fill_log(entries=6):
    actor, person = make_user(), make_person(village=make_village())
    return [
        record(
            actor=actor if number % 3 else None,
            action=AuditAction.PHONE_REVEALED,
            person=person if number % 2 else None,
            detail={"reason": f"核对{number}", "count": number, "list": [None, True, {"a": "b"}]},
            now=NOW + timedelta(minutes=number),
        )
        for number in range(entries)
    ]


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
