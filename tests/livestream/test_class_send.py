"""The teacher's camera: who may send, what begins and ends a class, what the class is told."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.urls import reverse

from livestream.events.publishing import events_after, newest_event
from livestream.models import MediaChunk
from tests.factories import courses as make
from tests.factories.live_class import STARTS, begun, enrol, fresh, make_class, make_live_class

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("evening")]
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def live_class(training_class, teacher):
    return make_live_class(training_class, teacher)


def address(name, live_class, *numbers):
    return reverse(f"livestream:{name}", args=[live_class.uid, *numbers])


def put(client, live_class, seq, body=b"picture"):
    return client.put(
        address("chunk", live_class, 0, seq),
        body,
        content_type="video/webm",
        HTTP_X_CHUNK_SHA256=sha256(body).hexdigest(),
    )


def test_page_lets_the_camera_in_and_the_desk_leads_to_it(as_teacher, live_class):
    page = as_teacher.get(address("class_send", live_class))

    assert "camera=(self), " in page["Permissions-Policy"] + ", "
    assert page.context["script"]["nextPart"] == 0
    desk = as_teacher.get(address("class_desk", live_class))
    assert address("class_send", live_class) in desk.content.decode()
    assert "camera=()" in desk["Permissions-Policy"]


def test_pictures_alone_begin_no_class(as_teacher, live_class):
    assert put(as_teacher, live_class, 0).status_code == 404
    assert fresh(live_class).session.started_at is None

    assert as_teacher.post(address("class_send", live_class), {"step": "begin"}, **JSON).json() == {
        "error": ""
    }

    assert put(as_teacher, live_class, 0).json() == {"stored": True, "have": 1}


def test_class_is_told_of_its_first_picture_once(as_teacher, live_class, django_capture_on_commit_callbacks):
    live_class = begun(live_class)
    before = newest_event(str(live_class.uid))

    with django_capture_on_commit_callbacks(execute=True):
        put(as_teacher, live_class, 0)
        put(as_teacher, live_class, 1)

    told = [event["kind"] for _id, event in events_after(str(live_class.uid), before)]
    assert told == ["picture"]
    snapshot = as_teacher.get(address("class_updates", live_class)).json()["snapshot"]
    assert snapshot["picture"]


def test_only_who_teaches_it_sends(client, live_class):
    live_class = begun(live_class)
    trainee = enrol(live_class.training_class)
    for user in (make.make_instructor(), trainee.user):
        client.force_login(user)
        assert put(client, live_class, 0).status_code == 404
        assert client.get(address("class_send", live_class)).status_code == 404
        assert client.get(address("room_state", live_class)).status_code == 404

    assert not MediaChunk.objects.exists()


def test_class_that_is_not_open_says_why_it_does_not_begin(as_teacher, teacher):
    tomorrow = make_live_class(make_class(), teacher, STARTS + timedelta(days=1))

    answer = as_teacher.post(address("class_send", tomorrow), {"step": "begin"}, **JSON)

    assert answer.status_code == 422
    assert answer.json()["error"]
    assert as_teacher.post(address("class_send", tomorrow), {"step": "begin"}).status_code == 302
    assert fresh(tomorrow).session.started_at is None


def test_camera_that_says_how_much_it_sent_has_ended_the_class_too(as_teacher, live_class):
    live_class = begun(live_class)
    put(as_teacher, live_class, 0)

    answer = as_teacher.post(
        address("room_finish", live_class),
        json.dumps({"parts": [{"part": 0, "chunks": 2}]}),
        content_type="application/json",
    )

    assert answer.json() == {"state": "ended", "missing": {"0": [1]}}
    assert fresh(live_class).session.is_over
    assert put(as_teacher, live_class, 1).json()["stored"]  # what was left on the device
    assert fresh(live_class).session.state == "processing"
