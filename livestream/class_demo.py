"""The demo's live class: tomorrow evening, for those who take the first course."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from courses.models import TrainingClass
from livestream.class_permissions import teachable_classes
from livestream.models import LiveClass
from livestream.queries.live_class import upcoming
from livestream.services.live_class import Plan, schedule_class
from registry.models import User

TITLE = "在线答疑：第一箱怎么装"


def load_live_class() -> LiveClass | None:
    """Have a live class to come; while one does, a repeat changes nothing."""
    teacher = User.objects.filter(username="teacher").first()
    training_class = _class_of(teacher) if teacher else None
    if teacher is None or training_class is None:
        return None
    now = timezone.now()
    known = upcoming(LiveClass.objects.filter(training_class=training_class), now).first()
    if known:
        return known
    day = timezone.localdate(now) + timedelta(days=1)
    starts_at = timezone.make_aware(datetime.combine(day, time(19, 30)))
    return schedule_class(
        training_class=training_class,
        plan=Plan(TITLE, starts_at, 45),
        by=teacher,
        client_token=uuid.uuid5(uuid.NAMESPACE_URL, f"demo-live-class-{day}"),
        now=now,
    )


def _class_of(teacher: User) -> TrainingClass | None:
    """Return the newest class that has somebody in it."""
    return teachable_classes(teacher).filter(enrolments__isnull=False).distinct().first()
