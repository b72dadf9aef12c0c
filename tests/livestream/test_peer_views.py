"""The pages of fellow trainees about a recorded rehearsal."""

import pytest
from django.utils import timezone

from courses.services import enrol_person
from livestream.models import ReviewRequest, TimelineComment
from registry.models import Consent, ConsentItem, ConsentText
from tests.factories import courses as make
from tests.factories.reviews import ask, make_rehearsal
from tests.livestream.review_pages import address, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(host):
    return make_rehearsal(host.person)


@pytest.fixture
def classmates(host, other_host, session):
    """Two trainees of one class; the first lets fellow trainees comment."""
    page = make.make_course_page(make.make_course())
    for user in (host, other_host):
        enrol_person(person=user.person, course=page.course)
    agree(host)
    ask(session, is_for_peers=True)
    return host, other_host


def agree(host, **ended):
    text = ConsentText.objects.latest("version")
    sheet = Consent.objects.create(
        person=host.person,
        text=text,
        ticked=["peers_watch"],
        channel=Consent.Channel.SELF,
        given_on=timezone.localdate(),
        recorded_by=host,
        recorded_at=timezone.now(),
    )
    return ConsentItem.objects.create(
        consent=sheet, person=host.person, item="peers_watch", given_on=timezone.localdate(), **ended
    )


def test_fellow_trainee_remarks_without_names(client, classmates, session):
    host, peer = classmates
    client.force_login(peer)

    page = client.get(address("peer", session)).content.decode()
    client.post(address("remark_add", session), sent(text="笑一笑更好"))

    assert host.person.name not in page
    kept = TimelineComment.objects.get()
    assert (kept.role, kept.state) == ("peer", "shown")
    assert client.get(address("peer_link", session)).json()["base"]
    assert client.get(address("recording", session)).status_code == 404  # it shows the name
    client.force_login(host)
    result = client.get(address("result", session)).content.decode()
    assert "笑一笑更好" in result
    assert "学员乙" not in result


def test_fellow_trainees_are_of_the_same_class_and_let_in(client, classmates, session):
    stranger = make.make_user("学员丙")
    make.make_person(user=stranger, village=make.make_village())
    client.force_login(stranger)
    assert client.get(address("peer", session)).status_code == 404
    assert client.post(address("remark_add", session), sent()).status_code == 404

    client.force_login(classmates[1])
    assert "peers/" in client.get("/rehearse/peers/").content.decode()
    ReviewRequest.objects.update(is_for_peers=False)
    assert client.get(address("peer", session)).status_code == 404


def test_taking_the_consent_back_closes_it_at_once(client, classmates, session):
    client.force_login(classmates[1])
    today = timezone.localdate()
    ConsentItem.objects.update(
        ended_on=today,
        end="withdrawn",
        end_channel="self",
        end_recorded_by=classmates[0],
        end_recorded_at=timezone.now(),
    )

    assert client.get(address("peer", session)).status_code == 404


def test_login_without_a_person_says_who_she_is_first(client, db):
    client.force_login(make.make_user())

    assert client.get("/rehearse/peers/").url == "/people/register/?next=%2Frehearse%2Fpeers%2F"
