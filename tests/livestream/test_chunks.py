import errno
import hashlib
import uuid
from datetime import timedelta

import pytest

from livestream import raw
from livestream.errors import ChunkConflict, ChunkTooLarge, DiskFull, HashMismatch, SessionOver
from livestream.models import IngestAttempt, LiveSession, MediaChunk, RecordingBuild
from livestream.queries.media import missing_chunks
from livestream.services import Chunk, Declared, finish, start_rehearsal, take_chunk
from tests.factories.livestream import MORNING, make_session


def piece(part: int = 0, seq: int = 0, body: bytes = b"bytes", **other) -> Chunk:
    values = {"sha256": hashlib.sha256(body).hexdigest(), "wall_start": MORNING, "mime": "video/webm"}
    return Chunk(part=part, seq=seq, body=body, **{**values, **other})


@pytest.fixture
def session(host, private_files) -> LiveSession:
    return make_session(host.person)


def test_a_piece_lies_whole_on_the_disk(session, private_files):
    taken = take_chunk(session=session, chunk=piece(), now=MORNING)

    assert (taken.is_new, taken.have) == (True, 1)
    assert (private_files / "live" / str(session.uid) / "0" / "0").read_bytes() == b"bytes"
    assert [each.name for each in raw.part_folder(session.uid, 0).iterdir()] == ["0"]
    session.refresh_from_db()
    assert (session.bytes, session.state) == (5, "live")


def test_the_same_piece_again_changes_nothing(session):
    take_chunk(session=session, chunk=piece())

    taken = take_chunk(session=session, chunk=piece())

    assert (taken.is_new, taken.have) == (False, 1)
    session.refresh_from_db()
    assert session.bytes == 5


def test_a_piece_we_hold_is_confirmed_when_all_is_over(session):
    take_chunk(session=session, chunk=piece(), now=MORNING)
    LiveSession.objects.update(state="published", ended_at=MORNING + timedelta(days=30), end_reason="host")
    session.refresh_from_db()

    assert take_chunk(session=session, chunk=piece()).is_new is False


def test_other_bytes_under_the_same_number_are_refused(session):
    take_chunk(session=session, chunk=piece())

    with pytest.raises(ChunkConflict):
        take_chunk(session=session, chunk=piece(body=b"other"))

    assert raw.chunk_path(session.uid, 0, 0).read_bytes() == b"bytes"


def test_a_wrong_hash_is_refused_and_leaves_nothing(session, private_files):
    with pytest.raises(HashMismatch):
        take_chunk(session=session, chunk=piece(sha256="0" * 64))

    assert not MediaChunk.objects.exists()
    assert list(private_files.rglob("*")) == []


@pytest.mark.parametrize("state", ["published", "failed"])
def test_a_session_that_is_over_takes_nothing_new(host, private_files, state):
    with pytest.raises(SessionOver):
        take_chunk(session=make_session(host.person, state), chunk=piece(), now=MORNING)


@pytest.mark.parametrize("state", ["ended", "processing", "partial"])
def test_late_pieces_are_taken_for_a_week(host, private_files, state):
    session = make_session(host.person, state)

    assert take_chunk(session=session, chunk=piece(), now=MORNING + timedelta(days=6)).is_new
    with pytest.raises(SessionOver):
        take_chunk(session=session, chunk=piece(seq=1), now=MORNING + timedelta(days=8))
    session.refresh_from_db()
    assert session.state == state


def test_limits_of_size(session, settings):
    with pytest.raises(ChunkTooLarge):
        take_chunk(session=session, chunk=piece(body=b""))
    with pytest.raises(ChunkTooLarge):
        take_chunk(session=session, chunk=piece(part=500))
    settings.LIVE_MOST_BYTES = 4
    with pytest.raises(ChunkTooLarge):
        take_chunk(session=session, chunk=piece())


def test_a_nearly_full_disk_takes_nothing(session, settings, private_files):
    settings.LIVE_LEAST_FREE_SHARE = 1.0

    with pytest.raises(DiskFull):
        take_chunk(session=session, chunk=piece())

    assert not MediaChunk.objects.exists()


def test_a_disk_that_fills_up_while_writing_takes_nothing(session, monkeypatch):
    def full(path, body):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(raw, "lay_down", full)

    with pytest.raises(DiskFull):
        take_chunk(session=session, chunk=piece())


def test_a_piece_whose_note_fails_is_not_on_the_disk(session, monkeypatch):
    monkeypatch.setattr(raw, "put_in_place", lambda beside, path: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        take_chunk(session=session, chunk=piece())

    assert not MediaChunk.objects.exists()
    assert list(raw.part_folder(session.uid, 0).iterdir()) == []


def test_the_same_number_at_the_same_moment_is_kept_once(session, monkeypatch):
    from livestream.services import chunks

    take_chunk(session=session, chunk=piece())
    answers = iter([None, chunks._known(session, piece())])
    monkeypatch.setattr(chunks, "_known", lambda session, chunk: next(answers))

    assert take_chunk(session=session, chunk=piece()).is_new is False
    assert MediaChunk.objects.count() == 1


def test_the_first_piece_tells_when_its_part_began(session):
    take_chunk(session=session, chunk=piece(seq=1, wall_start=None), now=MORNING + timedelta(seconds=9))
    take_chunk(session=session, chunk=piece(seq=0), now=MORNING + timedelta(seconds=10))

    assert session.parts.get().wall_start == MORNING


def test_the_end_names_holes_and_missing_tails(session):
    take_chunk(session=session, chunk=piece(seq=0))
    take_chunk(session=session, chunk=piece(seq=2))

    done = finish(session=session, parts=[Declared(0, 4), Declared(1, 2)])

    assert done.missing == {0: [1, 3], 1: [0, 1]}
    session.refresh_from_db()
    assert (session.state, session.end_reason, session.is_declared) == ("ended", "host", True)
    assert not RecordingBuild.objects.exists()


def test_before_the_end_only_holes_are_missing(session):
    take_chunk(session=session, chunk=piece(seq=0))
    take_chunk(session=session, chunk=piece(seq=2))

    assert missing_chunks(session) == {0: [1]}


def test_the_last_piece_has_the_recording_made(session, django_capture_on_commit_callbacks, monkeypatch):
    from livestream.services import finalise

    queued = []
    monkeypatch.setattr(finalise.build_recording_task, "delay", queued.append)
    take_chunk(session=session, chunk=piece(seq=0))
    finish(session=session, parts=[Declared(0, 2)])
    session.refresh_from_db()

    with django_capture_on_commit_callbacks(execute=True):
        take_chunk(session=session, chunk=piece(seq=1))

    session.refresh_from_db()
    assert session.state == "processing"
    assert queued == [session.build.pk]


def test_nothing_missing_at_the_end_has_the_recording_made(session):
    take_chunk(session=session, chunk=piece())

    assert finish(session=session, parts=[Declared(0, 1)]).missing == {}

    session.refresh_from_db()
    assert session.state == "processing"
    assert IngestAttempt.objects.get().end_reason == "finished"


def test_a_rehearsal_is_begun_once_and_counted(host, run):
    token = uuid.uuid4()

    first = start_rehearsal(person=host.person, run=run, client_token=token, user=host, now=MORNING)
    again = start_rehearsal(person=host.person, run=run, client_token=token, user=host, now=MORNING)
    second = start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4(), now=MORNING)

    assert first == again
    assert (first.attempt, second.attempt) == (1, 2)
    assert first.place.code == "431125100200"
    assert first.run_version.used_at == MORNING
