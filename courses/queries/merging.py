"""What merging two records of a person does to her places in classes, for the duplicate desk."""

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.hours import hours_of_minutes, shown_hours
from courses.models import Enrolment
from registry.queries.merge_preview import PreviewRow, PreviewSection, Sides, side_of


def enrolments_preview(sides: Sides) -> PreviewSection:
    """Return one row a class: either side's place, and that both together are one person-time (R5, E19)."""
    places = (
        Enrolment.objects.filter(person__in=[*sides[0], *sides[1]])
        .select_related("training_class__course")
        .annotate(minutes_earned=Sum("attendances__minutes", default=0))
        .order_by("training_class__starts_on", "training_class", "enrolled_at", "pk")
    )
    classes: dict[int, tuple[str, list[str], set[int]]] = {}
    for place in places:
        training_class, side = place.training_class, side_of(place.person_id, sides)
        label = f"{training_class.course.title} {training_class.label}"
        _label, texts, attended = classes.setdefault(training_class.pk, (label, ["", ""], set()))
        texts[side] = _place_text(place, place.minutes_earned)
        attended |= {side} if place.minutes_earned > 0 else set()
    rows = [_row(label, texts, len(attended) == 2) for label, texts, attended in classes.values()]
    fewer = sum(len(attended) == 2 for _label, _texts, attended in classes.values())
    note = _("Person-times become %(count)s fewer.") % {"count": fewer} if fewer else ""
    return PreviewSection(_("Places in classes"), rows, note)


def _row(label: str, texts: list[str], both_attended: bool) -> PreviewRow:
    if both_attended:
        after = _("one place, one person-time less; the longer hours count")
    else:
        after = _("one place; the hours of the one who came count") if all(texts) else _("kept")
    return PreviewRow(label, texts[0] or "–", texts[1] or "–", after, all(texts))


def _place_text(place: Enrolment, minutes: int) -> str:
    values = {
        "day": f"{timezone.localdate(place.enrolled_at):%Y-%m-%d}",
        "hours": shown_hours(hours_of_minutes(minutes)),
    }
    if place.completed_at:
        return _("enrolled %(day)s, %(hours)s class hours, completed") % values
    return _("enrolled %(day)s, %(hours)s class hours") % values
