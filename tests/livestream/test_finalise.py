import json
from datetime import timedelta

import pytest

from livestream import raw
from livestream.models import LiveSession, RecordingBuild
from livestream.playlists import clocks_of
from livestream.services import Declared, build_recording, finish, request_build, sweep_builds
from livestream.services import finalise as finalising
from livestream.timeline import vod_seconds
from tests.factories.livestream import MORNING, make_session
from tests.factories.media import pieces, recording, send

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def queued(monkeypatch):
    found = []
    monkeypatch.setattr(finalising.build_recording_task, "delay", found.append)
    return found


@pytest.fixture
def session(host, private_files) -> LiveSession:
    return make_session(host.person)


def built(session: LiveSession) -> LiveSession:
    build_recording(build=RecordingBuild.objects.get(session=session))
    return LiveSession.objects.get(pk=session.pk)


def after(seconds: float):
    return MORNING + timedelta(seconds=seconds)


def test_two_parts_with_a_gap_become_one_recording(session):
    body = recording(2)
    send(session, 0, pieces(body))
    send(session, 1, pieces(body), wall_start=after(30))
    finish(session=session, parts=[Declared(0, 4), Declared(1, 4)])

    session = built(session)

    assert session.state == "published"
    assert session.build.seconds == pytest.approx(4, abs=0.2)
    first, second = session.parts.all()
    assert (first.state, second.state) == ("complete", "complete")
    assert second.media_start == pytest.approx(2, abs=0.1)
    gap = session.gaps.get()
    assert (gap.cause, gap.wall_to) == ("between_parts", after(30))
    assert vod_seconds([first, second], after(31)) == pytest.approx(3, abs=0.1)
    kinds = {each.kind: each for each in session.renditions.all()}
    assert set(kinds) == {"240p", "360p", "audio", "mp4", "m4a", "poster", "waveform"}
    folder = raw.session_folder(session.uid)
    clocks = clocks_of((folder / kinds["240p"].path).read_text())
    assert clocks == [MORNING, after(30)]
    assert len(json.loads((folder / kinds["waveform"].path).read_text())["peaks"]) == pytest.approx(40, abs=3)
    assert not list((folder / "vod" / "1").glob("part*"))


def test_a_rehearsal_without_sound_is_watched_in_silence(session):
    send(session, 0, pieces(recording(4, tone=0)))
    finish(session=session, parts=[Declared(0, 4)])

    session = built(session)

    assert session.state == "published"
    lengths = {each.kind: each.seconds for each in session.renditions.filter(kind__in=["240p", "audio"])}
    assert lengths == {"240p": pytest.approx(4, abs=0.5), "audio": pytest.approx(4, abs=0.5)}


def test_a_hole_in_the_middle_plays_on_and_is_marked(session):
    send(session, 0, pieces(recording(4), 8), without={3})
    finish(session=session, parts=[Declared(0, 8)])
    request_build(session=session)

    session = built(session)

    assert session.state == "partial"
    part = session.parts.get()
    assert (part.state, part.error) == ("damaged", "pieces of it never arrived")
    assert session.build.seconds == pytest.approx(4, abs=0.5)
    gap = session.gaps.get()
    assert gap.cause == "missing_chunks"
    assert gap.wall_from == after(part.seconds * 3 / 8)


def test_a_part_without_its_first_piece_is_damaged_and_the_rest_is_shown(session):
    body = recording(2)
    send(session, 0, pieces(body), without={0})
    send(session, 1, pieces(body), wall_start=after(10))
    finish(session=session, parts=[Declared(0, 4), Declared(1, 4)])
    request_build(session=session)

    session = built(session)

    damaged, whole = session.parts.all()
    assert session.state == "partial"
    assert (damaged.state, damaged.error) == ("damaged", "its first piece never arrived")
    assert (whole.state, whole.media_start) == ("complete", 0)


def test_nothing_readable_is_a_failure_and_not_a_crash(session):
    send(session, 0, [b"nonsense"])
    finish(session=session, parts=[Declared(0, 1)])

    session = built(session)

    assert session.state == "failed"
    assert session.build.error == "no part can be read"


def test_a_late_piece_makes_a_partial_recording_whole(session, queued):
    bodies = pieces(recording(2))
    send(session, 0, bodies, without={2})
    finish(session=session, parts=[Declared(0, 4)])
    request_build(session=session)
    session = built(session)
    assert session.state == "partial"

    send(session, 0, bodies, without={0, 1, 3})
    session = built(session)

    assert session.state == "published"
    assert session.build.number == 2
    assert not session.gaps.exists()


def test_a_copy_of_h264_stays_as_it_came(session):
    send(session, 0, pieces(recording(2, "h264", "360x640")))
    finish(session=session, parts=[Declared(0, 4)])

    session = built(session)

    larger = session.renditions.get(kind="360p")
    assert (session.state, larger.width, larger.height) == ("published", 360, 640)


def test_one_worker_at_a_time(session):
    send(session, 0, [recording(2)])
    finish(session=session, parts=[Declared(0, 1)])
    RecordingBuild.objects.update(state="working", lease_until=after(180))

    assert build_recording(build=session.build, now=after(100)) is False


def test_work_that_was_lost_is_taken_up_again(session, queued):
    send(session, 0, [b"x"])
    finish(session=session, parts=[Declared(0, 1)], now=MORNING)
    RecordingBuild.objects.update(state="working", lease_until=after(180), attempts=1)

    assert sweep_builds(now=after(179)) == 0
    assert sweep_builds(now=after(200)) == 1
    assert queued == [session.build.pk]


def test_work_that_fails_again_and_again_is_given_up(session):
    send(session, 0, [b"x"])
    finish(session=session, parts=[Declared(0, 1)], now=MORNING)
    RecordingBuild.objects.update(state="working", lease_until=after(180), attempts=3)

    assert sweep_builds(now=after(200)) == 0

    session.refresh_from_db()
    assert session.state == "failed"


def test_the_rest_is_waited_for_and_then_done_without(session, queued):
    LiveSession.objects.update(state="ended", ended_at=MORNING, end_reason="grace")

    sweep_builds(now=MORNING + timedelta(minutes=119))
    assert not RecordingBuild.objects.exists()
    sweep_builds(now=MORNING + timedelta(minutes=121))

    session.refresh_from_db()
    assert session.state == "processing"


def test_a_worker_that_lost_its_lease_changes_nothing(session, monkeypatch):
    send(session, 0, [recording(2)])
    finish(session=session, parts=[Declared(0, 1)])
    render = finalising.rendering.render

    def overtaken(*args):
        made = render(*args)
        RecordingBuild.objects.update(number=9)
        return made

    monkeypatch.setattr(finalising.rendering, "render", overtaken)

    session = built(session)

    assert session.state == "processing"
    assert not session.renditions.exists()
    assert not raw.vod_folder(session.uid, 1).exists()
