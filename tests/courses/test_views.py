import uuid

import pytest
from django.contrib.auth.models import Group, Permission
from django.urls import reverse
from django.utils.translation import override
from wagtail.models import PageViewRestriction

from courses.models import Enrolment, LessonPage, QuizAttempt, Submission
from courses.services import assess, hand_in, open_lesson, return_for_redo
from registry.services import set_phone
from tests.courses.test_learning import pass_quiz
from tests.factories.courses import (
    make_course,
    make_course_page,
    make_instructor,
    make_lesson,
    make_person,
    make_user,
    photo,
    text_block,
)

pytestmark = pytest.mark.django_db
LESSON = "/learn/box/one/"
RIGHT_POST = {"q1": "b", "q2": ["a", "b"], "q3": "false", "q4-a": "2", "q4-b": "1"}


def text_of(response):
    return response.content.decode()


def answers(**changes):
    return {"client_token": str(uuid.uuid4()), **RIGHT_POST, **changes}


@pytest.fixture
def signed_in(client, trainee):
    client.force_login(trainee)
    return client


@pytest.fixture
def submission(enrolment, lessons):
    return hand_in(
        enrolment=enrolment,
        lesson=lessons[1],
        task_key="final",
        files=[photo()],
        client_token=uuid.uuid4(),
        note="我的箱子",
    )


def test_catalog_lists_published_courses_in_its_language(client, course_page):
    draft = make_course_page(make_course("D"), slug="draft", title="草稿课")
    draft.unpublish()

    page = text_of(client.get("/courses/"))

    assert "课程T" in page
    assert "草稿课" not in page
    assert "/learn/box/" in page


