"""A morning on which 200 people sign in within five minutes, while 50 stations come back from an outage.

The 200 scan the wall of one hall and press; each phone sends twice, as phones do that hear no answer. Half
way the 50 tutors' devices send 40 taps each, all at once and each twice. What is in the ledger afterwards is
counted: nothing may be lost or doubled (domain brief section 7).
"""

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from courses.models import Attendance, Course, Enrolment, SignIn, TrainingClass
from courses.services import (
    ClassPlan,
    SittingPlan,
    add_sitting,
    approve_class,
    check_class,
    plan_class,
    submit_class,
    take_place,
)
from courses.wall_codes import wall_code
from registry import second_factor
from registry.demo import COUNTY
from registry.models import Person, Region, RegionVersion, User
from tests.bench.run import Figure, figure
from tests.bench.server import served

PEOPLE, STATIONS, TAPS, MINUTES = 200, 50, 40, 5
ROOM_IN_TIME = 60  # seconds the 200 are given here: five times faster than they come
P95_SECONDS = 2.0
_CSRF = "x" * 32


@dataclass
class Burst:
    """What was sent, and how long each answer took."""

    seconds: list[float]
    failures: list[str]

    def p95(self) -> float:
        return sorted(self.seconds)[int(len(self.seconds) * 0.95) - 1]


def measure() -> Iterator[Figure]:
    """Yield how late the answers came, and how many sign-ins were lost and doubled."""
    village = RegionVersion.objects.filter(code__startswith=COUNTY, level=5).earliest("code").region
    hall = _open_class(village, PEOPLE)
    rooms = [_open_class(village, TAPS) for _ in range(STATIONS)]
    sitting = hall.sittings.get()
    site = sitting.sites.get().uid
    people = User.objects.filter(person__enrolments__training_class=hall)
    phones = [(_session_of(user), n * ROOM_IN_TIME / PEOPLE) for n, user in enumerate(people)]
    devices = [(_session_of(_user(is_superuser=True)), *_collected(room)) for room in rooms]
    walking, stations = Burst([], []), Burst([], [])
    with served() as url:
        threads = [
            threading.Thread(target=_walk_in, args=(url, sitting.uid, site, *phone, walking))
            for phone in phones
        ]
        threads += [threading.Thread(target=_sync, args=(url, *device, stations)) for device in devices]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    yield from _figures([hall, *rooms], walking, stations)


def _figures(classes: list[TrainingClass], walking: Burst, stations: Burst) -> Iterator[Figure]:
    size = f"{PEOPLE} people in {ROOM_IN_TIME} s, {STATIONS} stations with {TAPS} taps at once, all twice"
    wanted = PEOPLE + STATIONS * TAPS
    places = Enrolment.objects.filter(training_class__in=classes)
    sums = places.annotate(sum=Sum("attendances__minutes"))
    lost = sums.filter(sum__isnull=True).count()
    doubled = sums.filter(sum__gt=60).count()
    rows = Attendance.objects.filter(enrolment__in=places).count()
    sign_ins = SignIn.objects.filter(enrolment__in=places).count()
    yield figure("sign_in_failures", len(walking.failures) + len(stations.failures), "answers", size=size)
    yield figure("sign_in_lost", lost, "people", n=wanted, size=size)
    yield figure(
        "sign_in_doubled", doubled + max(rows, sign_ins) - wanted + lost, "rows", n=wanted, size=size
    )
    yield figure("sign_in_p95_s", walking.p95(), "s", against=P95_SECONDS, n=len(walking.seconds), size=size)
    yield figure("station_sync_p95_s", stations.p95(), "s", n=len(stations.seconds), size=size)


def _walk_in(url: str, sitting: UUID, site: UUID, session: str, after: float, burst: Burst) -> None:
    """Scan the wall, see the page and press the button, twice."""
    time.sleep(after)
    code = wall_code(site)
    _timed(burst, lambda: _ask(f"{url}/learn/here/{quote(code)}/", session))
    pressed = urlencode({"sitting": sitting, "csrfmiddlewaretoken": _CSRF}).encode()
    for _ in range(2):
        _timed(burst, lambda: _ask(f"{url}/learn/here/", session, pressed))


def _collected(room: TrainingClass) -> tuple[UUID, bytes]:
    """Return where a tutor's device sends what it collected without a network, and that."""
    site, now = room.sittings.get().sites.get(), timezone.now().isoformat()
    taps = [
        {"enrolment": str(place.uid), "token": str(uuid4()), "at": now} for place in room.enrolments.all()
    ]
    return site.uid, json.dumps({"device": f"bench {site.pk}", "device_time": now, "taps": taps}).encode()


def _sync(url: str, session: str, site: UUID, body: bytes, burst: Burst) -> None:
    """Send what was collected half way, and once more."""
    time.sleep(ROOM_IN_TIME / 2)
    for _ in range(2):
        _timed(
            burst, lambda: _ask(f"{url}/learn/classes/sites/{site}/taps/", session, body, "application/json")
        )


def _timed(burst: Burst, ask: Callable[[], None]) -> None:
    began = time.perf_counter()
    try:
        ask()
    except OSError as problem:  # an HTTPError is one
        burst.failures.append(str(problem))
    burst.seconds.append(time.perf_counter() - began)


def _ask(
    url: str, session: str, body: bytes | None = None, kind: str = "application/x-www-form-urlencoded"
) -> None:
    headers = {
        "Cookie": f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={_CSRF}",
        "X-CSRFToken": _CSRF,
        "Content-Type": kind,
    }
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:
        answer.read()


def _open_class(village: Region, people: int) -> TrainingClass:
    """Return a class that is on now, with a sitting of an hour and so many people."""
    now = timezone.localtime()
    body, town, office = (_user() for _ in range(3))
    plan = ClassPlan(
        starts_on=now.date(),
        ends_on=now.date(),
        planned_hours=Decimal(1),
        capacity=people,
        venue="文化站",
        room_capacity=people,
        budget_line="bench",
        lead_teacher="示例老师",
    )
    course = Course.objects.earliest("pk")
    early = now - timedelta(days=20)
    planned = plan_class(course=course, place=village, plan=plan, by=body, now=early)
    _add_sitting(planned, now, body)
    submit_class(training_class=planned, by=body, now=early)
    check_class(training_class=planned, by=town, now=early)
    approve_class(training_class=planned, approval_number="示例1号", by=office, now=early)
    keeper = _user()
    for n in range(people):
        person = Person.objects.create(name=f"学员{n}", name_key=f"学员{n}", user=_user(), village=village)
        take_place(training_class=planned, person=person, by=keeper, now=early)
    planned.refresh_from_db()
    return planned


def _add_sitting(planned: TrainingClass, now: datetime, by: User) -> None:
    begins = now - timedelta(minutes=5)
    sitting = SittingPlan("morning", begins, begins + timedelta(minutes=60), 60, "选品与包装")
    add_sitting(training_class=planned, plan=sitting, by=by)


def _user(**fields: object) -> User:
    return User.objects.create(username=f"bench-{uuid4().hex[:16]}", display_name="示例", **fields)


def _session_of(user: User) -> str:
    """Return the cookie of somebody who has come the whole way in."""
    client = Client(HTTP_HOST="localhost")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[second_factor.SESSION_KEY] = second_factor.PASSED
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value
