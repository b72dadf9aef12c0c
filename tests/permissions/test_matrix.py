"""The whole matrix: every address x every role x own and foreign region x visitor x trainee."""

import hashlib
import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.test import Client
from django.utils.html import escape

from config import urls
from registry.capabilities import CAPABILITIES, Capability
from registry.models import Appointment
from tests.permissions.actors import ACTORS, COUNTY, HERE, THERE, Actor
from tests.permissions.lines.wagtail import WAGTAIL
from tests.permissions.matrix import ENDS_THE_SESSION, GRID, ROLES, ROUTES
from tests.permissions.routes import filled, is_ours, resolved, who_of_wagtail
from tests.permissions.words import DEMO, NOBODY, OWN, PUBLIC, SIGNED_IN, TOKEN, Route

pytestmark = pytest.mark.slow

BACKEND = "django.contrib.auth.backends.ModelBackend"
SIGN_IN = re.compile(r"^(/en)?/(account/(login|staff)|admin/login)/")


def test_every_role_of_the_site_is_in_the_matrix():
    assert set(ROLES) == set(Appointment.Role.values)


def test_the_sites_table_says_what_the_matrix_says():
    by_capability = {
        str(capability): {str(role) for role in ROLES if capability in CAPABILITIES[role]}
        for capability in Capability
    }

    assert by_capability == {name: set(roles.split()) for name, roles in GRID.items()}


def test_every_address_has_a_line():
    known = {route.path for route in ROUTES}
    missing = [
        f'    Route("{path}", WHO),  # {pattern.callback.__module__}'
        for path, pattern in resolved()
        if (path not in known if is_ours(path, pattern) else who_of_wagtail(path) is None)
    ]

    assert not missing, "Add to ROUTES in tests/permissions/lines, with who may:\n" + "\n".join(missing)


def test_every_line_has_an_address():
    there = {path for path, _pattern in resolved()}
    stale = [str(route) for route in ROUTES if route.path not in there]
    unused = [each for each in WAGTAIL if each and not any(path.startswith(each) for path in there)]

    assert not stale, f"Take out of ROUTES in tests/permissions/lines: {stale}"
    assert not unused, f"Take out of WAGTAIL in tests/permissions/lines/wagtail.py: {unused}"


def is_allowed(route: Route, actor: Actor) -> bool:
    """Say what the line means for an actor; written again by hand, without the site's own functions."""
    words = route.who.split()
    if NOBODY in words or TOKEN in words:
        return False
    if PUBLIC in words or DEMO in words or (actor.name == "superuser" and words != [OWN]):
        return True
    if SIGNED_IN in words:
        return actor.name != "visitor"
    if OWN in words and actor == Actor("trainee", HERE):
        return True
    holders = {role for word in words for role in GRID.get(word, "").split()}
    if route.path.startswith("admin/"):
        holders &= set(GRID["open_admin"].split())
    return actor.name in holders and (not route.of or _reaches(actor, route))


IN_ITS_TOWN = {
    "class_paper",
    "counted_person",
    "live_class",
    "outcome",
    "person",
    "submission",
    "work_file",
    "taught_class",
    "class_step",
    "seat",
    "waiting",
    "sitting",
    "sitting_photo",
    "sitting_place",
    "room",
}


def _reaches(actor: Actor, route: Route) -> bool:
    """Say whether the actor's region holds the objects of the world, which lie in the first county."""
    if actor.name == "town" and route.of != "place":
        return actor.where == HERE and route.of in IN_ITS_TOWN
    return actor.where == HERE


def knock(client: Client, method: str, address: str):
    """Send one request and return its answer, without following; what it did is undone."""
    with transaction.atomic():
        response = _sent(client, method, address)
        if response.streaming:
            response.getvalue()  # else the file stays open
        transaction.set_rollback(True)
    return response


def _sent(client: Client, method: str, address: str):
    if method == "PUT":  # a piece of a recording
        digest = hashlib.sha256(b"piece").hexdigest()
        return client.put(address, b"piece", "video/webm", headers={"X-Chunk-Sha256": digest})
    return client.get(address) if method == "GET" else client.post(address, {})


def address_of(route: Route, world, *, exists: bool = True) -> str:
    """Return the address of a line, of the object in the first county or of one that is nowhere."""
    kwargs = world.kwargs(route.of, exists=exists) if route.of else {}
    query = "?" + route.query.format(**kwargs) if route.query else ""
    return filled(route.path, kwargs) + query


