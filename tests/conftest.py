"""What many tests need: a database, a county, and somebody of each role."""

import gc
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, TransactionTestCase
from django.utils import translation

from config import celery_app, embedded
from registry import second_factor
from registry.models import Appointment, Region, RegionVersion, User
from registry.private_files import private_storage
from registry.queries.places import version_by_code
from registry.services import appoint, import_regions
from tests import databases
from tests.factories.registry import UserFactory

pytest_plugins = ["tests.browsers", "tests.servers", "tests.skips", "tests.livestream.engine_servers"]


def pytest_sessionstart(session: pytest.Session) -> None:
    embedded.ensure_started()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what waits for servers, so that at the end no process waits for another; browsers come last.

    A media server has seconds to notice a silent sender: beside tests that compute it would be late.
    From the first browser on, Playwright's loop runs in the process, and nothing else can run one of its own.
    """
    items.sort(key=lambda item: (_has(item, "browser"), not _has(item, "servers")))


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of every later garbage collection: it stays until the end."""
    gc.collect()
    gc.freeze()


def _has(item: pytest.Item, marker: str) -> bool:
    return item.get_closest_marker(marker) is not None


# The database is put back as a whole after a test that commits (below): emptying its tables before that takes
# time, and waits for whatever a worker still reads.
TransactionTestCase._fixture_teardown = lambda case: None


@pytest.fixture(scope="session")
def database_template(request, django_test_environment, django_db_blocker) -> str:
    """The name of the migrated database that every test's database is a copy of."""
    with django_db_blocker.unblock():
        return databases.migrate_template(again=request.config.getoption("create_db"))


@pytest.fixture(scope="session")
def django_db_setup(database_template, django_db_blocker) -> Iterator[None]:
    """Replaces pytest-django's own: a copy of the template instead of a migration a process."""
    with django_db_blocker.unblock():
        databases.copy_template(database_template)
    yield
    with django_db_blocker.unblock():
        databases.connections.close_all()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a test that commits, put its database, its tasks and its cache back to the beginning.

    After the last test nothing follows, and the session's fixtures are gone.
    """
    yield
    if nextitem is not None and _commits(item):
        request = item._request  # the fixtures are session-scoped and still there
        with request.getfixturevalue("django_db_blocker").unblock():
            databases.copy_template(request.getfixturevalue("database_template"))
        celery_app.control.purge()
        cache.clear()


def _commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    by_marker = bool(marker and (marker.kwargs.get("transaction") or (marker.args and marker.args[0])))
    return by_marker or bool({"transactional_db", "live_server", "live_site"} & set(item.fixturenames))


@pytest.fixture(autouse=True, scope="session")
def own_files() -> Iterator[None]:
    """Start and leave without the files of earlier tests."""
    folders = [Path(settings.MEDIA_ROOT), Path(settings.PRIVATE_STORAGE["OPTIONS"]["location"])]
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    yield
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def private_files(tmp_path, monkeypatch) -> Iterator[Path]:
    """The folder that private files go to during this test alone."""
    folder = tmp_path / "private"
    storage = private_storage()
    storage._clear_cached_properties("MEDIA_ROOT")
    monkeypatch.setattr(storage, "_location", folder)
    yield folder
    storage._clear_cached_properties("MEDIA_ROOT")


@pytest.fixture(autouse=True)
def own_language() -> None:
    """A request in English leaves its thread in English; the next test begins in the site's language."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Rate limits and cached pages of one test are nothing to the next."""
    cache.clear()


@pytest.fixture(autouse=True)
def whole_way_in(request, monkeypatch) -> None:
    """`force_login` stands for the whole way in, second factor included.

    A test marked `password_only` signs in as if only the password had been given.
    """
    if request.node.get_closest_marker("password_only"):
        return
    log_in = Client._login

    def log_in_wholly(client: Client, user: User, backend: str | None = None) -> None:
        log_in(client, user, backend)
        session = client.session
        session[second_factor.SESSION_KEY] = second_factor.PASSED
        session.save()

    monkeypatch.setattr(Client, "_login", log_in_wholly)


@pytest.fixture
def county(db) -> Region:
    """The region of Jiangyong 431125, whose tree is in every test's database."""
    return version_by_code("431125").region


@pytest.fixture
def empty_map(db) -> None:
    """No places at all."""
    RegionVersion.objects.all().delete()
    Region.objects.all().delete()


@pytest.fixture
def other_county(county) -> Region:
    """The region of the neighbour Jianghua 431129."""
    import_regions(county="431129")
    return version_by_code("431129").region


@pytest.fixture
def office_user(county) -> User:
    """An official of the county office since 2020."""
    user = UserFactory(username="office")
    appoint(user=user, role=Appointment.Role.OFFICE, region=county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def instructor_user(county) -> User:
    """An instructor of the county since 2020."""
    user = UserFactory(username="teacher")
    appoint(user=user, role=Appointment.Role.INSTRUCTOR, region=county, since=date(2020, 1, 1))
    return user


@pytest.fixture
def trainee_user(db) -> User:
    """Somebody who signs in with a phone."""
    return UserFactory(trainee=True)
