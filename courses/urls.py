"""Addresses of the `courses` app, below /learn/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from courses.views import classes, here, learning, lessons, marking, rosters, sites, timetable


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
    path("join/", here.join_list, name="join_list"),
    path("join/<uuid:uid>/", here.join, name="join"),
    path("join/<uuid:uid>/leave/", here.leave, name="leave"),
    path("here/", here.here, name="here"),
    path("here/<str:code>/", here.scanned, name="here_code"),
    path("classes/", classes.class_list, name="classes"),
    path("classes/new/", classes.plan, name="plan_class"),
    path("classes/<uuid:uid>/", classes.show, name="class"),
    path("classes/<uuid:uid>/plan/", classes.change, name="change_plan"),
    path("classes/<uuid:uid>/step/<str:name>/", classes.step, name="class_step"),
    path("classes/<uuid:uid>/sittings/", timetable.add, name="add_sitting"),
    path("classes/<uuid:uid>/enrol/", rosters.enrol, name="class_enrol"),
    path("classes/<uuid:uid>/places/<uuid:place>/give-up/", rosters.give_up, name="give_up"),
    path("classes/<uuid:uid>/places/<uuid:place>/mark/", rosters.mark, name="practical_mark"),
    path("classes/<uuid:uid>/waiting/<int:pk>/", rosters.leave_queue, name="leave_queue"),
    path("classes/sittings/<uuid:uid>/", timetable.sitting, name="sitting"),
    path("classes/sittings/<uuid:uid>/move/", timetable.move, name="move_sitting"),
    path("classes/sittings/<uuid:uid>/drop/", timetable.drop, name="drop_sitting"),
    path("classes/sittings/<uuid:uid>/sites/", timetable.site, name="add_site"),
    path("classes/sittings/<uuid:uid>/recording/", timetable.recording, name="play_recording"),
    path("classes/sittings/<uuid:uid>/confirm/", timetable.confirm, name="confirm_sitting"),
    path("classes/sittings/<uuid:uid>/photos/", timetable.photo, name="add_photo"),
    path("classes/sittings/<uuid:uid>/photos/<int:pk>/", timetable.photo_file, name="sitting_photo"),
    path("classes/sittings/<uuid:uid>/people/<uuid:place>/", timetable.correct, name="correct_minutes"),
    path("classes/sites/<uuid:uid>/sheet.pdf", sites.sheet_pdf, name="sheet_pdf"),
    path("classes/sites/<uuid:uid>/sheet/", sites.sheet, name="site_sheet"),
    path("classes/sites/<uuid:uid>/scan/", sites.scan, name="sheet_scan"),
    path("classes/sites/<uuid:uid>/list/", sites.tap_list, name="tap_list"),
    path("classes/sites/<uuid:uid>/taps/", sites.taps, name="taps"),
    path("classes/sites/<uuid:uid>/wall/", sites.wall, name="wall"),
    path("classes/sites/<uuid:uid>/wall.svg", sites.wall_picture, name="wall_picture"),
    path("<page_slug:slug>/", lessons.course, name="course"),
    path("<page_slug:slug>/enrol/", learning.enrol, name="enrol"),
    path("<page_slug:course_slug>/<page_slug:slug>/", lessons.lesson, name="lesson"),
    path("<page_slug:course_slug>/<page_slug:slug>/quiz/", lessons.quiz, name="quiz"),
    path("<page_slug:course_slug>/<page_slug:slug>/read/", lessons.read, name="read"),
    path("<page_slug:course_slug>/<page_slug:slug>/work/<slug:task_key>/", lessons.work, name="hand_in"),
]
