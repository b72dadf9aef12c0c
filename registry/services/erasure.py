"""Deleting a login and what reaches a person, so that nobody can bring it back.

What stays, and why: the bare record with sex, birth year, village and identity level, since the counts of
classes she attended rest on it (R5-R11) and may not change; her temporary number, or it would be given to
somebody else; what stands printed on her certificates, which anybody she showed one to may verify; and that
she agreed and took back, as proof. The name stands on the certificates only.
"""

from datetime import datetime

from django.apps import apps
from django.db import transaction
from django.utils import timezone

from registry.models import AuditAction, Consent, Membership, Person, PrivacyRequest, SignInCard, User
from registry.queries.consent import open_consents
from registry.queries.people import records_of
from registry.services.audit import record
from registry.services.consent import withdraw_consent
from registry.signals import person_erased

# What allauth may keep to sign somebody in, where its parts are installed.
_PROOFS = (("account", "EmailAddress"), ("mfa", "Authenticator"), ("socialaccount", "SocialAccount"))


@transaction.atomic
def erase_person(*, person: Person, by: User, now: datetime | None = None) -> None:
    """Delete login, name, ID number, phone and her place in households' lists; a repeat changes nothing.

    Of somebody with several records all go. Every consent ends. Sends `person_erased` for each record, and
    logs it without a word about who she was.
    """
    at = now or timezone.now()
    for record_of_hers in records_of(person).order_by("pk"):
        _erase_record(record_of_hers, by, at)


def _erase_record(person: Person, by: User, at: datetime) -> None:
    locked = Person.objects.select_for_update(of=("self",)).select_related("user").get(pk=person.pk)
    user = locked.user
    if not locked.name and user is None:
        return
    if items := list(open_consents(locked)):
        withdraw_consent(person=locked, items=items, channel=Consent.Channel.PAPER, recorded_by=by, now=at)
    _empty_person(locked)
    if user is not None:
        _close_login(user)
        SignInCard.objects.filter(user=user, cancelled_at=None).update(cancelled_at=at, cancelled_by=by)
    Membership.objects.filter(person=locked).update(number="", relation="", is_head=False)
    _forget_requests(locked)
    person_erased.send(sender=Person, person=locked)
    record(actor=by, action=AuditAction.PERSON_ERASED, person=locked, now=at)


def _empty_person(person: Person) -> None:
    person.user = None
    person.name = person.name_key = ""
    person.id_number = person.phone = ""
    person.phone_owner = ""
    person.save()


def _close_login(user: User) -> None:
    """Leave of a login what the log points at: a row that nobody can sign in with."""
    for label, name in _PROOFS:
        if apps.is_installed(f"allauth.{label}"):
            apps.get_model(label, name)._default_manager.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.username = f"erased-{user.uid}"
    user.display_name = user.first_name = user.last_name = user.email = user.phone = ""
    user.phone_verified = user.is_active = user.is_staff = user.is_superuser = False
    user.set_unusable_password()  # signs every open session out too
    user.save()


def _forget_requests(person: Person) -> None:
    for request in PrivacyRequest.objects.filter(person=person).exclude(copy=""):
        request.copy.delete(save=False)
        PrivacyRequest.objects.filter(pk=request.pk).update(copy="")
    PrivacyRequest.objects.filter(person=person).update(wish_sealed=None)
