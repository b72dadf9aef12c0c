"""The accounts that may teach a class."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from courses.models import TrainingClass
from registry.capabilities import Capability, roles_that_may
from registry.models import Appointment, RegionVersion, User


def accounts_to_teach(training_class: TrainingClass, now: datetime | None = None) -> QuerySet[User]:
    """Return the accounts appointed to teach where the class is held, or by its training body, by name."""
    day = timezone.localdate(now)
    code = training_class.place_code or training_class.county_code
    above = [code[:length] for length in (2, 4, 6, 9, 12) if length <= len(code)]
    regions = RegionVersion.objects.filter(code__in=above, valid__contains=day).values("region")
    posts = Appointment.objects.filter(role__in=roles_that_may(Capability.MARK_WORK), valid__contains=day)
    here = Q(region__in=regions, organisation=None)
    if training_class.training_body_id is not None:
        here |= Q(organisation=training_class.training_body_id)
    return User.objects.filter(pk__in=posts.filter(here).values("user"), is_active=True).order_by(
        "display_name", "pk"
    )
