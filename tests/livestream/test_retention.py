from datetime import timedelta

import pytest

from livestream import raw
from livestream.errors import RecordingHeld
from livestream.models import LiveSession, MediaChunk, RecordingBuild, Rendition
from livestream.queries.held import rehearsals_of
from livestream.services import hold_recording, release_recording, remove_recording, remove_recordings_of
from registry.models import AuditEntry, RetentionRule
from registry.services import apply_retention, erase_person
from tests.factories.livestream import MORNING, make_class_session, make_part, make_session

ENDED = MORNING + timedelta(hours=1)


@pytest.fixture
def session(host, private_files) -> LiveSession:
    """A rehearsal with one raw piece and one finished file."""
    session = make_session(host.person, "published")
    part = make_part(session, media_start=0)
    MediaChunk.objects.create(part=part, seq=0, sha256="0" * 64, bytes=3, received_at=MORNING)
    folder = raw.vod_folder(session.uid, 1)
    folder.mkdir(parents=True)
    (folder / "240p.mp4").write_bytes(b"vod")
    raw.part_folder(session.uid, 0).mkdir()
    raw.chunk_path(session.uid, 0, 0).write_bytes(b"raw")
    RecordingBuild.objects.create(
        session=session, state="ready", folder="vod/1", asked_at=ENDED, built_at=ENDED, seconds=60
    )
    Rendition.objects.create(session=session, kind="mp4", path="vod/1/240p.mp4", bytes=3, seconds=60)
    return session


def files_of(session: LiveSession) -> list[str]:
    folder = raw.session_folder(session.uid)
    return sorted(str(each.relative_to(folder)) for each in folder.rglob("*") if each.is_file())


@pytest.fixture
def at_once(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_raw_parts_go_after_a_month_and_the_recording_after_a_year(session, at_once):
    with at_once():
        assert apply_retention(now=ENDED + timedelta(days=29))["raw_recordings"] == 0
    assert files_of(session) == ["0/0", "vod/1/240p.mp4"]

    with at_once():
        apply_retention(now=ENDED + timedelta(days=31))
    session.refresh_from_db()
    assert files_of(session) == ["vod/1/240p.mp4"]
    assert session.raw_erased_at is not None
    assert session.is_watchable

    with at_once():
        assert apply_retention(now=ENDED + timedelta(days=366))["rehearsal_recordings"] == 1
    session.refresh_from_db()
    assert files_of(session) == []
    assert not session.is_watchable
    assert session.parts.get().seconds == 60


def test_a_rehearsal_of_the_rules_only_counts(session, at_once):
    with at_once():
        removed = apply_retention(is_rehearsal=True, now=ENDED + timedelta(days=400))

    assert (removed["raw_recordings"], removed["rehearsal_recordings"]) == (1, 1)
    assert files_of(session) == ["0/0", "vod/1/240p.mp4"]


def test_raw_parts_stay_while_there_is_nothing_to_watch(session):
    LiveSession.objects.update(state="failed")

    assert apply_retention(now=ENDED + timedelta(days=31))["raw_recordings"] == 0


def test_recordings_of_classes_are_lessons_and_stay(db):
    make_class_session("published")

    assert apply_retention(now=ENDED + timedelta(days=400))["rehearsal_recordings"] == 0


def test_a_hold_stops_everything_and_its_end_lets_it_go(session, office_user, host, at_once):
    hold_recording(session=session, by=office_user, reason="投诉处理中", now=ENDED)
    hold_recording(session=session, by=office_user, reason="另一个理由", now=ENDED)

    with at_once():
        removed = apply_retention(now=ENDED + timedelta(days=400))
        assert remove_recordings_of(person=host.person) == 0
    assert (removed["raw_recordings"], removed["rehearsal_recordings"]) == (0, 0)
    with pytest.raises(RecordingHeld):
        remove_recording(session=session)
    session.refresh_from_db()
    assert session.hold_reason == "投诉处理中"

    release_recording(session=session, by=office_user)
    with at_once():
        assert apply_retention(now=ENDED + timedelta(days=400))["rehearsal_recordings"] == 1
    actions = list(AuditEntry.objects.filter(action__startswith="recording").values_list("action", flat=True))
    assert sorted(actions) == ["recording_held", "recording_released"]


def test_the_offices_hold_of_the_rule_stops_it_too(session, office_user):
    rule = RetentionRule.objects.get(subject="rehearsal_recordings")
    rule.hold_reason, rule.held_since = "审计", ENDED
    rule.save()

    assert "rehearsal_recordings" not in apply_retention(now=ENDED + timedelta(days=400))


def test_deleting_a_person_deletes_what_was_recorded_of_her(session, host, office_user, at_once):
    person = host.person
    with at_once():
        erase_person(person=person, by=office_user)

    session.refresh_from_db()
    assert files_of(session) == []
    assert (session.run, session.run_version) == (None, None)
    assert session.erased_at is not None
    assert not Rendition.objects.exists()


def test_what_was_held_of_a_deleted_person_goes_when_it_is_released(session, host, office_user, at_once):
    hold_recording(session=session, by=office_user, reason="仲裁", now=ENDED)
    erase_person(person=host.person, by=office_user)
    release_recording(session=session, by=office_user)

    with at_once():
        assert apply_retention(now=ENDED + timedelta(days=1))["rehearsal_recordings"] == 1
    assert files_of(session) == []


def test_removing_ends_what_is_on_air(host, private_files):
    session = make_session(host.person, "live")

    assert remove_recording(session=session) is True
    assert remove_recording(session=session) is False

    session.refresh_from_db()
    assert (session.state, session.end_reason) == ("ended", "forgotten")


def test_her_copy_names_her_rehearsals(session, host, django_assert_num_queries):
    with django_assert_num_queries(1):
        section = rehearsals_of(host.person)

    assert section.rows == [["单品 5 分钟", "1", "2026-03-05 09:00", "可以观看", "60", ""]]
