"""A live class of 500 on their phones, five messages a second: how late they come, and what it costs.

Server-sent events by the event server, and beside it, in the same run, asking the site every ten seconds as
browsers do where the stream is blocked. Targets: livestream.md section 9.
"""

import asyncio
import os
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psutil
import redis
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.models import CoursePage
from courses.services import enrol_person
from livestream.events.publishing import newest_event, publish
from livestream.events.tickets import ticket_for
from livestream.models import LiveClass
from livestream.services.live_class import Plan, begin_class, schedule_class
from registry.models import User
from registry.services import register_self
from tests.bench.load import requests_per_second
from tests.bench.run import Figure, figure
from tests.bench.server import served
from tests.lifelines import end_with_parent
from tests.listeners import Heard, listen

VIEWERS, A_SECOND, SECONDS = 500, 5, 30
P99_SECONDS, DELIVERED, CORE_PERCENT = 1.0, 100.0, 30.0
ASK_EVERY = 10


def measure() -> Iterator[Figure]:
    """Yield delivery times, the share delivered, and CPU for the stream; the same questions for asking."""
    room = str(uuid.uuid4())
    publish(room=room, kind="message", n=-1, sent=0)
    with _event_server() as (url, server):
        heard, percent = _listened(url, server, room)
    yield from _stream_figures(heard, percent)
    yield from _asking_figures()


def _listened(url: str, server: psutil.Process, room: str) -> tuple[list[Heard], float]:
    after = quote(newest_event(room))
    tickets = [ticket_for(room=room, viewer=f"p{number}") for number in range(VIEWERS)]
    paths = [f"/events/?ticket={ticket}&after={after}" for ticket in tickets]
    began: list[tuple[float, float]] = []

    def send(number: int, moment: float) -> None:
        if not began:
            began.append((time.perf_counter(), _cpu([server, _redis()])))
        publish(room=room, kind="message", n=number, sent=moment)

    heard = asyncio.run(listen(url, paths, send, messages=A_SECOND * SECONDS, pause=1 / A_SECOND))
    clock, used = began[0]
    return heard, 100 * (_cpu([server, _redis()]) - used) / (time.perf_counter() - clock)


def _stream_figures(heard: list[Heard], percent: float) -> Iterator[Figure]:
    size = f"{VIEWERS} viewers, {A_SECOND}/s"
    times = sorted(second for each in heard for second in each.seconds)
    wanted = VIEWERS * A_SECOND * SECONDS
    share = 100 * sum(len(set(each.numbers)) for each in heard) / wanted
    yield figure("chat_sse_p50_s", statistics.median(times), "s", n=len(times), size=size)
    yield figure("chat_sse_p99_s", _at(times, 0.99), "s", against=P99_SECONDS, n=len(times), size=size)
    yield figure("chat_sse_delivered", share, "%", against=DELIVERED, n=wanted, size=size)
    yield figure("chat_sse_core", percent, "% of a core", against=CORE_PERCENT, size=size)


def _asking_figures() -> Iterator[Figure]:
    """Yield what one question costs the site, and what share of a core 500 who ask every 10 s would take."""
    live_class, session = _class_and_session()
    path = reverse("livestream:class_updates", args=[live_class.uid])
    path = f"{path}?after={quote(newest_event(str(live_class.uid)))}"
    with served() as url:
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        workers = _workers_of(url)
        before = _cpu(workers)
        clock = time.perf_counter()
        rate = requests_per_second(url + path, clients=4, seconds=5, cookie=cookie)
        used = _cpu(workers) - before
        answered = rate * (time.perf_counter() - clock)
    size = f"{VIEWERS} viewers, every {ASK_EVERY} s"
    cost = used / answered
    yield figure("chat_asking_mean_s", ASK_EVERY / 2, "s", size=size)
    yield figure("chat_asking_ms", 1000 * cost, "ms of CPU a question", n=int(answered), size=size)
    yield figure("chat_asking_core", 100 * cost * VIEWERS / ASK_EVERY, "% of a core", size=size)


def _class_and_session() -> tuple[LiveClass, str]:
    """Return a class that is on, and the session of somebody who has a place in it."""
    user = User.objects.create_user(username=f"bench-{uuid.uuid4().hex[:12]}")
    person = register_self(user=user, name="学员甲", village=None)
    page = CoursePage.objects.live().filter(locale__language_code="zh-hans").order_by("path").first()
    if page is None:
        raise RuntimeError("The demo has no course.")
    place = enrol_person(person=person, course=page.course)
    live_class = schedule_class(
        training_class=place.training_class,
        plan=Plan("在线答疑", timezone.now(), 45),
        by=User.objects.get(username="teacher"),
        client_token=uuid.uuid4(),
    )
    begin_class(live_class=live_class)
    publish(room=str(live_class.uid), kind="hands", count=0)
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return live_class, client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def _event_server() -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    uvicorn = [str(Path(sys.executable).parent / "uvicorn"), "config.asgi:application", "--lifespan", "on"]
    server = subprocess.Popen(
        [*uvicorn, "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--no-access-log"],
        cwd=settings.BASE_DIR,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{url}/events/healthz")
        yield url, psutil.Process(server.pid)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(10)


def _wait(url: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("The event server did not come up.")


def _redis() -> psutil.Process:
    with redis.Redis.from_url(settings.REDIS_URL) as connection:
        return psutil.Process(connection.info("server")["process_id"])


def _workers_of(url: str) -> list[psutil.Process]:
    """Return the processes of the site at this address."""
    address = url.removeprefix("http://")
    return [each for each in psutil.process_iter() if address in _command(each)]


def _command(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _cpu(processes: list[psutil.Process]) -> float:
    times = [each.cpu_times() for each in processes]
    return sum(each.user + each.system for each in times)


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
