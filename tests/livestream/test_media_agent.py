"""The media agent against real ffmpegs: what viewers are shown, and what a kill costs them."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.cache import cache
from django.utils import timezone

from livestream import raw
from livestream.agent.child import Child, end_stranger, process_start
from livestream.agent.supervisor import HEARTBEAT, MediaAgent
from livestream.agent.worker import SessionWorker
from livestream.ladder import published
from livestream.models import LiveSession, TranscodeRun
from livestream.playlists import clocks_of
from livestream.queries.watching import note_watcher, watched_sessions
from tests.factories import courses as make
from tests.factories.livestream import make_class_session, make_session
from tests.factories.media import pieces, recording, send

pytestmark = pytest.mark.slow


def until(is_so: Callable[[], bool], seconds: float = 30) -> bool:
    """Look again and again whether it is so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.05)
    return is_so()


def ahead():
    """Return a beginning that is not past, however slow the machine: a worker leaves out what is."""
    return timezone.now() + timedelta(minutes=5)


@pytest.fixture
def session(transactional_db, private_files) -> LiveSession:
    user = make.make_user()
    return make_session(make.make_person(user=user, village=make.make_village()))


def shown(session: LiveSession, kind: str = "240p") -> str:
    path = raw.live_folder(session.uid) / kind / "live.m3u8"
    return path.read_text() if path.exists() else ""


def test_a_killed_ffmpeg_costs_viewers_a_break_and_the_clock_stays_true(session):
    begins = ahead()
    bodies = pieces(recording(12, size="90x160"), 24)
    send(session, 0, bodies[:12], wall_start=begins, now=begins)
    worker = SessionWorker(session)
    worker.start()
    try:
        assert until(lambda: shown(session).count("#EXTINF") >= 3)
        first = TranscodeRun.objects.get(ended_at=None)
        os.kill(first.pid, signal.SIGKILL)
        assert until(lambda: TranscodeRun.objects.filter(restarts=1, ended_at=None).exists())
        send(session, 0, [*([b""] * 12), *bodies[12:]], without=range(12), now=begins)
        assert until(lambda: "#EXT-X-DISCONTINUITY\n" in shown(session))
    finally:
        worker.stop()
        worker.join()

    playlist = shown(session)
    clocks = clocks_of(playlist)
    steps = [(after - before).total_seconds() for before, after in pairwise(clocks)]
    assert abs((clocks[0] - begins).total_seconds()) < 0.1
    assert all(step == pytest.approx(1, abs=0.6) for step in steps)
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    assert {run.exit_code for run in TranscodeRun.objects.filter(restarts=0)} & {-9}
    assert b"".join(bodies[:12]) == b"".join(
        raw.chunk_path(session.uid, 0, seq).read_bytes() for seq in range(12)
    )
    master = (raw.live_folder(session.uid) / "master.m3u8").read_text()
    assert "240p/live.m3u8" in master
    assert "audio" not in master
    assert "#EXTINF" in shown(session, "audio")


def test_a_first_piece_without_a_picture_is_no_reason_to_give_up(session):
    begins = ahead()
    content = recording(6, size="90x160")
    bodies = [content[:300], *pieces(content[300:], 6)]
    send(session, 0, bodies[:1], wall_start=begins, now=begins)
    worker = SessionWorker(session)
    worker.start()
    try:
        assert until(lambda: worker._asked_at > 0), "it has looked, and found no picture"
        assert not shown(session)

        send(session, 0, [b"", *bodies[1:]], wall_start=begins, now=begins, without=[0])

        assert until(lambda: shown(session).count("#EXTINF") >= 3)
    finally:
        worker.stop()
        worker.join()


def test_a_new_part_follows_the_one_before(session):
    begins = ahead()
    body = recording(3, size="90x160")
    send(session, 0, pieces(body, 3), wall_start=begins, now=begins)
    send(session, 1, pieces(body, 3), wall_start=begins + timedelta(seconds=3), now=begins)
    worker = SessionWorker(session)
    worker._first_part = lambda: session.parts.get(number=0)
    worker.start()
    try:
        assert until(lambda: shown(session).count("#EXTINF") >= 5)
    finally:
        worker.stop()
        worker.join()

    assert shown(session).count("#EXT-X-DISCONTINUITY\n") == 1
    assert list(TranscodeRun.objects.values_list("part__number", flat=True)) == [0, 1]


def test_the_agent_shows_what_is_watched_and_ends_what_is_over(session):
    send(session, 0, pieces(recording(3, size="90x160"), 3), now=timezone.now())
    agent = MediaAgent()
    try:
        agent.look()
        assert agent.workers == {}
        note_watcher(session)
        agent.look()
        assert list(agent.workers) == [session.pk]
        assert cache.get(HEARTBEAT)["ladders"] == 1
        LiveSession.objects.update(state="ended", ended_at=timezone.now(), end_reason="host")
        agent.look()
        assert agent.workers == {}
    finally:
        agent.close()

    assert cache.get(HEARTBEAT) is None


def test_what_a_killed_agent_left_is_ended(session, tmp_path):
    child = Child(["-i", "pipe:0", "-f", "null", "-"], tmp_path / "errors")
    number = process_start(child.pid)
    TranscodeRun.objects.create(
        session=session,
        number=1,
        pid=child.pid,
        process_start=number,
        command_hash="x",
        started_at=timezone.now(),
    )

    MediaAgent()._end_strangers()

    assert child.finish() != 0
    assert TranscodeRun.objects.get().ended_at is not None


def test_another_process_with_the_same_number_is_left_alone():
    assert end_stranger(os.getpid(), "12345") is False
    assert end_stranger(os.getpid(), "") is False


def test_a_class_is_always_shown(db):
    live = make_class_session("live")
    make_class_session("scheduled")

    assert watched_sessions("chunks") == [live]


def test_a_ladder_goes_on_counting_where_the_last_agent_stopped(tmp_path):
    rung = published(tmp_path)
    (tmp_path / ".r1.m3u8").write_text("".join(f"#EXTINF:1.0,\nr1-{n}.ts\n" for n in range(130)))
    begins = timezone.now()
    rung.follow(1, begins)
    rung.close_run()
    rung.write()

    again = published(tmp_path)
    (tmp_path / ".r2.m3u8").write_text("#EXTINF:1.0,\nr2-0.ts\n")
    again.follow(2, begins + timedelta(seconds=130))

    lines = (tmp_path / "live.m3u8").read_text().splitlines()
    assert "#EXT-X-MEDIA-SEQUENCE:71" in lines
    assert lines[-1] == "r2-0.ts"
    assert "#EXT-X-DISCONTINUITY" in lines
    assert sum(line.startswith("#EXTINF") for line in lines) == 60
    assert again.wall_end == pytest.approx(begins + timedelta(seconds=131), abs=timedelta(milliseconds=2))
