"""Reminding of live classes by message: the evening before, and half an hour before.

A reminder is a row first and a message second: the row holds state, attempts and lease, so that nobody is
reminded twice and nobody is forgotten when a worker dies.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format

from courses.models import Enrolment
from courses.services.leases import give_up, take_lease, wake_stuck
from livestream.models import ClassReminder, LiveClass
from livestream.queries.live_class import upcoming
from livestream.tasks import send_class_reminder_task
from registry import client
from registry.errors import MessageNotSent
from registry.models import Person
from registry.queries.people import root_of

Occasion = ClassReminder.Occasion
BEFORE = {Occasion.DAY: timedelta(hours=26), Occasion.SOON: timedelta(minutes=35)}
# Nobody is reminded "the day before" of what begins within the hour.
_AT_LEAST = {Occasion.DAY: timedelta(hours=2), Occasion.SOON: timedelta(0)}
_WAKING_HOURS = range(8, 21)


def ask_reminders(*, now: datetime | None = None) -> int:
    """Make the reminders that are due, one a person and occasion, and queue them; return how many are new."""
    now = now or timezone.now()
    made = 0
    if not client.can_remind():
        return made
    for live_class in upcoming(LiveClass.objects.all(), now):
        for occasion in _due(live_class, now):
            made += _ask(live_class, occasion, now)
    return made


def sweep_reminders(*, now: datetime | None = None) -> int:
    """Make what is due, and wake what a worker left; return how many were woken."""
    now = now or timezone.now()
    ask_reminders(now=now)
    old = ClassReminder.objects.filter(created_at__lt=now - timedelta(minutes=2))
    return wake_stuck(old, send_class_reminder_task.delay, now)


def send_reminder(*, reminder: ClassReminder, now: datetime | None = None) -> None:
    """Send one reminder, unless another worker does, or the class was moved, called off or has begun."""
    now = now or timezone.now()
    if not take_lease(reminder, now):
        return
    live_class = reminder.live_class
    phone = _phone_of(reminder.person)
    if not phone or live_class.is_cancelled or live_class.starts_at != reminder.scheduled_at:
        give_up(reminder, "not needed")
        return
    if live_class.session.started_at or now >= live_class.starts_at:
        give_up(reminder, "too late")
        return
    try:
        with translation.override("zh-hans"):
            starts = date_format(timezone.localtime(live_class.starts_at), "n月j日 H:i")
        client.send_reminder(phone=phone, title=live_class.title, starts=starts)
    except MessageNotSent:
        reminder.state, reminder.lease_until = ClassReminder.State.WAITING, None
        reminder.save(update_fields=["state", "lease_until"])
        return
    reminder.state, reminder.sent_at, reminder.lease_until = ClassReminder.State.READY, now, None
    reminder.save(update_fields=["state", "sent_at", "lease_until"])


def _due(live_class: LiveClass, now: datetime) -> list[str]:
    left = live_class.starts_at - now
    is_day = timezone.localtime(now).hour in _WAKING_HOURS
    return [each for each in BEFORE if _AT_LEAST[each] < left <= BEFORE[each] and is_day]


@transaction.atomic
def _ask(live_class: LiveClass, occasion: str, now: datetime) -> int:
    """Make the missing reminders of one class, each human being once, and only where a number is known."""
    places = Enrolment.objects.filter(training_class=live_class.training_class_id)
    people = {}
    for place in places.select_related("person__user", "person__kept_as__user"):
        root = root_of(place.person)
        people[root.pk] = root
    known = live_class.reminders.filter(occasion=occasion, scheduled_at=live_class.starts_at)
    for pk in known.values_list("person", flat=True):
        people.pop(pk, None)
    rows = [
        ClassReminder(
            live_class=live_class,
            person=person,
            occasion=occasion,
            scheduled_at=live_class.starts_at,
            created_at=now,
        )
        for person in people.values()
        if _phone_of(person)
    ]
    ClassReminder.objects.bulk_create(rows, ignore_conflicts=True)
    asked = known.filter(created_at=now).values_list("pk", flat=True)
    for pk in list(asked):
        transaction.on_commit(lambda pk=pk: send_class_reminder_task.delay(pk), robust=True)  # type: ignore[misc]
    return len(rows)


def _phone_of(person: Person) -> str:
    """Return the proven number she signs in with; a number that only stands on a roster is not written to."""
    user = person.user
    return str(user.phone) if user and user.is_active and user.phone_verified and user.phone else ""
