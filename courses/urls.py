"""Addresses of the `courses` app, below /learn/."""

from django.urls import path

from courses.views import learning, lessons, marking

app_name = "courses"
urlpatterns = [
    path("", learning.my_learning, name="my_learning"),
    path("marking/", marking.marking, name="marking"),
    path("marking/<uuid:uid>/", marking.mark, name="mark"),
    path("work/<uuid:uid>/<int:pk>/", marking.work_file, name="work_file"),
    path("<slug:slug>/", lessons.course, name="course"),
    path("<slug:slug>/enrol/", learning.enrol, name="enrol"),
    path("<slug:course_slug>/<slug:slug>/", lessons.lesson, name="lesson"),
    path("<slug:course_slug>/<slug:slug>/quiz/", lessons.quiz, name="quiz"),
    path("<slug:course_slug>/<slug:slug>/read/", lessons.read, name="read"),
    path("<slug:course_slug>/<slug:slug>/work/<slug:task_key>/", lessons.work, name="hand_in"),
]
