"""Joining a login to the person on the county's list, by a question only she can answer."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from registry.errors import LinkClosed, LinkNeedsName, LinkWrong, RegistryError
from registry.models import AuditAction, Person, User
from registry.names import compare_key
from registry.queries.people import is_link_closed, people_to_link, person_of
from registry.queries.sign_in import BARE_LOGIN, people_with_bare_login
from registry.services.audit import record
from registry.services.logins import set_phone
from registry.services.people import name_login

WRONG_ANSWERS = 5
CLOSED_FOR = timedelta(days=1)


def link_person(*, user: User, last_four: str, name: str = "", now: datetime | None = None) -> Person:
    """Join `user` to the person with her phone whose ID number ends in `last_four`, once.

    Somebody who had a card before keeps that login: it gets the number, and `person.user` is not `user`.

    The phone alone never links: families and stations share one. Raises `LinkNeedsName` when two people
    answer to both, `LinkWrong` for any other misfit whatever its cause, and `LinkClosed` from the fifth
    wrong answer until a day later.
    """
    with transaction.atomic():
        outcome = _answer(user, last_four, name, now or timezone.now())
    if isinstance(outcome, RegistryError):  # raised out here, so that the counting is kept
        raise outcome
    return outcome


def _answer(user: User, last_four: str, name: str, now: datetime) -> Person | RegistryError:
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    existing = person_of(locked)
    if existing:
        return existing
    if is_link_closed(locked, now):
        return LinkClosed()
    listed = [*people_to_link(locked), *people_with_bare_login(locked)]
    fitting = [person for person in listed if person.id_number[-4:] == last_four.upper()]
    if len(fitting) > 1:
        if not name:
            return LinkNeedsName()
        fitting = [person for person in fitting if person.name_key == compare_key(name)]
    person = _lock_if_free(fitting[0]) if len(fitting) == 1 else None
    if person is None:
        return _count_wrong_answer(locked, now)
    return _link(user, person, now) if person.user is None else _hand_over_number(locked, person)


def _lock_if_free(person: Person) -> Person | None:
    # Two logins can hold the answer at once only if the phone changed hands meanwhile.
    bare = Q(user__phone_hash__isnull=True, user__username__startswith=BARE_LOGIN)
    free = Q(user__isnull=True) | bare
    return Person.objects.select_for_update(of=["self"]).filter(free, pk=person.pk).first()


def _link(user: User, person: Person, now: datetime) -> Person:
    person.user = user
    person.identity_level = max(person.identity_level, Person.IdentityLevel.MATCHED)
    person.save(update_fields=["user", "identity_level"])
    User.objects.filter(pk=user.pk).update(link_failures=0, link_closed_until=None)
    name_login(user, person)
    record(actor=user, action=AuditAction.ACCOUNT_LINKED, person=person, now=now)
    return person


def _hand_over_number(user: User, person: Person) -> Person:
    """Give the number to the login she has from her card, and close the new one: one person, one login."""
    phone, login = user.phone, person.user
    set_phone(user=user, phone="", is_verified=False)
    User.objects.filter(pk=user.pk).update(is_active=False)
    set_phone(user=login, phone=phone, is_verified=True)  # type: ignore[arg-type]
    person.identity_level = max(person.identity_level, Person.IdentityLevel.MATCHED)
    person.save(update_fields=["identity_level"])
    return person


def _count_wrong_answer(user: User, now: datetime) -> RegistryError:
    user.link_failures += 1
    is_last = user.link_failures >= WRONG_ANSWERS
    if is_last:
        user.link_failures = 0
        user.link_closed_until = now + CLOSED_FOR
    user.save(update_fields=["link_failures", "link_closed_until"])
    return LinkClosed() if is_last else LinkWrong()
