"""The classes of an office, and what went wrong with their papers."""

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Case, Q, QuerySet, When
from django.db.models import Count as CountOf
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from certificates.models import Certificate
from courses.models import TrainingClass
from registry.queries.places import in_any_subtree, in_subtree

# The human being behind a class's enrolments, however many records she has.
_HUMAN = Coalesce("enrolments__person__kept_as", "enrolments__person")


def classes_in(codes: list[str], training_bodies: Sequence[int] = ()) -> QuerySet[TrainingClass]:
    """Return the classes opened in the counties of some regions or taught by some bodies, with their places.

    The open ones come first.
    """
    condition = in_any_subtree(codes, "county_code")
    if condition:  # empty means everywhere
        condition |= Q(training_body__in=training_bodies)
    return (
        TrainingClass.objects.filter(condition)
        .select_related("course")
        .annotate(
            places=CountOf(_HUMAN, filter=Q(enrolments__withdrawn_at__isnull=True), distinct=True),
            completions=CountOf(_HUMAN, filter=Q(enrolments__completed_at__isnull=False), distinct=True),
        )
        .order_by(Case(When(state=TrainingClass.State.OPEN, then=0), default=1), "-starts_on", "-number")
    )


# What of the classes the office may ask for.
CLASS_CHOICES = {
    "": _("all"),
    "running": _("running now"),
    "to_check": _("to be checked"),
    "to_approve": _("to be approved"),
    "late": _("over and not closed"),
}


def classes_to_show(
    classes: QuerySet[TrainingClass], shown: str, region: str, today: date
) -> QuerySet[TrainingClass]:
    """Return the classes of a region that are running, wait for a step, or were not closed in time."""
    state = TrainingClass.State
    if region:
        classes = classes.filter(in_subtree(region, "county_code") | in_subtree(region, "place_code"))
    return {
        "running": classes.filter(state=state.OPEN, starts_on__lte=today, ends_on__gte=today),
        "to_check": classes.filter(state=state.SUBMITTED),
        "to_approve": classes.filter(state=state.CHECKED),
        "late": classes.filter(state=state.OPEN, ends_on__lt=today),
    }.get(shown, classes)


def unprintable_in(codes: list[str]) -> QuerySet[Certificate]:
    """Return the certificates of some regions that could not be printed, for the office to look at."""
    inside = in_any_subtree(codes, "county_code")
    return Certificate.objects.filter(inside, rendering=Certificate.Rendering.FAILED).order_by("number")


def class_attendance(training_class: TrainingClass) -> tuple[int, int]:
    """Return how many places a class has, and how many of them will count as person-times when it closes."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT count(DISTINCT coalesce(p.kept_as_id, p.id)),
                      count(DISTINCT coalesce(p.kept_as_id, p.id)) FILTER (
                   WHERE heard.minutes > 0 AND CASE
                       WHEN c.kind = 'online' THEN EXISTS (SELECT FROM courses_quizattempt q
                                                           WHERE q.enrolment_id = e.id AND q.is_passed)
                       ELSE heard.has_valid_sitting END)
               FROM courses_enrolment e JOIN courses_trainingclass c ON c.id = e.training_class_id
               JOIN registry_person p ON p.id = e.person_id
               CROSS JOIN LATERAL (
                   SELECT coalesce(sum(s.minutes), 0) AS minutes,
                          bool_or(s.minutes > 0 AND s.minutes * 2 >= coalesce(t.planned_minutes, 0))
                              AS has_valid_sitting
                   FROM (SELECT a.sitting_id, sum(a.minutes) AS minutes FROM courses_attendance a
                         WHERE a.enrolment_id = e.id GROUP BY a.sitting_id) s
                   LEFT JOIN courses_sitting t ON t.id = s.sitting_id
               ) heard
               WHERE c.id = %s AND e.withdrawn_at IS NULL""",
            [training_class.pk],
        )
        places, attended = cursor.fetchone()
    return places, attended
