"""Telling holders by message: of an issue, of one anew, of a revocation, of the answer to an objection.

A message is a row first: nobody is told twice, and nobody is forgotten when a worker dies. It goes to the
proven number of her own login only, never to one that stands on a roster or belongs to her family, and says
nothing that she could not show to whoever looks at her phone: no name, no course, no number.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from certificates.models import Certificate, HolderNotice, Revocation
from certificates.tasks import tell_holders_task
from courses.services.leases import give_up, take_lease, wake_stuck
from registry import client
from registry.errors import MessageNotSent
from registry.models import Person, User
from registry.queries.people import root_of

Occasion, State = HolderNotice.Occasion, HolderNotice.State
# A message about a paper that holds is stale once it does not.
_OF_VALID_PAPERS = (Occasion.ISSUED, Occasion.REISSUED)


def ask_notices(certificates: Sequence[Certificate], occasion: str, *, now: datetime) -> int:
    """Make the messages to these holders, where one can be reached, and queue them; return how many.

    Call it in the transaction of what happened: both hold, or neither.
    """
    if not client.can_notify(settings.SMS_CERTIFICATE_TEMPLATES.get(occasion, "")):
        return 0
    reached = _reached(certificates)
    rows = [
        HolderNotice(certificate=each, occasion=occasion, asked_at=now)
        for each in certificates
        if each.person_id in reached
    ]
    if not rows:
        return 0
    HolderNotice.objects.bulk_create(rows, ignore_conflicts=True)  # nobody is told twice of the same
    asked = HolderNotice.objects.filter(certificate__in=certificates, occasion=occasion, state=State.WAITING)
    ids = list(asked.values_list("pk", flat=True))
    transaction.on_commit(lambda: tell_holders_task.delay(ids), robust=True)
    return len(ids)


def tell_holders(*, notice_ids: Sequence[int], now: datetime | None = None) -> int:
    """Send what still waits of these messages; return how many this call sent."""
    waiting = HolderNotice.objects.filter(pk__in=notice_ids).exclude(state__in=[State.READY, State.FAILED])
    return sum(_tell(notice, now or timezone.now()) for notice in waiting.order_by("pk"))


def wake_notices(now: datetime) -> int:
    """Queue the messages whose worker is gone or whom the provider refused; return how many."""
    old = HolderNotice.objects.filter(asked_at__lt=now - timedelta(minutes=2))
    return wake_stuck(old, lambda pk: tell_holders_task.delay([pk]), now)


def _tell(notice: HolderNotice, now: datetime) -> bool:
    if not take_lease(notice, now):
        return False
    rows = Certificate.objects.select_related("person__user", "person__kept_as__user")
    certificate = rows.get(pk=notice.certificate_id)
    phone = _phone_of(certificate.person)
    is_stale = notice.occasion in _OF_VALID_PAPERS and certificate.state != Certificate.State.VALID
    if not phone or is_stale:
        give_up(notice, "not needed")
        return False
    try:
        _send(phone, notice, certificate)
    except MessageNotSent:
        notice.state, notice.lease_until = State.WAITING, None
        notice.save(update_fields=["state", "lease_until"])
        return False
    notice.state, notice.sent_at, notice.lease_until = State.READY, now, None
    notice.save(update_fields=["state", "sent_at", "lease_until"])
    return True


def _send(phone: str, notice: HolderNotice, certificate: Certificate) -> None:
    with translation.override("zh-hans"):
        text, values = TEXTS[Occasion(notice.occasion)](certificate)
    template = settings.SMS_CERTIFICATE_TEMPLATES.get(notice.occasion, "")
    client.send_notice(phone=phone, template=template, values=values, text=text)


def _issued(certificate: Certificate) -> tuple[str, dict[str, str]]:
    return _("Cunbo: your certificate is ready. Open My certificates on your phone."), {}


def _reissued(certificate: Certificate) -> tuple[str, dict[str, str]]:
    return _("Cunbo: your certificate was issued anew. Open My certificates on your phone."), {}


def _revoked(certificate: Certificate) -> tuple[str, dict[str, str]]:
    revocation = Revocation.objects.filter(certificate=certificate, told_at__isnull=False).get()
    until = revocation.may_object_until
    values = {"until": date_format(timezone.localtime(until), "n月j日") if until else ""}
    text = _(
        "Cunbo: one of your certificates was revoked. Open My certificates on your phone to see why; you may"
        " object until %(until)s."
    )
    return text % values, values


def _answered(certificate: Certificate) -> tuple[str, dict[str, str]]:
    return _("Cunbo: the office has answered your objection. Open My certificates on your phone."), {}


TEXTS: dict[HolderNotice.Occasion, Callable[[Certificate], tuple[str, dict[str, str]]]] = {
    Occasion.ISSUED: _issued,
    Occasion.REISSUED: _reissued,
    Occasion.REVOKED: _revoked,
    Occasion.ANSWERED: _answered,
}


def _reached(certificates: Sequence[Certificate]) -> set[int]:
    """Return the ids of those people, as the papers name them, who have a proven number; one query."""
    people = Person.objects.filter(pk__in=[each.person_id for each in certificates])
    return {
        person.pk for person in people.select_related("user", "kept_as__user") if _is_proven(_login(person))
    }


def _phone_of(person: Person) -> str:
    user = _login(person)
    return str(user.phone) if user and _is_proven(user) else ""


def _login(person: Person) -> User | None:
    return root_of(person).user


def _is_proven(user: User | None) -> bool:
    return bool(user and user.is_active and user.phone_verified and user.phone)