def test_slugs_made_from_chinese_titles_lead_to_course_and_lesson(client, course_page):
    course = make_course_page(make_course("Z"), slug="贴标签")
    lesson = make_lesson(course, slug="第三课-贴标签")

    assert client.get(course.get_url()).status_code == 200
    assert client.get(lesson.get_url()).status_code == 200
    assert client.get("/learn/%00/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_catalog_asks_a_fixed_number_of_queries(client, count, django_assert_max_num_queries):
    for number in range(count):
        make_lesson(make_course_page(make_course(f"C{number}"), slug=f"c{number}"))

    client.get("/courses/")
    with django_assert_max_num_queries(12):
        client.get("/courses/")


def test_course_page_anonymous_offers_a_place(client, course_page):
    page = text_of(client.get("/learn/box/"))

    assert "/learn/box/enrol/" in page
    assert page.index("第one课") < page.index("第two课")


def test_course_page_goes_on_where_she_stopped(signed_in, enrolment, lessons):
    pass_quiz(enrolment, lessons[0])
    open_lesson(enrolment=enrolment, lesson=lessons[1])

    response = signed_in.get("/learn/box/")

    assert response.context["go_on"] == lessons[1]
    assert response.context["done_count"] == 1


def test_course_page_after_the_last_lesson_has_nowhere_to_go(signed_in, enrolment, lessons):
    for lesson in lessons:
        pass_quiz(enrolment, lesson)

    assert signed_in.get("/learn/box/").context["go_on"] is None


@pytest.mark.parametrize("path", ["/learn/none/", "/learn/box/none/", "/learn/none/one/", "/en/learn/box/"])
def test_pages_that_are_not_there(client, lessons, path):
    assert client.get(path).status_code == 404


def test_wagtail_own_address_leads_to_the_lesson(client, lessons):
    assert lessons[0].url == LESSON
    assert client.get("/courses/box/one/").url == LESSON
    assert client.get("/courses/box/").url == "/learn/box/"


def test_lesson_in_english_has_the_same_address_below_en(client, course_page, lessons):
    english = make_course_page(course_page.course, language="en", title="First box")
    lesson = make_lesson(english, text_block("<p>Pack it.</p>"), slug="one", title="Choose a box")

    assert lesson.url == "/en/learn/box/one/"
    assert "Pack it." in text_of(client.get("/en/learn/box/one/"))
    assert 'href="/en/learn/box/one/"' in text_of(client.get(LESSON))


def test_lesson_anonymous_can_be_read_and_nothing_sent(client, lessons):
    page = text_of(client.get(LESSON))

    assert "先挑后垫" in page
    assert "client_token" not in page
    assert reverse("account_login") in page
    assert not Enrolment.objects.exists()


def test_lesson_unpublished_or_restricted(client, lessons):
    lessons[0].unpublish()
    PageViewRestriction.objects.create(page=lessons[1], restriction_type="login")

    assert client.get(LESSON).status_code == 404
    assert client.get("/learn/box/two/").status_code == 404


def test_lesson_below_a_restricted_course(client, lessons, course_page):
    PageViewRestriction.objects.create(page=course_page, restriction_type="login")

    assert client.get(LESSON).status_code == 404


def test_lesson_notes_where_she_is(signed_in, enrolment, lessons):
    signed_in.get("/learn/box/two/")

    enrolment.refresh_from_db()
    assert enrolment.last_lesson_key == lessons[1].translation_key


def test_lesson_first_visit_is_lean(signed_in, enrolment, lessons, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        page = signed_in.get("/learn/box/two/").content

    assert len(page) < 30_000


def test_lesson_with_marked_work_is_lean(
    signed_in, enrolment, lessons, submission, django_assert_max_num_queries
):
    pass_quiz(enrolment, lessons[1])
    assess(submission=submission, marker=make_instructor(), levels={"care": 4, "label": 3}, comment="装得实")

    with django_assert_max_num_queries(12):
        page = text_of(signed_in.get("/learn/box/two/"))

    assert "装得实" in page
    assert "90" in page


def test_lesson_returned_work_can_be_sent_again(signed_in, enrolment, submission):
    return_for_redo(submission=submission, marker=make_instructor(), comment="请拍清楚")

    page = text_of(signed_in.get("/learn/box/two/"))

    assert "请拍清楚" in page
    assert "data-upload" in page


def test_lesson_handed_in_work_waits(signed_in, enrolment, submission):
    assert 'name="files"' not in text_of(signed_in.get("/learn/box/two/"))


def test_quiz_right_answers_pass(signed_in, enrolment, lessons):
    response = signed_in.post(f"{LESSON}quiz/", answers(), follow=True)

    attempt = QuizAttempt.objects.get()
    assert attempt.is_passed
    assert attempt.answers["q4"] == ["b", "a"]
    assert "因为如此" in text_of(response)
    assert response.context["state"].is_done


def test_quiz_wrong_answers_can_be_tried_again(signed_in, enrolment, lessons):
    wrong = answers(**{"q1": "a", "q2": "c", "q3": "true"})

    shown = text_of(signed_in.post(f"{LESSON}quiz/", wrong, follow=True))
    again = text_of(signed_in.get(f"{LESSON}?again=1"))

    assert "choice--wrong" in shown
    assert "?again=1" in shown
    assert 'name="q1"' not in shown
    assert 'name="q1"' in again


@pytest.mark.parametrize(
    "broken",
    [
        {"q1": ""},
        {"q2": []},
        {"q4-a": ""},
        {"q4-a": "9"},
        {"q4-b": "x"},
        {"q3": "maybe"},
        {"client_token": "no"},
        {"client_token": ""},
    ],
)
def test_quiz_incomplete_or_bad_answers_are_kindly_refused(signed_in, enrolment, lessons, broken):
    response = signed_in.post(f"{LESSON}quiz/", answers(**broken), follow=True)

    assert response.status_code == 200
    assert "notice--error" in text_of(response)
    assert not QuizAttempt.objects.exists()


def test_quiz_anonymous_signs_in_first(client, lessons):
    response = client.post(f"{LESSON}quiz/", answers())

    assert response.status_code == 302
    assert reverse("account_login") in response.url


def test_quiz_without_a_place(client, lessons):
    client.force_login(make_user())

    assert client.post(f"{LESSON}quiz/", answers()).status_code == 404


def test_quiz_by_get(signed_in, enrolment):
    assert signed_in.get(f"{LESSON}quiz/").status_code == 405


def test_read_confirms_a_lesson_without_quiz(signed_in, enrolment, course_page):
    make_lesson(course_page, text_block(), slug="text")

    assert "/learn/box/text/read/" in text_of(signed_in.get("/learn/box/text/"))
    signed_in.post("/learn/box/text/read/")

    assert signed_in.get("/learn/box/text/").context["state"].is_done
    assert "notice--error" in text_of(signed_in.post(f"{LESSON}read/", follow=True))


def test_work_handed_in_by_the_plain_form(signed_in, enrolment):
    form = {"client_token": str(uuid.uuid4()), "note": "看看", "files": [photo(), photo("red")]}

    response = signed_in.post("/learn/box/two/work/final/", form)

    assert response.url == "/learn/box/two/#task-final"
    assert Submission.objects.get().files.count() == 2


def test_work_handed_in_by_the_module_answers_in_json(signed_in, enrolment):
    form = {"client_token": str(uuid.uuid4()), "files": [photo()]}

    first = signed_in.post("/learn/box/two/work/final/", form, headers={"Accept": "application/json"})
    form["files"] = [photo()]
    again = signed_in.post("/learn/box/two/work/final/", form, headers={"Accept": "application/json"})

    assert first.json() == again.json() == {"url": "/learn/box/two/#task-final"}
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("two/work/final/", {"client_token": "x"}),
        ("two/work/final/", {"client_token": str(uuid.uuid4())}),
        ("two/work/none/", {"client_token": str(uuid.uuid4())}),
    ],
)
def test_work_that_cannot_be_taken_is_kindly_refused(signed_in, enrolment, path, form):
    plain = signed_in.post(f"/learn/box/{path}", form)
    module = signed_in.post(f"/learn/box/{path}", form, headers={"Accept": "application/json"})

    assert plain.status_code == 302
    assert (module.status_code, bool(module.json()["error"])) == (400, True)


