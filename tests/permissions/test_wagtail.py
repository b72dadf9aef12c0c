"""Wagtail's own addresses: who gets in, and what an editor of one county sees of another.

Decided: lessons, their pictures, files, videos and course records are shared by all counties, and with them
the names of those who wrote and approved them. Accounts, groups, settings and the log of other things are for
the site's administrators; nothing in Wagtail shows a trainee.
"""

import pytest
from django.urls import reverse

from courses.services import return_for_redo
from tests.permissions.actors import HERE, THERE, Actor
from tests.permissions.matrix import GRID
from tests.permissions.routes import filled, is_ours, resolved, who_of_wagtail
from tests.permissions.test_matrix import SIGN_IN, knock, signed_in
from tests.permissions.words import PUBLIC

pytestmark = pytest.mark.slow

ADMINS = GRID["open_admin"].split()
OUTSIDERS = [Actor("visitor"), Actor("ended"), Actor("trainee", HERE)]


def wagtail_addresses(world=None) -> list[tuple[str, str]]:
    """Return Wagtail's addresses in the admin that are not for everybody, filled in, with who may."""
    found = []
    page = world.lesson.pk if world else 1
    about_pages = ("page_id", "parent_page_id", "page_to_move_id", "destination_id")
    kwargs = {"pk": 1} | dict.fromkeys(about_pages, page)
    for path, pattern in resolved():
        who = who_of_wagtail(path)
        address = "" if is_ours(path, pattern) else filled(path, kwargs)
        if address.startswith("/admin/") and who and who != PUBLIC and path != "admin/failwhale/":
            found.append((address, who))
    return found


def is_shut(response) -> bool:
    """Say whether Wagtail refused: sign-in, back to its start, 403 or 404."""
    if response.status_code == 302:
        return bool(SIGN_IN.match(response["Location"])) or response["Location"] == "/admin/"
    return response.status_code in {401, 403, 404, 405}


def test_most_addresses_are_walked():
    assert len(wagtail_addresses()) > 180


@pytest.mark.parametrize("actor", OUTSIDERS, ids=str)
def test_wagtail_is_shut_to_those_without_the_admin(world, db, actor):
    client = signed_in(world, actor)
    opened = [
        f"{address}: {response.status_code}"
        for address, _who in wagtail_addresses(world)
        if not is_shut(response := knock(client, "GET", address))
    ]

    assert not opened, "\n".join(opened)


@pytest.mark.parametrize("role", ADMINS)
def test_wagtail_is_shut_to_roles_where_the_line_says_so(world, db, role):
    client = signed_in(world, Actor(role, HERE))
    opened = []
    for address, who in wagtail_addresses(world):
        holders = {holder for word in who.split() for holder in GRID.get(word, "").split()}
        if role not in holders and not is_shut(response := knock(client, "GET", address)):
            opened.append(f"{address}: {response.status_code}, but only {who} may")

    assert not opened, "\n".join(opened)


@pytest.mark.parametrize("role", ["instructor", "office"])
def test_editors_reach_the_shared_lessons_and_no_user(world, db, role):
    client = signed_in(world, Actor(role, THERE))

    assert client.get(reverse("wagtailadmin_pages:edit", args=[world.lesson.pk])).status_code == 200
    for name in ("index", "index_results", "add"):
        assert is_shut(client.get(reverse(f"wagtailusers_users:{name}"))), name
    assert is_shut(client.get(reverse("wagtailusers_users:edit", args=[world.users["office-here"].pk])))


@pytest.mark.parametrize("role", ["instructor", "office", "auditor"])
def test_nothing_in_wagtail_shows_people_of_another_county(world, db, role):
    marker = world.users[f"instructor-{HERE}"]
    return_for_redo(submission=world.submission, marker=marker, comment="再拍一次")
    client = signed_in(world, Actor(role, THERE))
    trainee = world.enrolment.person
    pages = [
        "wagtailadmin_home",
        "wagtailadmin_explore_root",
        "wagtailadmin_pages:search",
        "wagtailadmin_choose_page",
        "wagtailadmin_reports:site_history",
        "wagtailadmin_reports:workflow",
        "wagtailadmin_reports:workflow_tasks",
        "wagtailadmin_reports:aging_pages",
        "wagtailadmin_reports:locked_pages",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailimages_chooser:choose",
        "wagtaildocs_chooser:choose",
        "wagtailadmin_account",
    ]

    secrets = [trainee.name, str(world.submission.uid), world.certificate.number, marker.username]
    for page in pages:
        for query, echoed in (({}, 0), ({"q": trainee.name}, 1)):
            text = client.get(reverse(page), query).content.decode()
            assert not [secret for secret in secrets[echoed:] if secret in text], page


@pytest.mark.parametrize("role", ["instructor", "office", "auditor"])
def test_menu_offers_no_list_of_users(world, db, role):
    text = signed_in(world, Actor(role, HERE)).get("/admin/").content.decode()

    assert "/admin/users/" not in text
    assert "/admin/settings/" not in text


def test_menu_offers_what_the_role_may_do(world, db):
    offered = {
        role: {
            page
            for page in ("rosters", "places/changes", "places/villages", "appointments")
            if f"/admin/{page}/" in signed_in(world, Actor(role, HERE)).get("/admin/").content.decode()
        }
        for role in ADMINS
    }

    assert offered == {
        "office": {"rosters", "places/changes", "places/villages", "appointments"},
        "auditor": {"rosters", "places/changes", "appointments"},
        "certificate_clerk": set(),
        "town": set(),
        "instructor": set(),
    }
