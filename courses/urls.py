"""Addresses of the `courses` app, below /learn/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from courses.views import learning, lessons, marking


class PageSlugConverter(StringConverter):
    """Wagtail makes slugs from titles, and titles are Chinese; Django's own `slug` is Latin only."""

    regex = r"[-\w]+"


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
