"""Where the embedded servers keep their files and sockets, and who is using them."""

import fcntl
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.errors import EmbeddedServiceError

_CHECKOUT = Path(__file__).resolve().parent.parent.parent
# sockaddr_un holds 107 bytes; the longest name below a socket folder is PostgreSQL's lock file.
_LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
_uses: dict[Path, int] = {}


def local() -> Path:
    """Return the ignored folder that holds all state; `CUNBO_LOCAL` moves it."""
    return Path(os.environ.get("CUNBO_LOCAL") or _CHECKOUT / ".local").absolute()


def database_home() -> Path:
    """Return the folder of the database's files; `CUNBO_POSTGRES` moves it out of `local()` (the tests)."""
    return Path(os.environ.get("CUNBO_POSTGRES") or local() / "postgres").absolute()


def is_throwaway() -> bool:
    """Say whether speed matters more than surviving a power cut (`CUNBO_THROWAWAY=1`, the tests)."""
    return os.environ.get("CUNBO_THROWAWAY") == "1"


def socket_folder(home: Path) -> Path:
    """Return the folder for the socket of the server that lives in `home`; makes nothing.

    It is `home` itself unless its path is too long for a socket or needs quoting in an address.
    """
    if len(os.fsencode(home)) <= _LONGEST_FOLDER and re.fullmatch(r"[A-Za-z0-9_./-]+", str(home)):
        return home
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"cunbo-{key}"


def make_socket_folder(home: Path, owner: int) -> Path:
    """Make the folder of `socket_folder` for the user id `owner`, closed to everybody else.

    Raises `EmbeddedServiceError` when somebody else made it first: the temporary folder is open to all.
    """
    folder = socket_folder(home)
    if folder == home:
        return folder
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid not in {owner, os.geteuid()}:
        raise EmbeddedServiceError(f"{folder} belongs to somebody else; remove it and start again.")
    if folder.stat().st_uid != owner:
        os.chown(folder, owner, -1)
    folder.chmod(0o700)
    return folder


@contextmanager
def start_lock() -> Iterator[None]:
    """Let one process at a time start or stop servers; the kernel frees it when a holder dies."""
    local().mkdir(parents=True, exist_ok=True)
    with (local() / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def hold() -> None:
    """Mark this process as a user of the servers until it ends, however it ends.

    A record lock belongs to the process alone: what it forks does not count as a user.
    """
    if local() in _uses:
        return
    local().mkdir(parents=True, exist_ok=True)
    # A bare descriptor, never closed by us: the lock goes when the process does.
    users = os.open(local() / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    fcntl.lockf(users, fcntl.LOCK_SH)
    _uses[local()] = users


def is_held_by_others() -> bool:
    """Give up this process's own use and say whether another process still holds the servers."""
    if own := _uses.pop(local(), None):
        os.close(own)
    with (local() / "users.lock").open("a+") as users:
        try:
            fcntl.lockf(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
