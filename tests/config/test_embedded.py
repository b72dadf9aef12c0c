"""The embedded servers through everything that a careless machine does to them."""

import os
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg2
import pytest
import redis
from django.conf import settings

from config import embedded
from config.embedded import places

START = """from config import embedded
embedded.ensure_started()
print(embedded.database_url(), embedded.redis_url())"""
STOP = "from config import embedded; print(embedded.stop_if_unused())"
# Group by module: the tests share one pair of servers and kill them in turn.
pytestmark = [pytest.mark.servers, pytest.mark.xdist_group("embedded")]


def own_environment(home):
    ours = {"DATABASE_URL", "REDIS_URL", "CUNBO_POSTGRES", "CUNBO_THROWAWAY"}
    return {k: v for k, v in os.environ.items() if k not in ours} | {"CUNBO_LOCAL": str(home)}


def run(code, home, **environment):
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**own_environment(home), **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()


@pytest.fixture(scope="module")
def home():
    """The folder of a pair of servers of their own.

    Not below pytest's temporary folder: every run of pytest closes that to PostgreSQL's user again.
    """
    with tempfile.TemporaryDirectory(prefix="cunbo-test-") as folder:
        yield Path(folder)
        run(STOP, folder)


@pytest.fixture
def addresses(home):
    """Both addresses, the servers running."""
    return run(START, home).split()


def postmaster(home):
    return int((home / "postgres" / "postmaster.pid").read_text().split()[0])


def redis_pid(home):
    return int((home / "redis" / "pid").read_text())


def kill_9(pid):
    os.kill(pid, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=5)


def test_concurrent_starts_share_one_pair_of_servers(home):
    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(lambda _: run(START, home), range(4)))

    assert len(answers) == 1
    postgres = [
        p for p in psutil.process_iter(["cmdline"]) if str(home / "postgres") in (p.info["cmdline"] or [])
    ]
    assert [p.pid for p in postgres] == [postmaster(home)]


def test_servers_listen_on_no_port(home, addresses):
    listening = [
        c
        for pid in (postmaster(home), redis_pid(home))
        for c in psutil.Process(pid).net_connections("inet")
        if c.status == psutil.CONN_LISTEN
    ]

    assert listening == []


def test_postgres_keeps_committed_rows_when_killed(home, addresses):
    with psycopg2.connect(addresses[0]) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS kept; CREATE TABLE kept AS SELECT 7 AS number")
    connection.close()
    held = psycopg2.connect(addresses[0])  # a client that is in the middle of something
    held.cursor().execute("SELECT 1")

    kill_9(postmaster(home))

    again = psycopg2.connect(run(START, home).split()[0])
    cursor = again.cursor()
    cursor.execute("SELECT number FROM kept")
    assert cursor.fetchall() == [(7,)]
    again.close()
    held.close()


@pytest.mark.parametrize("content", ["", "{pid}\n/elsewhere\n"])
def test_postgres_starts_over_a_pid_file_of_somebody_else(home, addresses, content):
    pid_file = home / "postgres" / "postmaster.pid"
    assert run(STOP, home) == "True"
    pid_file.write_text(content.format(pid=os.getpid()))
    pid_file.chmod(0o644)

    run(START, home)

    assert postmaster(home) != os.getpid()


def test_redis_keeps_what_is_queued_when_killed(home, addresses):
    client = redis.Redis.from_url(addresses[1])
    client.rpush("queue", "task")
    client.close()

    kill_9(redis_pid(home))

    client = redis.Redis.from_url(run(START, home).split()[1])
    assert client.lrange("queue", 0, -1) == [b"task"]
    client.delete("queue")
    client.close()


def test_servers_outlive_the_command_that_started_them_when_it_is_killed(home):
    before = run(STOP, home)
    command = [sys.executable, "-c", f"{START}\nimport sys, time; sys.stdout.flush(); time.sleep(60)"]
    starter = subprocess.Popen(
        command, env=own_environment(home), cwd=settings.BASE_DIR, stdout=subprocess.PIPE
    )
    starter.stdout.readline()

    starter.kill()
    starter.communicate()

    assert before == "True"
    assert psutil.pid_exists(postmaster(home))
    assert psutil.pid_exists(redis_pid(home))


def test_stop_leaves_servers_that_another_process_uses(home, addresses):
    command = [sys.executable, "-c", f"{START}\nimport sys; sys.stdout.flush(); sys.stdin.read()"]
    user = subprocess.Popen(
        command,
        env=own_environment(home),
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    user.stdout.readline()

    stopped_while_used = run(STOP, home)
    user.communicate(b"")

    assert stopped_while_used == "False"
    assert run(STOP, home) == "True"


def test_folder_with_a_long_name_and_blanks_works():
    with tempfile.TemporaryDirectory(prefix="cunbo-test-") as folder:
        home = Path(folder) / "村播 学堂" / ("x" * 90)
        home.mkdir(parents=True)

        database, _redis = run(START, home, CUNBO_THROWAWAY="1").split()

        psycopg2.connect(database).close()
        assert run(STOP, home) == "True"


def test_urls_of_real_servers_win(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://db/x")
    monkeypatch.setenv("REDIS_URL", "redis://cache:6379/0")
    monkeypatch.setattr(places, "hold", lambda: pytest.fail("an embedded server was wanted"))

    embedded.ensure_started()

    assert embedded.database_url() == "postgres://db/x"
    assert embedded.redis_url() == "redis://cache:6379/0"
    assert embedded.redis_url(3) == "redis://cache:6379/3"


def test_socket_folder_made_by_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    home = Path("/" + "y" * 100)
    places.socket_folder(home).symlink_to(tmp_path)

    with pytest.raises(embedded.EmbeddedServiceError, match="somebody else"):
        places.make_socket_folder(home, os.geteuid())


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("unix:///a/redis.sock?db=3", "redis+socket:///a/redis.sock?virtual_host=3"),
        ("redis://cache:6379/1", "redis://cache:6379/1"),
    ],
)
def test_celery_url_is_spelt_as_its_transport_wants(url, expected):
    assert embedded.celery_url(url) == expected
