"""Taking back the consent to be recorded ends every use of what was recorded."""

from datetime import date

import pytest

from livestream.models import LiveSession
from livestream.permissions import can_watch
from livestream.queries import has_taken_back_recording, may_record, may_show_in_public, peers_may_watch
from livestream.services import decide_rehearsal_consent, hold_recording
from registry.models import Person
from tests.factories.livestream import make_session
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db


def decide(user, item="record_rehearsal", agrees=True):
    decide_rehearsal_consent(person=user.person, item=item, agrees=agrees, by=user, language="zh-hans")


@pytest.fixture
def recorded(host, private_files):
    """A finished rehearsal of somebody who had agreed."""
    decide(host)
    return make_session(host.person, "published")


def test_recordings_go_and_what_is_on_air_ends(host, recorded):
    on_air = make_session(host.person, "live")

    decide(host, agrees=False)

    recorded.refresh_from_db()
    on_air.refresh_from_db()
    assert recorded.erased_at
    assert not recorded.is_watchable
    assert (on_air.is_over, bool(on_air.erased_at)) == (True, True)
    assert not may_record(recorded, date.today())


def test_another_consent_taken_back_removes_nothing(host, recorded):
    decide(host, "peers_watch")
    decide(host, "peers_watch", agrees=False)

    recorded.refresh_from_db()
    assert recorded.erased_at is None


def test_what_is_held_stays_and_is_shown_to_nobody(host, recorded):
    hold_recording(session=recorded, by=UserFactory(), reason="投诉")
    assert can_watch(host, recorded)

    decide(host, agrees=False)

    recorded = LiveSession.objects.get(pk=recorded.pk)
    assert recorded.erased_at is None
    assert not can_watch(host, recorded)
    assert not can_watch(UserFactory(is_superuser=True), recorded)


def test_agreeing_again_opens_the_room_and_brings_back_nothing(host, recorded):
    decide(host, agrees=False)

    decide(host)

    recorded.refresh_from_db()
    assert recorded.erased_at
    assert may_record(recorded, date.today())
    assert not has_taken_back_recording(host.person)


def test_taken_back_on_one_record_holds_for_the_other(host, other_host, recorded):
    Person.objects.filter(pk=other_host.person.pk).update(kept_as=host.person)

    decide(host, agrees=False)

    assert has_taken_back_recording(Person.objects.get(pk=other_host.person.pk))


def test_who_was_never_asked_has_taken_back_nothing(host):
    assert not has_taken_back_recording(host.person)


@pytest.mark.parametrize(
    ("item", "may"), [("peers_watch", peers_may_watch), ("showcase_rehearsal", may_show_in_public)]
)
def test_peers_and_public_need_their_own_yes_and_the_recordings(host, recorded, item, may):
    assert not may(host.person)

    decide(host, item)
    assert may(host.person)

    decide(host, agrees=False)
    assert not may(host.person)
