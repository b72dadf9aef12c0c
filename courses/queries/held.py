"""What the courses hold about a person, for the staff's page about her and for her own copy."""

from django.db.models import F, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.hours import hours_of_minutes
from courses.models import Enrolment, TrainingClass, WaitingPlace
from courses.queries.stories import stories_told_of
from registry.held_data import Section
from registry.models import Person


def training_of(person: Person) -> Section:
    """Return her places in classes with hours and completion, the newest first, then where she waits."""
    enrolments = (
        Enrolment.objects.filter(person=person)
        .select_related("training_class__course")
        .annotate(minutes=Sum("attendances__minutes"), on_paper=F("old_certificate__number"))
        .order_by("-enrolled_at", "-pk")
    )
    return Section(
        "training",
        _("Training"),
        [
            _("Course"),
            _("Class"),
            _("State"),
            _("Enrolled on"),
            _("Class hours"),
            _("Completed on"),
            _("Paper certificate"),
        ],
        [*(_row(enrolment) for enrolment in enrolments), *_waiting(person)],
    )


def _row(enrolment: Enrolment) -> list[str]:
    completed = enrolment.completed_at
    return [
        enrolment.training_class.course.title,
        enrolment.training_class.label,
        _state(enrolment),
        timezone.localdate(enrolment.enrolled_at).isoformat(),
        str(hours_of_minutes(getattr(enrolment, "minutes", None) or 0)),
        timezone.localdate(completed).isoformat() if completed else "",
        getattr(enrolment, "on_paper", None) or "",
    ]


def _state(enrolment: Enrolment) -> str:
    """Say what became of the class, or of the place: hours of a cancelled class stay in her record (E18)."""
    if enrolment.withdrawn_at:
        return _("place given up")
    if enrolment.training_class.state == TrainingClass.State.CANCELLED:
        return _("did not take place")
    return str(enrolment.training_class.get_state_display())


def _waiting(person: Person) -> list[list[str]]:
    waiting = WaitingPlace.objects.filter(person=person).exclude(state=WaitingPlace.State.PLACED)
    return [
        [
            each.training_class.course.title,
            each.training_class.label,
            str(each.get_state_display()),
            timezone.localdate(each.asked_at).isoformat(),
            "",
            "",
            "",
        ]
        for each in waiting.select_related("training_class__course").order_by("-asked_at", "-pk")
    ]


def stories_about(person: Person) -> Section:
    """Return what was told of her in public: every story, whether it is on the site or not."""
    rows = [
        [
            story.public_name,
            story.title,
            story.text,
            timezone.localdate(story.published_at).isoformat(),
            timezone.localdate(story.taken_off_at).isoformat() if story.taken_off_at else "",
        ]
        for story in stories_told_of(person)
    ]
    return Section(
        "stories",
        _("Stories in public"),
        [_("Name"), _("Title"), _("Story"), _("Published on"), _("Taken off on")],
        rows,
    )
