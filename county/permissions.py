"""Who may close a class; whose figures somebody reads, `views.access` asks."""

from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.permissions import may


def can_close_class(user: object, training_class: TrainingClass) -> bool:
    """Whether `user` may close this class; whether she has another duty in it, the service looks."""
    return may(user, Capability.CLOSE_CLASS, code=training_class.county_code)
