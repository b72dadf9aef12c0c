"""Sending signed returns to the office: one letter a return and reader, or a notice on her desk."""

from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from county.models import ReturnMail, ReturnMailChoice
from county.queries.return_mail import returns_to_send
from county.return_letter import letter
from county.tasks import send_return_mail_task
from registry.models import User

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
State = ReturnMail.State


def send_returns(*, now: datetime | None = None) -> int:
    """Send what was signed of the month before, from the set day on; return to how many readers.

    Asked every day: what is signed late goes out the next morning, and nothing twice.
    """
    at = now or timezone.now()
    today = timezone.localdate(at)
    if today.day < settings.RETURN_MAIL_DAY:
        return 0
    last_month = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    return sum(_send(made.pk, reader, at) for made, reader in returns_to_send(last_month, today))


def deliver_return_mail(*, mail_id: int, now: datetime | None = None) -> bool:
    """Mail one return; return whether this call did it.

    The letter bears the row's number as its Message-ID: should a worker die between sending and writing it
    down, the reader's mailbox knows the second copy.
    """
    at = now or timezone.now()
    free = ReturnMail.objects.filter(pk=mail_id, state=State.WAITING).exclude(lease_until__gte=at)
    if not free.update(lease_until=at + LEASE, attempts=F("attempts") + 1):
        return False
    mail = ReturnMail.objects.select_related("monthly_return", "reader").get(pk=mail_id)
    if not mail.reader.email:  # taken away since
        ReturnMail.objects.filter(pk=mail_id).update(state=State.NOTICE)
        return False
    subject, text = letter(mail.monthly_return)
    headers = {
        "Message-ID": f"<return-{mail.uid}@cunbo>",
        "List-Unsubscribe": f"<{settings.SITE_URL}/county/returns/mail/>",
    }
    EmailMessage(subject, text, to=[mail.reader.email], headers=headers).send()
    ReturnMail.objects.filter(pk=mail_id).update(state=State.MAILED, done_at=at)
    return True


def sweep_return_mail(*, now: datetime | None = None) -> int:
    """Wake mails whose sending failed; after several attempts they lie on the desk. Return how many woke."""
    at = now or timezone.now()
    stuck = ReturnMail.objects.filter(state=State.WAITING).filter(
        Q(lease_until__lt=at) | Q(lease_until__isnull=True, made_at__lt=at - timedelta(minutes=1))
    )
    stuck.filter(attempts__gte=MOST_ATTEMPTS).update(state=State.NOTICE)
    waiting = list(stuck.values_list("pk", flat=True))
    for pk in waiting:
        send_return_mail_task.delay(pk)
    return len(waiting)


def choose_return_mail(*, reader: User, is_wanted: bool, now: datetime | None = None) -> ReturnMailChoice:
    """Keep whether she wants signed returns sent to her."""
    choice, _is_new = ReturnMailChoice.objects.update_or_create(
        reader=reader, defaults={"is_wanted": is_wanted, "changed_at": now or timezone.now()}
    )
    return choice


def note_returns(*, reader: User, now: datetime | None = None) -> int:
    """Take from her desk what she has read; return how many."""
    lying = ReturnMail.objects.filter(reader=reader, state=State.NOTICE)
    return lying.update(state=State.NOTED, done_at=now or timezone.now())


@transaction.atomic
def _send(return_id: int, reader: User, at: datetime) -> bool:
    by_mail = bool(settings.SENDS_MAIL and reader.email)
    mail, is_new = ReturnMail.objects.get_or_create(
        monthly_return_id=return_id,
        reader=reader,
        defaults={"state": State.WAITING if by_mail else State.NOTICE, "made_at": at},
    )
    if is_new and by_mail:
        transaction.on_commit(partial(send_return_mail_task.delay, mail.pk), robust=True)
    return is_new
