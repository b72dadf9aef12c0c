"""Feeds one session's pieces, in order, to an ffmpeg, and shows viewers what it makes. A thread a session."""

import contextlib
import io
import threading
import time
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

import av
import structlog
from django.db import close_old_connections, connections
from django.utils import timezone

from livestream import raw
from livestream.agent.child import Child, process_start
from livestream.ladder import AUDIO, RUNGS, Published, ladder_command, published, write_master
from livestream.models import LiveSession, MediaPart, TranscodeRun
from livestream.services.transcoder_runs import begin_run, end_run, next_run_number

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.05
# A piece that does not come: the next part is begun, or the hole skipped.
TURN_AFTER = 2.0
SKIP_HOLE_AFTER = 5.0
MOST_RESTARTS = 5
BACK_OFF = 1.0
# A slow phone's first piece may hold no picture yet.
OPENING_PIECES = 5
# Who begins to watch wants now, not the beginning.
BEHIND_NOW = timedelta(seconds=3)
STALE_AFTER = timedelta(seconds=30)


class FfmpegDied(Exception):
    """It ended although there was more to come."""


class SessionWorker(threading.Thread):
    """Keeps the ladder of one session going until it is told to stop."""

    def __init__(self, session: LiveSession) -> None:
        super().__init__(name=f"ladder-{session.uid}", daemon=True)
        self.session = session
        self.folder = raw.live_folder(session.uid)
        self.rungs: dict[str, Published] = {}
        self._stopping = threading.Event()
        self._restarts = 0
        self._asked_at = 0.0
        self._next: MediaPart | None = None

    def stop(self) -> None:
        """End soon; `join` waits for it."""
        self._stopping.set()

    def run(self) -> None:
        """Work part after part."""
        try:
            self.rungs = {kind: published(self.folder / kind) for kind in (*RUNGS, AUDIO)}
            part = self._first_part()
            while not self._stopping.is_set():
                if part is None:
                    self._stopping.wait(0.2)
                    part = self._first_part()
                    continue
                part = self._show(part)
            for rung in self.rungs.values():
                rung.write(is_ended=True)
        except Exception:
            log.exception("ladder_failed", session=str(self.session.uid))
        finally:
            connections.close_all()

    def _first_part(self) -> MediaPart | None:
        """Return the newest part whose beginning is here: who begins to watch wants now."""
        close_old_connections()
        there = [part for part in self._parts() if self._piece(part, 0).exists()]
        return there[-1] if there else None

    def _parts(self) -> list[MediaPart]:
        return list(MediaPart.objects.filter(session=self.session, path="").order_by("number"))

    def _show(self, part: MediaPart) -> MediaPart | None:
        """Work on one part to its end; return the next, or this one again when ffmpeg died."""
        opening = self._opening(part)
        found = _inside(opening)
        if found is None and len(opening) < OPENING_PIECES:
            self._stopping.wait(0.5)
            return self._next_part(part) or part
        if found is None:
            log.warning("part_unreadable", session=str(self.session.uid), part=part.number)
            return self._wait_for_next(part)
        if self._restarts >= MOST_RESTARTS:
            self._restarts = 0
            return self._wait_for_next(part)
        has_audio, width, height = found
        write_master(self.folder, width, height)
        skip = self._shown_already(part)
        number = next_run_number(self.session)
        arguments = ladder_command(["-i", "pipe:0"], self.folder, number, has_audio=has_audio, skip=skip)
        child = Child(arguments, self.folder / f".r{number}.log")
        run = begin_run(
            session=self.session,
            part=part,
            number=number,
            pid=child.pid,
            process_start=process_start(child.pid),
            command_hash=child.command_hash,
            skipped_seconds=skip,
            restarts=self._restarts,
        )
        return self._attend(part, run, child)

    def _attend(self, part: MediaPart, run: TranscodeRun, child: Child) -> MediaPart | None:
        code: int | None = None
        try:
            following = self._feed(part, run, child)
            code = child.finish() if not self._stopping.is_set() else child.stop()
            self._restarts = 0
        except (FfmpegDied, OSError):
            code = child.stop()
            log.warning("ladder_died", session=str(self.session.uid), code=code, why=child.complaint)
            self._stopping.wait(BACK_OFF * 2**self._restarts)
            self._restarts += 1
            following = part
        finally:
            end_run(run=run, exit_code=code if code is not None else child.stop())
        self._follow(part, run)
        for rung in self.rungs.values():
            rung.close_run()
        return following

    def _feed(self, part: MediaPart, run: TranscodeRun, child: Child) -> MediaPart | None:
        """Write the pieces as they come; return the part that follows when this one has no more."""
        seq, waiting_since = 0, time.monotonic()
        while not self._stopping.is_set():
            path = self._piece(part, seq)
            if path.exists():
                child.feed(path.read_bytes())
                seq, waiting_since = seq + 1, time.monotonic()
                self._follow(part, run)
                continue
            waited = time.monotonic() - waiting_since
            if waited > SKIP_HOLE_AFTER and self._piece(part, seq + 1).exists():
                seq += 1
            elif waited > TURN_AFTER and (following := self._next_part(part)):
                return following
            self._follow(part, run)
            if child.exit_code is not None:
                raise FfmpegDied
            time.sleep(LOOK_EVERY)
        return None

    def _follow(self, part: MediaPart, run: TranscodeRun) -> None:
        begins = part.wall_start + timedelta(seconds=run.skipped_seconds)
        for rung in self.rungs.values():
            with contextlib.suppress(OSError):
                rung.follow(run.number, begins)

    def _next_part(self, part: MediaPart) -> MediaPart | None:
        """Return the part after this one whose beginning is here; the database is asked once a second."""
        if time.monotonic() - self._asked_at > 1:
            self._asked_at = time.monotonic()
            later = [each for each in self._parts() if each.number > part.number]
            self._next = next((each for each in later if self._piece(each, 0).exists()), None)
        found = self._next
        return found if found and found.number > part.number else None

    def _wait_for_next(self, part: MediaPart) -> MediaPart | None:
        while not self._stopping.wait(0.5):
            if following := self._next_part(part):
                return following
        return None

    def _shown_already(self, part: MediaPart) -> float:
        """Return how much of a part to leave out: what was shown, or what was before anybody watched."""
        now, shown = timezone.now(), self.rungs["240p"].wall_end
        is_fresh = shown is not None and now - shown < STALE_AFTER
        begins = shown if shown and is_fresh else now - BEHIND_NOW
        return max(0.0, (begins - part.wall_start).total_seconds())

    def _piece(self, part: MediaPart, seq: int) -> Path:
        return raw.chunk_path(self.session.uid, part.number, seq)

    def _opening(self, part: MediaPart) -> list[Path]:
        paths = [self._piece(part, seq) for seq in range(OPENING_PIECES)]
        return list(takewhile(Path.exists, paths))


def _inside(opening: list[Path]) -> tuple[bool, int, int] | None:
    """Return whether a part has sound, and its picture's size, from its first pieces; None: unreadable."""
    try:
        with av.open(io.BytesIO(b"".join(path.read_bytes() for path in opening))) as container:
            if not container.streams.video:
                return None
            stream = container.streams.video[0]
            return bool(container.streams.audio), stream.width, stream.height
    except (av.FFmpegError, ValueError, OSError):
        return None
