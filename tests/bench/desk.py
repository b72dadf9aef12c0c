"""The desk's first page at set M: what it weighs with everything it loads, what it asks, how long it takes.

The province is that of `counting.py`; the year is the one its classes lie in. A county's office and a reader
of the whole province open the page.
"""

import re
import urllib.request
from collections.abc import Iterator
from datetime import date
from functools import partial

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry import second_factor
from registry.models import Appointment, User
from registry.queries.places import version_by_code
from registry.services import appoint
from tests.bench.counting import PLACES, PROVINCE, ROUNDS, make_province, p95
from tests.bench.run import Figure, figure
from tests.bench.server import served

COUNTY = "970101"
PATH = "/county/?month=2025-12"
BYTES, QUERIES, MS = 150_000, 15, 1_000  # the bars of issue 5
_LOADED = re.compile(r'<(?:link|script|img)[^>]*(?:href|src)="(/[^"]+)"')
_HEADERS = {"Accept-Encoding": "gzip", "Accept-Language": "zh-CN"}


def measure() -> Iterator[Figure]:
    """Yield the figures of the page; the province is made when it is not there."""
    make_province()
    size = f"{PLACES} person-times"
    for name, role, code in (
        ("county", Appointment.Role.OFFICE, COUNTY),
        ("province", Appointment.Role.PROVINCE_READER, PROVINCE),
    ):
        client = _signed_in(name, role, code)
        yield figure(f"desk_{name}_p95", p95(partial(_open, client)), "ms", against=MS, n=ROUNDS, size=size)
        yield figure(f"desk_{name}_queries", _queries(client), "queries", against=QUERIES, size=size)
        yield figure(f"desk_{name}_bytes", _weight(client), "bytes", against=BYTES, size=PATH)


def _signed_in(name: str, role: str, code: str) -> Client:
    """Return a browser of an official of that region, with her second proof given."""
    user, is_new = User.objects.get_or_create(
        username=f"bench-desk-{name}", defaults={"display_name": "示例"}
    )
    if is_new:
        appoint(user=user, role=role, region=version_by_code(code).region, since=date(2020, 1, 1))
    client = Client(HTTP_HOST="localhost", headers=_HEADERS)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[second_factor.SESSION_KEY] = second_factor.PASSED
    session.save()
    return client


def _open(client: Client) -> None:
    response = client.get(PATH)
    if response.status_code != 200:
        raise RuntimeError(f"{PATH} answered {response.status_code}")


def _queries(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        client.get(PATH)
    return len(queries)


def _weight(client: Client) -> int:
    """Return the bytes of the page and of all it names, as a browser with an empty cache gets them."""
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    headers = {**_HEADERS, "Cookie": cookie}
    plain = {name: value for name, value in headers.items() if name != "Accept-Encoding"}
    with served() as url:
        page = _fetched(url + PATH, plain).decode()
        weight = len(_fetched(url + PATH, headers))
        return weight + sum(len(_fetched(url + path, headers)) for path in set(_LOADED.findall(page)))


def _fetched(address: str, headers: dict[str, str]) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
        return answer.read()
