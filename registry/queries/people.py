"""Finding people."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser

from registry import sealing
from registry.models import Person, SentMessage, User
from registry.queries.sign_in import people_with_bare_login


def user_by_phone(phone: str) -> User | None:
    """Return the login of a number in E.164, proven or not."""
    return User.objects.filter(phone_hash=sealing.lookup_hash(phone, purpose="phone")).first()


def person_of(user: object) -> Person | None:
    """Return the person who signs in as `user`; None for visitors and for staff who learn nothing."""
    if not isinstance(user, User) or not user.pk:
        return None
    return Person.objects.filter(user=user).select_related("village").first()


def people_to_link(user: User) -> list[Person]:
    """Return roster people with an ID number who bear the user's proven phone and have no login yet.

    A phone alone proves nothing: families and stations share one.
    """
    if not user.phone_verified or user.phone_hash is None:
        return []
    return list(
        Person.objects.filter(
            phone_hash=user.phone_hash, user__isnull=True, id_number_sealed__isnull=False
        ).order_by("pk")
    )


def is_link_closed(user: User, now: datetime) -> bool:
    """Tell whether too many wrong answers keep `user` from linking for now."""
    return user.link_closed_until is not None and user.link_closed_until > now


def first_step_of(user: User) -> str | None:
    """Return the page that tells us who a new login is: linking, else registering; None when we know.

    Officials and teachers are known by their appointment.
    """
    if not user.phone_verified or person_of(user) or user.is_superuser or user.appointments.exists():
        return None
    return introduction_of(user)


def introduction_of(user: User | AnonymousUser) -> str:
    """Return the page where a login without a person says who she is: linking if a roster may hold her."""
    is_listed = isinstance(user, User) and (people_to_link(user) or people_with_bare_login(user))
    return "registry:link_person" if is_listed else "registry:register"


def sent_messages(limit: int = 30) -> list[SentMessage]:
    """Return the newest text messages of the demo's outbox."""
    return list(SentMessage.objects.all()[:limit])
