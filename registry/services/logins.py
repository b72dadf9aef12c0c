"""Logins: opened for a phone number or for a person, and given a new number."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from registry.errors import PhoneTaken, ReasonMissing, StaffSignsInHerself
from registry.masking import mask_phone
from registry.models import AuditAction, Person, User
from registry.permissions import holds_any_role
from registry.queries.people import person_of, records_of, root_of, user_by_phone
from registry.queries.sign_in import BARE_LOGIN
from registry.services.audit import record

_REASON_LENGTH = 4


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


@transaction.atomic
def login_for(*, person: Person) -> User:
    """Return the login of `person`, made without number and password if she has none: never a second person.

    The login of any of her records is hers. Raises `StaffSignsInHerself` when she holds a role.
    """
    locked = Person.objects.select_for_update(of=["self"]).select_related("user").get(pk=root_of(person).pk)
    user = locked.user or User.objects.filter(person__in=records_of(locked)).order_by("pk").first()
    if user is None:
        user = User(display_name=locked.name)
        user.username = f"{BARE_LOGIN}{user.uid}"
        user.set_unusable_password()
        user.save()
        locked.user = user
        locked.save(update_fields=["user"])
    if holds_any_role(user):
        raise StaffSignsInHerself
    return user


@transaction.atomic
def replace_phone(
    *,
    person: Person,
    phone: str,
    by: User,
    reason: str,
    request: HttpRequest | None = None,
    now: datetime | None = None,
) -> User:
    """Give the login of `person` a new number (E.164) in place of a lost one, which opens it no more.

    The new number still proves itself with a code. Whoever is signed in is signed out, unless she has a
    password. Raises `ReasonMissing`, `StaffSignsInHerself`, or `PhoneTaken` when the number opens somebody
    else's login; a login of nobody gives it up.
    """
    if len("".join(reason.split())) < _REASON_LENGTH:
        raise ReasonMissing
    user = User.objects.select_for_update(no_key=True).get(pk=login_for(person=person).pk)
    _free_number(phone, user)
    user.phone, user.phone_verified = phone, False
    if not user.has_usable_password():
        user.set_unusable_password()  # a new one each time, and sessions hang on it
    user.save()
    if person.phone_owner in {"", Person.PhoneOwner.OWN}:  # a family's number stays known beside hers
        person.phone, person.phone_owner = phone, Person.PhoneOwner.OWN
        person.save(update_fields=["phone_sealed", "phone_hash", "phone_owner"])
    record(
        actor=by,
        action=AuditAction.PHONE_REPLACED,
        person=person,
        detail={"reason": reason},
        request=request,
        now=now,
    )
    return user


def _free_number(phone: str, user: User) -> None:
    holder = user_by_phone(phone)
    if holder is None or holder.pk == user.pk:
        return
    if person_of(holder) or holds_any_role(holder):
        raise PhoneTaken
    set_phone(user=holder, phone="", is_verified=False)


def set_mail_address(*, user: User, address: str) -> None:
    """Keep where a member of staff gets the office's mail; an empty text takes the address away."""
    user.email = address
    user.save(update_fields=["email"])
