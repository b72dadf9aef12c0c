"""The marker's pages and the files that were handed in."""

import uuid

import pytest
from django.urls import reverse

from courses.services import assess, hand_in
from tests.factories.courses import (
    make_instructor,
    make_person,
    make_user,
    photo,
)

pytestmark = pytest.mark.django_db


def text_of(response):
    return response.content.decode()


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
