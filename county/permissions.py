"""Who may read the county's figures, people and classes, and who may close a class."""

from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.permissions import may


def can_read_counts(user: object, code: str) -> bool:
    """Whether `user` may read the figures of the region with this code."""
    return bool(code) and may(user, Capability.READ_FIGURES, code=code)


def can_close_class(user: object, training_class: TrainingClass) -> bool:
    """Whether `user` may close this class; whether she has another duty in it, the service looks."""
    return may(user, Capability.CLOSE_CLASS, code=training_class.county_code)
