"""Logins that begin with a phone number."""

from django.db import IntegrityError, transaction

from registry.masking import mask_phone
from registry.models import AuditAction, User
from registry.queries.people import person_of, user_by_phone
from registry.services.audit import record


def open_login(*, phone: str) -> User:
    """Return the login of `phone` (E.164), made without a password if it is new.

    A new login proves nothing and can do nothing until a code sent to the number has come back.
    """
    existing = user_by_phone(phone)
    if existing:
        return existing
    user = User(display_name=mask_phone(phone))
    user.username = f"phone-{user.uid}"
    user.phone = phone
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # the same number at the same moment
        return User.objects.get(phone_hash=user.phone_hash)
    return user


@transaction.atomic
def set_phone(*, user: User, phone: str, is_verified: bool) -> None:
    """Keep `phone` as the number of `user`, and whether she has proven that she reads its messages."""
    known = user.phone
    if known != phone:
        user.phone = phone
    user.phone_verified = is_verified
    user.save(update_fields=["phone_sealed", "phone_hash", "phone_verified"])
    if known and known != phone:
        record(actor=user, action=AuditAction.LOGIN_PHONE_CHANGED, person=person_of(user))
