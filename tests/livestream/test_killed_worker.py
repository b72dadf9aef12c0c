"""A worker that is killed with SIGKILL in the middle of a recording."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from livestream import raw
from livestream.models import LiveSession, RecordingBuild
from livestream.services import Declared, build_recording, finish, sweep_builds
from livestream.services import finalise as finalising
from tests.factories.courses import make_person, make_user, make_village
from tests.factories.livestream import make_session
from tests.factories.media import pieces, recording, send

pytestmark = pytest.mark.servers


def test_a_killed_worker_loses_nothing_and_another_does_its_work(
    _server_environment, transactional_db, monkeypatch
):
    queued = []
    monkeypatch.setattr(finalising.build_recording_task, "delay", queued.append)
    session = make_session(make_person(user=make_user(), village=make_village()))
    bodies = pieces(recording(12, size="360x640"))
    send(session, 0, bodies)
    finish(session=session, parts=[Declared(0, 4)])
    command = [sys.executable, "manage.py", "rebuild_recording", str(session.uid)]
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=_server_environment)
    begun = raw.vod_folder(session.uid, 1) / "part0" / "240p.mp4"
    deadline = time.monotonic() + 60
    while not begun.exists() and time.monotonic() < deadline:
        time.sleep(0.02)

    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()

    build = RecordingBuild.objects.get()
    assert (build.state, build.number) == ("working", 1)
    assert build_recording(build=build) is False  # its lease still holds
    queued.clear()
    later = timezone.now() + timedelta(minutes=10)
    RecordingBuild.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    assert sweep_builds(now=later) == 1
    assert queued == [build.pk]
    assert build_recording(build=build, now=later) is True
    session = LiveSession.objects.get()
    assert (session.state, session.build.number) == ("published", 2)
    assert session.build.seconds == pytest.approx(12, abs=0.3)
    kept = b"".join(raw.chunk_path(session.uid, 0, seq).read_bytes() for seq in range(4))
    assert kept == b"".join(bodies)
