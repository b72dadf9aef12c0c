"""Where the bytes of a session lie in the private storage, and how they get there whole. No database.

    live/<session>/<part>/<seq>      raw chunks, as they came
    live/<session>/hls/              the live ladder, disposable
    live/<session>/vod/<build>/      what was made of the raw parts

Recordings need a real folder: ffmpeg reads and writes there. On several machines it is a shared one.
"""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from registry.private_files import private_storage

FOLDER = "live"
_READ_AT_ONCE = 1024 * 1024


class DiskNearlyFull(OSError):
    """Too little is free for another recording."""


def session_folder(session: uuid.UUID) -> Path:
    """Return the folder of a session."""
    return Path(private_storage().path(f"{FOLDER}/{session}"))


def part_folder(session: uuid.UUID, part: int) -> Path:
    """Return the folder of a part's chunks."""
    return session_folder(session) / str(part)


def chunk_path(session: uuid.UUID, part: int, seq: int) -> Path:
    """Return where a chunk lies."""
    return part_folder(session, part) / str(seq)


def live_folder(session: uuid.UUID) -> Path:
    """Return the folder of the live ladder."""
    return session_folder(session) / "hls"


def vod_folder(session: uuid.UUID, build: int) -> Path:
    """Return the folder of one build of the finished recording."""
    return session_folder(session) / "vod" / str(build)


def free_share(folder: Path) -> float:
    """Return which share of the disk that holds `folder` is free."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free / usage.total


def check_free_space() -> None:
    """Raise DiskNearlyFull when less is free than `LIVE_LEAST_FREE_SHARE`."""
    if free_share(Path(private_storage().path(FOLDER))) < settings.LIVE_LEAST_FREE_SHARE:
        raise DiskNearlyFull


def lay_down(path: Path, body: bytes) -> Path:
    """Write `body` beside `path` so that it survives a power cut; `put_in_place` gives it its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    with beside.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return beside


def put_in_place(beside: Path, path: Path) -> None:
    """Give what was laid down its name, all at once."""
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def joined(paths: list[Path], target: Path) -> str:
    """Write files one after the other into `target`; return the SHA-256 of all."""
    hashed = hashlib.sha256()
    with target.open("wb") as file:
        for block in _blocks(paths):
            hashed.update(block)
            file.write(block)
    return hashed.hexdigest()


def _blocks(paths: list[Path]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while block := file.read(_READ_AT_ONCE):
                yield block


def remove_raw(session: uuid.UUID) -> None:
    """Delete the raw parts and the live ladder; what was made of them stays."""
    for folder in session_folder(session).glob("*"):
        if folder.name != "vod":
            shutil.rmtree(folder, ignore_errors=True) if folder.is_dir() else folder.unlink(missing_ok=True)


def remove_all(session: uuid.UUID) -> None:
    """Delete everything of a session."""
    shutil.rmtree(session_folder(session), ignore_errors=True)