def test_work_file_for_its_sender_and_her_markers_only(client, submission, trainee):
    file = submission.files.get()
    url = reverse("courses:work_file", args=[submission.uid, file.pk])
    statuses = {}
    for name, user in [
        ("sender", trainee),
        ("marker", make_instructor()),
        ("foreign", make_instructor("522601")),
        ("other", make_user()),
    ]:
        client.force_login(user)
        response = client.get(url)
        statuses[name] = response.status_code
        response.getvalue()
    client.logout()

    assert statuses == {"sender": 200, "marker": 200, "foreign": 404, "other": 404}
    assert client.get(url).status_code == 302
    client.force_login(trainee)
    assert client.get(f"{url}?small").headers["Content-Type"] == "image/jpeg"


def test_my_learning_shows_courses_and_marks(signed_in, enrolment, lessons, submission):
    pass_quiz(enrolment, lessons[0])
    assess(submission=submission, marker=make_instructor(), levels={"care": 4, "label": 3}, comment="装得实")

    page = text_of(signed_in.get("/learn/"))

    assert "课程T" in page
    assert "1 / 2" in page
    assert "90" in page
    assert "装得实" in page


def test_my_learning_asks_a_fixed_number_of_queries(signed_in, trainee, django_assert_num_queries):
    from courses.services import enrol_person

    counts = []
    for number in range(3):
        page = make_course_page(make_course(f"C{number}"), slug=f"c{number}")
        lesson = make_lesson(page)
        enrolment = enrol_person(person=trainee.person, course=page.course)
        open_lesson(enrolment=enrolment, lesson=lesson)
        with django_assert_num_queries(9, exact=False) as queries:
            signed_in.get("/learn/")
        counts.append(len(queries))

    assert counts[0] == counts[2]


def test_my_learning_empty_and_anonymous(client, course_page):
    assert reverse("account_login") in client.get("/learn/").url
    client.force_login(make_user())
    assert "empty" in text_of(client.get("/learn/"))


def test_enrol_with_a_person_is_one_press(signed_in, course_page):
    assert "form" in text_of(signed_in.get("/learn/box/enrol/"))

    response = signed_in.post("/learn/box/enrol/")
    signed_in.post("/learn/box/enrol/")

    assert response.url == "/learn/box/"
    assert Enrolment.objects.count() == 1


def test_enrol_without_a_person_says_who_she_is_first(client, course_page):
    client.force_login(make_user())

    response = client.post("/learn/box/enrol/")

    assert response.url == "/people/register/?next=%2Flearn%2Fbox%2Fenrol%2F"
    assert not Enrolment.objects.exists()


