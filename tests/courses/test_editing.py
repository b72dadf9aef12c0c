import json
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import GroupApprovalTask, WorkflowState, WorkflowTask

from courses.blocks import QuizBlock, TaskBlock
from courses.models import ApprovalByAnother, Course, LessonPage, LessonVideo
from courses.services import open_catalog
from registry.services import appoint
from tests.factories.courses import make_course, make_course_page, make_lesson, task_block
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def course_page(db):
    page = make_course_page(make_course())
    open_catalog(page.get_parent().specific)
    return page


def lesson_form(**changes):
    """What the editor's page sends for a lesson with one block of text."""
    text = json.dumps(
        {
            "blocks": [
                {
                    "key": "a",
                    "text": "先挑后垫。",
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [],
                    "entityRanges": [],
                }
            ],
            "entityMap": {},
        }
    )
    return {
        "title": "新的一课",
        "slug": "new",
        "summary": "学会装箱",
        "hours": "1",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "text",
        "body-0-id": "",
        "body-0-value": text,
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "comments-MIN_NUM_FORMS": "0",
        "comments-MAX_NUM_FORMS": "",
        **changes,
    }


def test_open_catalog_twice_changes_nothing(course_page, django_assert_max_num_queries):
    catalog = course_page.get_parent().specific
    open_catalog(catalog)

    assert catalog.group_permissions.count() == 5


def test_instructor_writes_and_the_office_publishes(client, course_page, instructor_user, office_user):
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course_page.pk])
    client.force_login(instructor_user)
    assert client.get(add).status_code == 200

    response = client.post(add, lesson_form(**{"action-submit": "1"}))

    lesson = LessonPage.objects.get(slug="new")
    assert response.status_code == 302
    assert (lesson.live, lesson.current_workflow_state.status) == (False, WorkflowState.STATUS_IN_PROGRESS)
    assert client.get("/learn/box/new/").status_code == 404

    client.force_login(office_user)
    task_state = lesson.current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", task_state.pk])
    client.post(approve, {"comment": "好"})

    client.logout()
    assert "先挑后垫" in client.get("/learn/box/new/").content.decode()


def test_instructor_cannot_publish_by_herself(client, course_page, instructor_user):
    client.force_login(instructor_user)
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course_page.pk])

    client.post(add, lesson_form(**{"action-publish": "1"}))

    assert not LessonPage.objects.filter(live=True).exists()


def test_trainee_cannot_open_the_editor(client, course_page, trainee_user):
    client.force_login(trainee_user)

    assert client.get(reverse("wagtailadmin_explore", args=[course_page.pk])).status_code in {302, 403}


def test_lesson_cannot_take_the_address_of_something_else(course_page):
    with pytest.raises(ValidationError, match="slug"):
        make_lesson(course_page, slug="enrol")


def test_lesson_with_two_tasks_of_one_key(course_page):
    with pytest.raises(ValidationError, match="body"):
        make_lesson(course_page, task_block("a"), task_block("a"))


def question(**changes):
    return {"key": "", "kind": "single", "prompt": "?", "explanation": "!", **changes}


def quiz_value(*questions):
    return QuizBlock().to_python({"key": "", "title": "t", "pass_mark": 60, "questions": list(questions)})


def option(text, *, is_right=False, place=None, key=""):
    return {"key": key, "text": text, "is_right": is_right, "place": place}


def test_quiz_block_fills_in_missing_keys():
    right = question(options=[option("A", is_right=True), option("B", key="o1")])

    cleaned = QuizBlock().clean(quiz_value(right, right))

    assert cleaned["key"] == "quiz"
    assert [each["key"] for each in cleaned["questions"]] == ["q1", "q2"]
    assert [each["key"] for each in cleaned["questions"][0]["options"]] == ["o2", "o1"]


@pytest.mark.parametrize(
    "broken",
    [
        question(options=[option("A"), option("B")]),
        question(options=[option("A", is_right=True), option("B", is_right=True)]),
        question(options=[option("A", is_right=True)]),
        question(kind="multiple", options=[option("A"), option("B")]),
        question(kind="boolean", options=[option("A", is_right=True), option("B"), option("C")]),
        question(kind="order", options=[option("A", place=1), option("B", place=1)]),
        question(kind="order", options=[option("A", place=1), option("B")]),
        question(options=[option("A", key="a", is_right=True), option("B", key="a")]),
    ],
)
def test_quiz_block_refuses_options_that_do_not_fit(broken):
    with pytest.raises(ValidationError):
        QuizBlock().clean(quiz_value(broken))


