"""Livestream: how old each picture is that a viewer sees, start, loss, load, and the finished recording.

Rehearsals by pieces first, then nginx-rtmp (`engines`) and Janus (`janus`). A phone draws pictures that carry
the clock and sends them to gunicorn; the media agent shows them; Chromium plays them with the site's own
player and reads the clock back. Bars: section 9 of the livestream notes. LIVE_SECONDS and VOD_SECONDS make it
longer.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import psutil
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import sync_playwright

from courses.transcoding import ffmpeg_binary
from livestream import raw
from livestream.blueprints import BLUEPRINTS
from livestream.ladder import AUDIO, RUNGS, ladder_command, own_playlist
from livestream.models import LiveSession, RecordingBuild, TranscodeRun
from livestream.playlists import read_segments
from livestream.queries.watching import note_watcher
from livestream.services import (
    Declared,
    build_recording,
    decide_rehearsal_consent,
    end_session,
    finish,
    remove_recording,
    start_rehearsal,
    start_run,
)
from livestream.signing import media_base
from registry.models import User
from registry.services import register_self
from tests import chromium
from tests.bench import engines, janus
from tests.bench.anchors import measure_anchors
from tests.bench.load import requests_per_second
from tests.bench.phone import WATCH, Phone
from tests.bench.run import Figure, figure
from tests.bench.server import served
from tests.chromium import PHONE
from tests.factories.media import pieces, send
from tests.lifelines import end_with_parent

LIVE_SECONDS = int(os.environ.get("LIVE_SECONDS", "30"))
VOD_SECONDS = int(os.environ.get("VOD_SECONDS", "60"))
FIRST_PICTURE, LATENCY, PUBLISHER_CPU, LADDER_CPU, LOW_MB, AUDIO_MB = 6, 6, 0.02, 0.35, 2.5, 0.4


def measure() -> Iterator[Figure]:
    """Yield the figures of going live, of a killed ffmpeg, of the finished recording, and of the engines."""
    host = _host()
    with served() as url:
        yield from _live(url, host)
        yield from _media(url, host)
    yield from _recording(host)
    with_gap = _session(host)
    yield from measure_anchors(with_gap)
    _remove(with_gap)
    yield from engines.measure()
    yield from janus.measure()


def _live(url: str, host: User) -> Iterator[Figure]:
    session = _session(host)
    client = Client()
    client.force_login(host, backend="django.contrib.auth.backends.ModelBackend")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    token = "a" * 32
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; csrftoken={token}", "X-CSRFToken": token}
    phone = Phone(url + reverse("livestream:chunk", args=[session.uid, 0, 0]), headers)
    web = _web_processes()
    with _agent() as agent:
        before = _cpu(web)
        phone.start()
        _wait_for(lambda: len(phone.answers) >= 10)
        recorded = (_cpu(web) - before) / (time.time() - phone.began)
        watched_at = time.time()
        first, ages, ladder = _watch(url, session, cookie, agent)
        killed = _kill(session)
        phone.stop()
    yield figure("live_piece_answered", median(phone.answers), "s", n=len(phone.answers))
    yield figure("live_publisher_cpu", recorded, "cores", against=PUBLISHER_CPU)
    yield figure("live_ladder_cpu", ladder, "cores", against=LADDER_CPU, n=1)
    yield figure("live_first_picture", first - watched_at, "s", against=FIRST_PICTURE)
    yield figure("live_latency_p50", median(ages), "s", n=len(ages))
    yield figure("live_latency_p95", quantiles(ages, n=20)[-1], "s", against=LATENCY, n=len(ages))
    yield figure("live_back_after_kill", killed, "s", against=5)
    lost = len(phone.answers) - session.parts.get().chunks.count()
    yield figure("live_pieces_lost_at_kill", lost, "", n=len(phone.answers))
    _remove(session)


def _watch(
    url: str, session: LiveSession, cookie: str, agent: psutil.Process
) -> tuple[float, list[float], float]:
    """Open the watch page and play; return when the first picture was, the ages, and what the ladder cost."""
    note_watcher(session)
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright, "--autoplay-policy=no-user-gesture-required")
        context = browser.new_context(viewport=PHONE, bypass_csp=True)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
        page = context.new_page()
        page.goto(url + reverse("livestream:recording", args=[session.uid]))
        page.evaluate(WATCH)
        page.locator("[data-player-start]").click()
        _wait_for(lambda: page.evaluate("window.firstAt > 0"), page)
        page.wait_for_timeout(5_000)
        page.evaluate("window.ages = []")
        family = [agent, *agent.children(recursive=True)]
        before, began = _cpu(family), time.time()
        page.wait_for_timeout(LIVE_SECONDS * 1000)
        ladder = (_cpu(family) - before) / (time.time() - began)
        first, ages = page.evaluate("window.firstAt") / 1000, page.evaluate("window.ages")
        browser.close()
    return first, ages, ladder


def _kill(session: LiveSession) -> float:
    """Kill the ffmpeg; return the seconds until viewers get a new segment."""
    playlist = raw.live_folder(session.uid) / "240p" / "live.m3u8"
    run = TranscodeRun.objects.get(session=session, ended_at=None)
    os.kill(run.pid, signal.SIGKILL)
    killed = time.time()
    _wait_for(lambda: f"r{run.number + 1}-" in playlist.read_text())
    return time.time() - killed


def _media(url: str, host: User) -> Iterator[Figure]:
    """What Django hands out where no nginx stands in front."""
    session = _session(host)
    folder = raw.vod_folder(session.uid, 1)
    folder.mkdir(parents=True)
    (folder / "seg.m4s").write_bytes(os.urandom(80_000))
    address = f"{url}{media_base(session.uid, timezone.now())}vod/1/seg.m4s"
    rate = requests_per_second(address)
    yield figure("live_segments_by_django", rate, "1/s", size="80 kB, 2 gunicorn processes")
    _remove(session)


def _recording(host: User) -> Iterator[Figure]:
    """What it takes to make a recording, and how large it is."""
    session = _session(host)
    with TemporaryDirectory() as name:
        body = _drawn(Path(name))
        yield from _ladder_sizes(Path(name))
    send(session, 0, pieces(body, max(1, VOD_SECONDS)), wall_start=timezone.now(), now=timezone.now())
    finish(session=session, parts=[Declared(0, session.parts.get().chunks.count())])
    began, times = time.time(), os.times()
    build_recording(build=RecordingBuild.objects.get(session=session))
    took = time.time() - began
    after = os.times()
    cpu = (after.children_user - times.children_user) + (after.children_system - times.children_system)
    minutes = VOD_SECONDS / 60
    size = f"{VOD_SECONDS} s of 360x640"
    yield figure(
        "live_recording_ready", took / minutes * 10 / 60, "min", against=10, size=f"10 min, from {size}"
    )
    yield figure("live_recording_cpu", cpu / VOD_SECONDS, "cores", size=size)
    made = {each.kind: each for each in session.renditions.all()}
    yield figure("live_240p", made["240p"].megabytes_per_minute, "MB/min", against=LOW_MB, size=size)
    yield figure("live_360p", made["360p"].megabytes_per_minute, "MB/min", size=size)
    yield figure("live_audio", made["audio"].megabytes_per_minute, "MB/min", against=AUDIO_MB, size=size)
    _remove(session)


def _ladder_sizes(folder: Path) -> Iterator[Figure]:
    """What a viewer of the live ladder loads, of the same scene; what pages say it costs comes from here."""
    for kind in (*RUNGS, AUDIO):
        (folder / kind).mkdir()
    command = ladder_command(["-i", str(folder / "drawn.webm")], folder, 1, has_audio=True)
    subprocess.run([ffmpeg_binary(), "-nostdin", "-loglevel", "fatal", *command], check=True)
    for kind in (*RUNGS, AUDIO):
        size = sum(path.stat().st_size for path in (folder / kind).glob("*.ts"))
        seconds = sum(each for _uri, each in read_segments(own_playlist(folder / kind, 1)))
        cost = size / 1_000_000 / (seconds / 60)
        yield figure(f"live_ladder_{kind}", cost, "MB/min", size=f"{VOD_SECONDS} s of 360x640")


def _drawn(folder: Path) -> bytes:
    """Draw a busy scene: slow zoom into a fractal, with grain."""
    target = folder / "drawn.webm"
    picture = f"mandelbrot=s=360x640:r=20,noise=alls=12:allf=t,trim=duration={VOD_SECONDS}"
    sound = f"anoisesrc=d={VOD_SECONDS}:c=pink:a=0.3:r=48000"
    coding = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "10", "-b:v", "700k"]
    coding += ["-g", "40"]  # two seconds, as a phone is told
    command = [ffmpeg_binary(), "-nostdin", "-loglevel", "error", "-f", "lavfi", "-i", picture]
    command += ["-f", "lavfi", "-i", sound, *coding, "-c:a", "libopus", "-b:a", "48k", str(target)]
    subprocess.run(command, check=True)
    return target.read_bytes()


@contextmanager
def _agent() -> Iterator[psutil.Process]:
    """Run the media agent."""
    command = [sys.executable, "manage.py", "run_media_agent"]
    process = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=end_with_parent,
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def _host() -> User:
    """Make a trainee who has agreed to be recorded."""
    user = User.objects.create_user(username=f"bench-{uuid.uuid4().hex[:12]}")
    person = register_self(user=user, name="学员甲", village=None)
    decide_rehearsal_consent(person=person, item="record_rehearsal", agrees=True, by=user, language="zh-hans")
    return user


def _session(host: User) -> LiveSession:
    run = start_run(person=host.person, blueprint=BLUEPRINTS["loop"], client_token=uuid.uuid4())
    return start_rehearsal(person=host.person, run=run, client_token=uuid.uuid4(), user=host)


def _remove(session: LiveSession) -> None:
    end_session(session=session)
    remove_recording(session=session)


def _web_processes() -> list[psutil.Process]:
    return [
        each for each in psutil.Process().children(recursive=True) if "gunicorn" in " ".join(each.cmdline())
    ]


def _cpu(processes: list[psutil.Process]) -> float:
    """Return the seconds of processor time they have had, children that ended included."""
    total = 0.0
    for each in processes:
        try:
            total += sum(each.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue
    return total


def _wait_for(is_so, page=None) -> None:
    for _ in range(600):
        if is_so():
            return
        if page is None:
            time.sleep(0.1)
        else:
            page.wait_for_timeout(100)
    raise RuntimeError("It did not happen within a minute.")