def is_inside(response) -> bool:
    """Say whether the answer is that of somebody who may."""
    if response.status_code in {301, 302, 303}:
        return not SIGN_IN.match(response["Location"])
    return response.status_code in {200, 201, 204}


def without_address(response, address: str) -> tuple:
    """Return what an answer says, with every mention of the address it was asked at left out."""
    said = "\n".join([response.headers.get("Location", ""), response.content.decode()])
    for spelt in (quote(address, safe=""), quote(address), escape(address), address):
        said = said.replace(spelt, "@")
    return response.status_code, sorted(response.headers), said


def problem_of(client: Client, actor: Actor, route: Route, method: str, world) -> str:
    """Knock once where it should open, twice where it should not; return what was wrong, or nothing."""
    address = address_of(route, world)
    response = knock(client, method, address)
    said = f"{method} {route} by {actor}: {response.status_code} {response.headers.get('Location', '')}"
    if route.who == PUBLIC:  # pages of signing in lead to each other, /readyz says what runs
        return "" if response.status_code in {200, 302, 303, 503} else said
    if is_allowed(route, actor):
        return "" if is_inside(response) else f"{said}, but {route.who} may"
    is_sign_in = response.status_code == 302 and bool(SIGN_IN.match(response["Location"]))
    is_refused = response.status_code == (401 if route.who == TOKEN else 404) or (
        is_sign_in and (actor.name == "visitor" or route.path.startswith("admin/"))
    )
    if not is_refused:
        return f"{said}, but only {route.who} may"
    if not route.of:
        return ""
    nowhere = address_of(route, world, exists=False)
    other = without_address(knock(client, method, nowhere), nowhere)
    if without_address(response, address) == other:
        return ""
    # A message of an earlier page was on the first answer, and is gone now.
    if without_address(knock(client, method, address), address) == other:
        return ""
    return f"{said}: something that does not exist gets another answer"


def signed_in(world, actor: Actor) -> Client:
    """Return a browser of the actor."""
    client = Client(raise_request_exception=False)
    user = world.user(actor)
    if user is not None:
        client.force_login(user, backend=BACKEND)
    return client


# The page of a refusal says the same to everybody. These get it drawn, the others only its status: drawing it
# is a fifth of the matrix.
GETS_PAGES_OF_REFUSAL = {"visitor", "trainee", "office"}


def refuse(_request: HttpRequest, exception: Exception) -> HttpResponse:
    del exception  # what Django calls the argument
    return HttpResponseNotFound()


@pytest.mark.parametrize("actor", ACTORS, ids=str)
def test_actor_gets_what_the_lines_say_and_nothing_else(world, db, actor, monkeypatch):
    if actor.name not in GETS_PAGES_OF_REFUSAL:
        monkeypatch.setattr(urls, "handler404", refuse, raising=False)
    client = signed_in(world, actor)
    problems = []
    for route in sorted(ROUTES, key=lambda route: route.path in ENDS_THE_SESSION):
        for method in route.methods.split():
            problems.append(problem_of(client, actor, route, method, world))

    assert not any(problems), "\n".join(filter(None, problems))


@pytest.mark.parametrize("route", [route for route in ROUTES if route.who == DEMO], ids=str)
def test_demo_pages_are_nowhere_else(world, db, client, settings, route):
    settings.DEMO = False

    assert client.get(address_of(route, world)).status_code == 404


IN_ONE_LANGUAGE = ("admin/", "api/")


@pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.of and not route.path.startswith(IN_ONE_LANGUAGE)], ids=str
)
def test_english_addresses_answer_alike(world, db, route):
    for actor in (Actor("visitor"), Actor("office", THERE), Actor("office", HERE)):
        client = signed_in(world, actor)
        method = route.methods.split()[0]
        response = knock(client, method, "/en" + address_of(route, world))
        if "slug" in route.path:  # the course is published in Chinese only
            assert response.status_code in {302, 404}
        else:
            assert is_inside(response) is is_allowed(route, actor), actor


def test_no_private_file_has_an_address_of_its_own(world, client, db):
    for file in (world.work_file.file, world.certificate.pdf, world.roster.error_workbook):
        assert file.storage.exists(file.name)
        assert client.get(f"{settings.MEDIA_URL}{file.name}").status_code == 404


def test_world_lies_where_the_matrix_says(world):
    assert world.training_class.county_code == COUNTY
