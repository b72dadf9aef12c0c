import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import courses as make
from tests.factories.livestream import make_part, make_session


@pytest.fixture
def session(host, county):
    session = make_session(host.person, "published", place=make.make_region("431125100200", "示例村", 5))
    make_part(session)
    return session


def test_the_office_keeps_a_recording_and_lets_it_go(client, office_user, session):
    client.force_login(office_user)
    address = reverse("recording_keep", args=[session.uid])

    client.post(address, {"reason": "投诉处理中"})
    session.refresh_from_db()
    assert (session.hold_reason, session.held_by) == ("投诉处理中", office_user)
    assert "投诉处理中" in client.get(reverse("recording_list")).content.decode()

    client.post(address, {"release": "1"})
    session.refresh_from_db()
    assert not session.is_held


def test_a_hold_needs_its_reason(client, office_user, session):
    client.force_login(office_user)

    page = client.post(reverse("recording_keep", args=[session.uid]), {"reason": ""})

    assert "<details open>" in page.content.decode()
    session.refresh_from_db()
    assert not session.is_held


def test_only_what_was_recorded_and_not_removed_is_listed(client, office_user, host, session):
    make_session(host.person)
    client.force_login(office_user)
    address = reverse("recording_list")
    assert client.get(address).content.decode().count("recordings/") > 0

    type(session).objects.update(erased_at=session.ended_at)

    assert str(session.uid) not in client.get(address).content.decode()


def test_the_list_asks_as_many_queries_for_three_as_for_one(client, office_user, host, session):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("recording_list"))
        return len(asked)

    client.force_login(office_user)
    queries()  # a process looks up its content types once
    for_one = queries()
    for _ in range(2):
        make_part(make_session(host.person, "published", place=session.place))

    assert queries() == for_one