def test_enrol_with_a_phone_on_the_roster_is_led_to_the_list(client, course_page, county):
    user, listed = make_user(), make_person()
    set_phone(user=user, phone="+8619900001234", is_verified=True)
    listed.id_number, listed.phone = "990000199001010017", "+8619900001234"
    listed.save()
    client.force_login(user)

    assert client.get("/learn/box/enrol/").url.startswith("/people/link/?next=")


def test_enrol_anonymous_signs_in_first(client, course_page):
    assert client.get("/learn/box/enrol/").status_code == 302


def test_marking_for_instructors_of_the_region_only(client, submission, trainee):
    url = reverse("courses:mark", args=[submission.uid])
    assert client.get(url).status_code == 302
    for user in [trainee, make_instructor("522601")]:
        client.force_login(user)
        assert client.get(url).status_code == 404
    client.force_login(trainee)
    assert client.get("/learn/marking/").status_code == 404
    client.force_login(make_instructor())
    assert client.get(url).status_code == 200
    assert "学员甲" in text_of(client.get("/learn/marking/"))


@pytest.mark.parametrize("show", ["", "?show=decided"])
def test_marking_list_asks_a_fixed_number_of_queries(
    client, lessons, course_page, show, django_assert_num_queries
):
    from courses.services import enrol_person

    marker = make_instructor()
    client.force_login(marker)
    counts = []
    for number in range(3):
        work = hand_in(
            enrolment=enrol_person(person=make_person(), course=course_page.course),
            lesson=lessons[1],
            task_key="final",
            files=[photo()],
            client_token=uuid.uuid4(),
        )
        if show:
            assess(submission=work, marker=marker, levels={"care": 1, "label": 1})
        with django_assert_num_queries(9, exact=False) as queries:
            response = client.get(f"/learn/marking/{show}")
        counts.append(len(queries))
        assert len(response.context["rows"]) == number + 1

    assert counts[0] == counts[2]


def test_mark_saves_the_levels(client, submission):
    client.force_login(make_instructor())
    url = reverse("courses:mark", args=[submission.uid])

    response = client.post(
        url, {"decision": "mark", "level-care": "4", "level-label": "2", "red-label": "on", "comment": "好"}
    )

    assessment = submission.assessments.get()
    assert response.url == reverse("courses:marking")
    assert (assessment.mark, assessment.has_red_line, assessment.comment) == (80, True, "好")


@pytest.mark.parametrize(
    "form",
    [
        {"decision": "mark", "level-care": "4"},
        {"decision": "mark", "level-care": "7", "level-label": "1"},
        {"decision": "return", "comment": " "},
        {"decision": "nonsense"},
        {},
    ],
)
def test_mark_incomplete_is_asked_again(client, submission, form):
    client.force_login(make_instructor())

    response = client.post(reverse("courses:mark", args=[submission.uid]), form)

    assert not submission.assessments.exists()
    assert response.status_code == 200


def test_mark_returns_for_another_try(client, submission):
    client.force_login(make_instructor())
    url = reverse("courses:mark", args=[submission.uid])

    client.post(url, {"decision": "return", "comment": "请拍清楚"})
    late = client.post(url, {"decision": "mark", "level-care": "4", "level-label": "2"}, follow=True)

    submission.refresh_from_db()
    assert submission.state == "returned"
    assert "notice--error" in text_of(late)


def test_mark_when_the_task_is_gone(client, submission, lessons):
    lessons[1].unpublish()
    client.force_login(make_instructor())

    response = client.get(reverse("courses:mark", args=[submission.uid]), follow=True)

    assert "notice--error" in text_of(response)


def test_preview_shows_a_draft_without_a_place(client, lessons):
    writer = make_user()
    writer.groups.add(Group.objects.get(name="Moderators"))
    lesson = LessonPage.objects.get(pk=lessons[0].pk)
    lesson.title = "新标题"
    with override("zh-hans"):
        response = lesson.make_preview_request()

    page = text_of(response)
    assert response.status_code == 200
    assert "新标题" in page
    assert "client_token" not in page
    assert Permission.objects.exists()
