"""Logins by phone, and the link between a login and a person of the roster."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from registry import sealing
from registry.errors import LinkClosed, LinkWrong
from registry.models import Person, User
from registry.queries.people import people_to_link

LINK_TRIES = 5
LINK_PAUSE = timedelta(days=1)
_UNPROVEN_FOR = timedelta(days=1)


def user_by_phone(phone: str) -> User | None:
    """Return the login that owns a number in E.164."""
    return User.objects.filter(phone_hash=sealing.lookup_hash(phone, purpose="phone")).first()


def user_for_phone(phone: str) -> User:
    """Return the login for a number, made now if it is new.

    A new login has no password and an unproven phone: only the code sent to the number opens it. Known and
    unknown numbers therefore take the same way, and nobody learns which is which.
    """
    existing = user_by_phone(phone)
    if existing:
        return existing
    user = User(phone_verified=False)
    user.username = f"p{user.uid.hex[:20]}"
    user.set_unusable_password()
    user.phone = phone
    # Two requests at the same moment: the unique hash decides, the loser finds the winner's row.
    User.objects.bulk_create([user], ignore_conflicts=True)
    found = user_by_phone(phone)
    assert found is not None  # noqa: S101 - one of the two has just made it
    return found


@transaction.atomic
def prove_phone(*, user: User, phone: str) -> None:
    """Keep that `user` has shown to hold `phone`."""
    user.phone = phone
    user.phone_verified = True
    user.save(update_fields=["phone_sealed", "phone_hash", "phone_verified"])


def forget_unproven_users(now: datetime | None = None) -> int:
    """Delete logins whose number nobody has proven for a day; returns how many."""
    limit = (now or timezone.now()) - _UNPROVEN_FOR
    unproven = User.objects.filter(
        phone_hash__isnull=False,
        phone_verified=False,
        last_login__isnull=True,
        date_joined__lt=limit,
        person__isnull=True,
        is_staff=False,
        is_superuser=False,
        appointments__isnull=True,
    )
    count, _by_model = unproven.delete()
    return count


def link_person(*, user: User, last_four: str, now: datetime | None = None) -> Person:
    """Link `user` to the roster person with her phone whose ID number ends in `last_four`.

    Raises `LinkWrong`, which does not tell whether anybody was found, and `LinkClosed` after five of them
    within a day. A user with a person gets that one.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        existing = Person.objects.filter(user=locked).first()
        if existing:
            return existing
        if is_link_closed(locked, moment):
            raise LinkClosed
        person = _match(locked, last_four)
        if person:
            _link(locked, person)
            user.display_name = locked.display_name
            return person
        _count_failure(locked, moment)
    raise LinkWrong


def is_link_closed(user: User, now: datetime | None = None) -> bool:
    """Tell whether `user` has used up her tries for now."""
    return user.link_closed_until is not None and (now or timezone.now()) < user.link_closed_until


def _match(user: User, last_four: str) -> Person | None:
    wanted = last_four.strip().upper()
    found = [person for person in people_to_link(user) if person.id_number[-4:] == wanted]
    # Two people with one phone and the same ending: nothing here may choose between them.
    return found[0] if len(found) == 1 and len(wanted) == 4 else None


def _link(user: User, person: Person) -> None:
    person.user = user
    person.save(update_fields=["user"])
    user.display_name = person.name
    user.link_failures = 0
    user.link_closed_until = None
    user.save(update_fields=["display_name", "link_failures", "link_closed_until"])


def _count_failure(user: User, now: datetime) -> None:
    user.link_failures += 1
    if user.link_failures >= LINK_TRIES:
        user.link_failures = 0
        user.link_closed_until = now + LINK_PAUSE
    user.save(update_fields=["link_failures", "link_closed_until"])
