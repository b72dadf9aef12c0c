"""What the site's frame and home page read."""

from datetime import date

from django.db.models import QuerySet
from wagtail.models import Locale

from courses.models import CoursePage
from registry.models import Appointment, User


def roles_on(user: User, on: date) -> set[str]:
    """Return the roles `user` holds anywhere on that day, for choosing links; one query."""
    return set(Appointment.objects.filter(user=user, valid__contains=on).values_list("role", flat=True))


def live_course_pages(locale: Locale) -> QuerySet[CoursePage]:
    """Return the published course pages of one language with what a card shows, in the catalogue's order."""
    pages = CoursePage.objects.live().public().filter(locale=locale).order_by("path")
    return pages.select_related("course", "cover", "locale").prefetch_related("cover__renditions")
