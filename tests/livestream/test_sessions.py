from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from livestream.models import IngestAttempt, LiveSession
from livestream.services import end_session, interrupt, note_media, reconcile_sessions
from tests.factories.livestream import MORNING, make_class_session, make_part, make_session


def after(seconds: float):
    return MORNING + timedelta(seconds=seconds)


def test_the_first_media_puts_it_on_air(host):
    session = make_session(host.person)

    connection = note_media(session=session, client="Chrome", now=MORNING)

    session.refresh_from_db()
    assert (session.state, session.started_at) == ("live", MORNING)
    assert (connection.engine, connection.client, connection.ended_at) == ("chunks", "Chrome", None)


def test_silence_interrupts_within_twelve_seconds(host):
    session = make_session(host.person)
    note_media(session=session, now=MORNING)

    assert reconcile_sessions(now=after(9))["interrupted"] == 0
    assert reconcile_sessions(now=after(12))["interrupted"] == 1

    session.refresh_from_db()
    assert session.state == "interrupted"
    connection = IngestAttempt.objects.get()
    assert (connection.end_reason, connection.last_media_at) == ("lost", MORNING)


def test_coming_back_within_the_grace_is_the_same_session(host):
    session = make_session(host.person)
    note_media(session=session, now=MORNING)
    interrupt(session=session, now=after(12))

    note_media(session=session, now=after(200))

    session.refresh_from_db()
    assert (session.state, session.started_at) == ("live", MORNING)
    assert IngestAttempt.objects.count() == 2
    assert reconcile_sessions(now=after(209)) == {"interrupted": 0, "ended": 0, "never_begun": 0}


def test_staying_away_longer_than_the_grace_ends_it(host):
    session = make_session(host.person, "interrupted")

    assert reconcile_sessions(now=after(299))["ended"] == 0
    assert reconcile_sessions(now=after(301))["ended"] == 1

    session.refresh_from_db()
    assert (session.state, session.end_reason, session.ended_at) == ("ended", "grace", MORNING)


def test_a_class_waits_longer(db):
    session = make_class_session("interrupted")

    assert reconcile_sessions(now=after(800))["ended"] == 0
    assert reconcile_sessions(now=after(901))["ended"] == 1
    session.refresh_from_db()
    assert session.state == "ended"


def test_media_that_came_since_we_looked_keeps_it_on_air(host):
    from livestream.services.sessions import _end_where

    session = make_session(host.person, "interrupted")
    note_media(session=session, now=after(299))

    assert _end_where(session, "interrupted", MORNING, "grace") is False
    session.refresh_from_db()
    assert session.state == "live"


def test_a_late_piece_does_not_wake_an_ended_session(host):
    session = make_session(host.person, "ended")

    assert note_media(session=session, now=after(9999)) is None

    session.refresh_from_db()
    assert session.state == "ended"


def test_it_ends_once(host):
    session = make_session(host.person, "live")

    assert end_session(session=session, now=after(60)) is True
    assert end_session(session=session, reason="staff", now=after(90)) is False

    session.refresh_from_db()
    assert (session.ended_at, session.end_reason) == (after(60), "host")


def test_a_room_nobody_used_is_closed_after_a_day(host):
    unused, used = make_session(host.person), make_session(host.person)
    make_part(used)

    assert reconcile_sessions(now=MORNING + timedelta(hours=23))["never_begun"] == 0
    assert reconcile_sessions(now=MORNING + timedelta(hours=25))["never_begun"] == 1

    unused.refresh_from_db()
    assert (unused.state, unused.end_reason) == ("failed", "never_begun")


def test_a_session_has_one_sender(host):
    session = make_session(host.person)
    note_media(session=session, now=MORNING)

    with pytest.raises(IntegrityError), transaction.atomic():
        IngestAttempt.objects.create(
            session=session, engine="chunks", external_id="x", started_at=MORNING, last_media_at=MORNING
        )


@pytest.mark.parametrize(
    "change",
    [
        {"state": "live"},
        {"state": "published"},
        {"ended_at": MORNING},
        {"state": "ended", "ended_at": MORNING},
        {"attempt": None},
        {"person": None},
        {"held_since": MORNING},
    ],
)
def test_a_session_that_contradicts_itself_is_not_kept(host, change):
    session = make_session(host.person)

    with pytest.raises(IntegrityError), transaction.atomic():
        LiveSession.objects.filter(pk=session.pk).update(**change)
