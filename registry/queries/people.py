"""Finding people."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from registry import sealing
from registry.models import Person, Region, SentMail, SentMessage, User
from registry.queries.sign_in import people_with_bare_login


def root_of(person: Person) -> Person:
    """Return the record that stands for the human being: `person`, or what she was absorbed into."""
    return person.kept_as or person


def records_of(person: Person) -> QuerySet[Person]:
    """Return every record of the human being behind `person`: the one that stands for her, all absorbed."""
    root = person.kept_as_id or person.pk
    return Person.objects.filter(Q(pk=root) | Q(kept_as=root))


def records_of_user(user: User) -> QuerySet[Person, Any]:
    """Return the keys of every record of whoever signs in as `user`, for `person__in=`; by indexes alone."""
    roots = Person.objects.filter(user=user).values(root=Coalesce("kept_as", "pk"))
    absorbed = Person.objects.filter(kept_as__in=roots).values("pk")
    return Person.objects.filter(pk__in=roots).values("pk").union(absorbed, all=True)


def is_same_person(first: Person | None, second: Person | None) -> bool:
    """Tell whether two records are known to be one human being; nobody is nobody."""
    if first is None or second is None:
        return False
    return (first.kept_as_id or first.pk) == (second.kept_as_id or second.pk)


def person_by_id_number(number: str) -> Person | None:
    """Return the human being with that ID number (18 characters), by whichever index key it was hashed."""
    found = Person.objects.filter(id_number_hash__in=sealing.lookup_hashes(number, purpose="id_number"))
    record = found.select_related("kept_as").order_by("pk").first()
    return root_of(record) if record else None


def village_of(person: Person) -> Region | None:
    """Return where the human being lives: the village on her newest roster, else what she said herself."""
    root = person.kept_as_id or person.pk
    records = [record for record in records_of(person).select_related("village") if record.village_id]
    records.sort(key=lambda record: (str(record.listed_on or ""), record.pk == root, -record.pk))
    return records[-1].village if records else None


def user_by_phone(phone: str) -> User | None:
    """Return the login of a number in E.164, proven or not."""
    hashes = sealing.lookup_hashes(phone, purpose="phone")
    return User.objects.filter(phone_hash__in=hashes).order_by("pk").first()


def person_of(user: object) -> Person | None:
    """Return the person who signs in as `user`; None for visitors and for staff who learn nothing.

    Of somebody with several records and logins it is the same one for each login.
    """
    if not isinstance(user, User) or not user.pk:
        return None
    records = Person.objects.filter(user=user).select_related("village", "kept_as__village")
    record = records.first()
    return root_of(record) if record else None


def people_to_link(user: User) -> list[Person]:
    """Return roster people with an ID number who bear the user's proven phone and have no login yet.

    A phone alone proves nothing: families and stations share one. A record merged with one that has a login
    has one.
    """
    if not user.phone_verified or not user.phone:
        return []
    has_login = Exists(Person.objects.filter(kept_as=OuterRef("pk"), user__isnull=False))
    return list(
        Person.objects.filter(
            ~has_login,
            phone_hash__in=sealing.lookup_hashes(user.phone, purpose="phone"),
            user__isnull=True,
            kept_as__user__isnull=True,
            id_number_sealed__isnull=False,
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


def sent_letters(limit: int = 30) -> list[SentMail]:
    """Return the newest letters of the demo's outbox."""
    return list(SentMail.objects.all()[:limit])


def sent_messages(limit: int = 30) -> list[SentMessage]:
    """Return the newest text messages of the demo's outbox."""
    return list(SentMessage.objects.all()[:limit])