def test_task_block_refuses_more_files_than_it_takes():
    value = {**task_block()["value"], "min_files": 3}

    with pytest.raises(ValidationError):
        TaskBlock().clean(TaskBlock().to_python(value))


def test_course_record_keeps_its_code_once_classes_were_held(client, admin_user, course_page):
    from courses.services import enrol_person
    from tests.factories.courses import make_county, make_person

    make_county()
    course = Course.objects.get()
    enrol_person(person=make_person(), course=course)
    client.force_login(admin_user)
    url = reverse("wagtailsnippets_courses_course:edit", args=[course.pk])
    form = {"code": "Z", "name": "新名", "name_en": "New", "category": "packaging", "hours": "4"}

    refused = client.post(url, form)
    client.post(url, {**form, "code": course.code})

    course.refresh_from_db()
    assert refused.status_code == 200
    assert (course.code, course.name) == ("T", "新名")


def test_uploading_a_video_queues_its_renditions(
    client, course_page, instructor_user, django_capture_on_commit_callbacks, monkeypatch
):
    queued = []
    monkeypatch.setattr("courses.services.videos.make_video_renditions_task.delay", queued.append)
    client.force_login(instructor_user)
    form = {"title": "封箱", "original": SimpleUploadedFile("a.mp4", b"film", "video/mp4")}

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("wagtailsnippets_courses_lessonvideo:add"), form)

    assert response.status_code == 302
    assert queued == [LessonVideo.objects.get().pk]


def test_a14_author_cannot_approve_her_own_lesson(client, course_page, office_user):
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course_page.pk])
    client.force_login(office_user)
    client.post(add, lesson_form(**{"action-submit": "1"}))
    lesson = LessonPage.objects.get(slug="new")
    task_state = lesson.current_workflow_task_state
    approve = reverse("wagtailadmin_pages:workflow_action", args=[lesson.pk, "approve", task_state.pk])

    client.post(approve, {"comment": "好"})

    lesson.refresh_from_db()
    assert not lesson.live
    assert ("approve", False) not in [
        (name, modal) for name, _label, modal in task_state.task.specific.get_actions(lesson, office_user)
    ]


def test_a14_author_cannot_publish_her_own_lesson_past_the_approval(client, course_page, office_user):
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course_page.pk])
    client.force_login(office_user)
    assert "action-publish" not in client.get(add).content.decode()

    client.post(add, lesson_form(**{"action-publish": "1"}))

    lesson = LessonPage.objects.get(slug="new")
    assert not lesson.live
    with pytest.raises(PermissionDenied):
        lesson.get_latest_revision().publish(user=office_user)
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    client.post(f"{bulk}?id={lesson.pk}&next=/admin/")
    lesson.refresh_from_db()
    assert not lesson.live


def test_a14_colleague_approves_what_the_author_may_not(client, course_page, office_user, county):
    colleague = UserFactory()
    appoint(user=colleague, role="office", region=county, since=date(2020, 1, 1))
    add = reverse("wagtailadmin_pages:add", args=["courses", "lessonpage", course_page.pk])
    client.force_login(office_user)
    client.post(add, lesson_form(**{"action-submit": "1"}))
    lesson = LessonPage.objects.get(slug="new")
    approve = reverse(
        "wagtailadmin_pages:workflow_action",
        args=[lesson.pk, "approve", lesson.current_workflow_task_state.pk],
    )

    client.force_login(colleague)
    client.post(approve, {"comment": "好"})

    lesson.refresh_from_db()
    assert lesson.live


def test_open_catalog_replaces_a_step_that_lets_authors_approve(course_page):
    catalog = course_page.get_parent().specific
    workflow = catalog.get_workflow()
    workflow.workflow_tasks.all().delete()
    old = GroupApprovalTask.objects.create(name="old")
    WorkflowTask.objects.create(workflow=workflow, task=old, sort_order=0)

    open_catalog(catalog)

    (step,) = workflow.workflow_tasks.all()
    assert isinstance(step.task.specific, ApprovalByAnother)
