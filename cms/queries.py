"""What the site's frame and home page read."""

from django.db.models import QuerySet
from wagtail.models import Locale

from courses.models import CoursePage


def live_course_pages(locale: Locale) -> QuerySet[CoursePage]:
    """Return the published course pages of one language with what a card shows, in the catalogue's order."""
    pages = CoursePage.objects.live().public().filter(locale=locale).order_by("path")
    return pages.select_related("course", "cover", "locale").prefetch_related("cover__renditions")
