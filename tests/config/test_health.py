import pytest
from django.core.cache import cache

from config.celery_app import HEARTBEAT_KEY, HEARTBEAT_SECONDS, say_alive
from livestream.agent.supervisor import HEARTBEAT


def test_healthz_answers_without_asking_anything(client, django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")


def test_readyz_answers_ok_when_every_part_works(client, db):
    cache.set_many({HEARTBEAT_KEY: 1, HEARTBEAT: {"ladders": 0}})

    response = client.get("/readyz")

    assert response.status_code == 200
    parts = {"database": "ok", "redis": "ok", "worker": "ok", "media": "ok"}
    assert response.json() == {"ready": True, "parts": parts}


def test_readyz_needs_the_media_agent_where_a_media_server_is_in_use(client, db, settings):
    cache.set(HEARTBEAT_KEY, 1, HEARTBEAT_SECONDS)
    answers = {}

    for engines in ({"chunks"}, {"chunks", "janus"}):
        settings.LIVE_ENGINES = {name: {} for name in engines}
        answer = client.get("/readyz")
        answers[len(engines)] = (answer.status_code, answer.json()["parts"]["media"])

    assert answers == {1: (200, "absent"), 2: (503, "failing")}


def test_readyz_names_the_worker_when_it_is_silent(client, db):
    cache.set(HEARTBEAT, {"ladders": 0})

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "parts": {"database": "ok", "redis": "ok", "worker": "failing", "media": "ok"},
    }


def test_readyz_names_the_database_when_it_is_away(client):
    # Without the `db` fixture pytest-django refuses every query: to the view the database is away.
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["parts"]["database"] == "failing"


def test_readyz_names_redis_when_it_is_away(client, db, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock?db=0"}
    }

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["parts"] == {
        "database": "ok",
        "redis": "failing",
        "worker": "failing",
        "media": "failing",
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_take_only_safe_methods(client, path):
    assert client.post(path).status_code == 405


def test_heartbeat_is_what_readyz_looks_for():
    say_alive()

    assert cache.get(HEARTBEAT_KEY) == 1
