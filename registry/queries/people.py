"""Finding people."""

from registry.models import Appointment, Person, User


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


def needs_introduction(user: object) -> bool:
    """Tell whether we do not know yet who this learner is; staff and superusers are known otherwise."""
    if not isinstance(user, User) or user.is_superuser or person_of(user):
        return False
    return not Appointment.objects.filter(user=user).exists()
