"""Separation of duties (A14): in one class an account takes one of the four steps and no other."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.errors import DutiesMustDiffer
from courses.models import ClassDuty, TrainingClass
from registry.models import User


@transaction.atomic
def take_duty(
    *, training_class: TrainingClass, duty: str, by: User, now: datetime | None = None
) -> ClassDuty:
    """Note that `by` takes this step in the class, superusers included; taking it again returns the first.

    Raises `DutiesMustDiffer` when she has taken another step of the same class.
    """
    taken, _is_new = ClassDuty.objects.get_or_create(
        training_class=training_class, user=by, defaults={"duty": duty, "taken_at": now or timezone.now()}
    )
    if taken.duty != duty:
        raise DutiesMustDiffer(taken)
    return taken
