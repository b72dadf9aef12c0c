"""What the courses hold about a person, for the staff's page about her and for her own copy."""

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.hours import hours_of_minutes
from courses.models import Enrolment
from registry.held_data import Section
from registry.models import Person


def training_of(person: Person) -> Section:
    """Return her places in classes with hours and completion, the newest first; one query."""
    enrolments = (
        Enrolment.objects.filter(person=person)
        .select_related("training_class__course")
        .annotate(minutes=Sum("attendances__minutes"))
        .order_by("-enrolled_at", "-pk")
    )
    return Section(
        "training",
        _("Training"),
        [_("Course"), _("Class"), _("Enrolled on"), _("Class hours"), _("Completed on")],
        [_row(enrolment) for enrolment in enrolments],
    )


def _row(enrolment: Enrolment) -> list[str]:
    completed = enrolment.completed_at
    return [
        enrolment.training_class.course.title,
        enrolment.training_class.label,
        timezone.localdate(enrolment.enrolled_at).isoformat(),
        str(hours_of_minutes(getattr(enrolment, "minutes", None) or 0)),
        timezone.localdate(completed).isoformat() if completed else "",
    ]
