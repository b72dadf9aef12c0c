"""Addresses of the `courses` app, below /learn/."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from courses.views import (
    classes,
    follow_up,
    here,
    learning,
    lessons,
    marking,
    my_shop,
    old_ledgers,
    papers,
    rosters,
    sites,
    staffing,
    stories,
    timetable,
)


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
    path("classes/ledgers/", old_ledgers.upload, name="old_ledgers"),
    path("classes/ledgers/<uuid:uid>/", old_ledgers.rehearsed, name="old_ledger"),
    path("classes/<uuid:uid>/", classes.show, name="class"),
    path("classes/<uuid:uid>/plan/", classes.change, name="change_plan"),
    path("classes/<uuid:uid>/capacity/", staffing.capacity, name="change_capacity"),
    path("classes/<uuid:uid>/teacher/", staffing.teacher, name="name_teacher"),
    path("classes/<uuid:uid>/step/<str:name>/", classes.step, name="class_step"),
    path("classes/<uuid:uid>/sittings/", timetable.add, name="add_sitting"),
    path("classes/<uuid:uid>/enrol/", rosters.enrol, name="class_enrol"),
    path("classes/<uuid:uid>/places/<uuid:place>/give-up/", rosters.give_up, name="give_up"),
    path("classes/<uuid:uid>/places/<uuid:place>/mark/", rosters.mark, name="practical_mark"),
    path("classes/<uuid:uid>/waiting/<int:pk>/", rosters.leave_queue, name="leave_queue"),
    path("classes/<uuid:uid>/papers/", papers.papers, name="class_papers"),
    path("classes/<uuid:uid>/papers/<uuid:paper>/", papers.paper_file, name="class_paper"),
    path("classes/<uuid:uid>/papers/<uuid:paper>/out/", papers.take_out, name="paper_out"),
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
    path("follow-up/", follow_up.people, name="follow_up"),
    path("follow-up/outcomes/<uuid:uid>/", follow_up.outcome, name="outcome"),
    path("follow-up/outcomes/<uuid:uid>/picture.jpg", follow_up.outcome_picture, name="outcome_picture"),
    path("follow-up/<uuid:uid>/", follow_up.person, name="followed"),
    path("follow-up/<uuid:uid>/story/", stories.story, name="story"),
    path("follow-up/<uuid:uid>/story/off/", stories.take_off, name="story_off"),
    path("follow-up/<uuid:uid>/coach/", follow_up.coach, name="follow_coach"),
    path("follow-up/<uuid:uid>/visit/", follow_up.visit, name="follow_visit"),
    path("follow-up/<uuid:uid>/shop/", follow_up.shop, name="follow_shop"),
    path("follow-up/<uuid:uid>/claim/", follow_up.claim, name="follow_claim"),
    path("follow-up/<uuid:uid>/earlier/", follow_up.earlier, name="follow_earlier"),
    path("my-shop/", my_shop.mine, name="my_shop"),
    path("my-shop/claim/", my_shop.claim, name="my_claim"),
    path("my-shop/income/", my_shop.income, name="my_income"),
    path("my-shop/<uuid:uid>/off/", my_shop.take_off, name="shop_off"),
    path("<page_slug:slug>/", lessons.course, name="course"),
    path("<page_slug:slug>/enrol/", learning.enrol, name="enrol"),
    path("<page_slug:course_slug>/<page_slug:slug>/", lessons.lesson, name="lesson"),
    path("<page_slug:course_slug>/<page_slug:slug>/quiz/", lessons.quiz, name="quiz"),
    path("<page_slug:course_slug>/<page_slug:slug>/read/", lessons.read, name="read"),
    path("<page_slug:course_slug>/<page_slug:slug>/work/<slug:task_key>/", lessons.work, name="hand_in"),
]
