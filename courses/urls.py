"""Addresses of the `courses` app, below /learn/."""

from django.urls import path, register_converter

from courses.views import learning, lessons, marking


class PageSlugConverter:
    """A page's slug as Wagtail makes it from a title: letters of any script, digits, hyphens."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        """Return the slug as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """Return the slug; Django encodes it."""
        return value


register_converter(PageSlugConverter, "page_slug")

app_name = "courses"
urlpatterns = [
    path("", learning.my_learning, name="my_learning"),
    path("marking/", marking.marking, name="marking"),
    path("marking/<uuid:uid>/", marking.mark, name="mark"),
    path("work/<uuid:uid>/<int:pk>/", marking.work_file, name="work_file"),
    path("<page_slug:slug>/", lessons.course, name="course"),
    path("<page_slug:slug>/enrol/", learning.enrol, name="enrol"),
    path("<page_slug:course_slug>/<page_slug:slug>/", lessons.lesson, name="lesson"),
    path("<page_slug:course_slug>/<page_slug:slug>/quiz/", lessons.quiz, name="quiz"),
    path("<page_slug:course_slug>/<page_slug:slug>/read/", lessons.read, name="read"),
    path("<page_slug:course_slug>/<page_slug:slug>/work/<slug:task_key>/", lessons.work, name="hand_in"),
]
