"""Makes the live ladder of a session that a server of its own carries: an ffmpeg reads it there."""

import contextlib
import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol, cast

import structlog
from django.db import close_old_connections, connections
from django.utils import timezone

from livestream import raw
from livestream.agent.child import Child, process_start
from livestream.engines import engine_of
from livestream.ladder import AUDIO, RUNGS, Published, ladder_command, own_playlist, published, write_master
from livestream.models import IngestAttempt, LiveSession, StreamCredential, TranscodeRun
from livestream.playlists import read_segments
from livestream.services.credentials import issue_credential
from livestream.services.transcoder_runs import begin_run, end_run, next_run_number

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.1
BACK_OFF = 1.0
LONGEST_BACK_OFF = 15.0


class Streams(Protocol):
    """An engine that ffmpeg can read a running stream from."""

    def live_source(self, attempt: IngestAttempt, secret: str, folder: Path) -> list[str]:
        """Return ffmpeg's input arguments; `folder` may hold what they name. Raises OSError."""
        ...


class StreamWorker(threading.Thread):
    """Keeps the ladder of one session going until it is told to stop."""

    def __init__(self, session: LiveSession) -> None:
        super().__init__(name=f"ladder-{session.uid}", daemon=True)
        self.session = session
        self.folder = raw.live_folder(session.uid)
        self.rungs: dict[str, Published] = {}
        self._stopping = threading.Event()
        self._failures = 0

    def stop(self) -> None:
        """End soon; `join` waits for it."""
        self._stopping.set()

    def run(self) -> None:
        """Show connection after connection."""
        try:
            self.rungs = {kind: published(self.folder / kind) for kind in (*RUNGS, AUDIO)}
            write_master(self.folder, 0, 0)
            while not self._stopping.is_set():
                close_old_connections()
                attempt = IngestAttempt.objects.filter(session=self.session, ended_at__isnull=True).first()
                if attempt is None:
                    self._stopping.wait(0.3)
                else:
                    self._show(attempt)
            for rung in self.rungs.values():
                rung.write(is_ended=True)
        except Exception:
            log.exception("ladder_failed", session=str(self.session.uid))
        finally:
            connections.close_all()

    def _show(self, attempt: IngestAttempt) -> None:
        """Run one ffmpeg until the stream ends, then wait longer each time that nothing came of it."""
        number = next_run_number(self.session)
        _credential, secret = issue_credential(
            session=self.session, purpose=StreamCredential.Purpose.PLAY, life=timedelta(minutes=5)
        )
        try:
            engine = cast("Streams", engine_of(attempt.session))
            source = engine.live_source(attempt, secret, self.folder)
        except OSError:
            log.warning("stream_away", session=str(self.session.uid))
        else:
            self._attend(number, source)
        for rung in self.rungs.values():
            has_come = bool(rung.now)
            rung.close_run()
            if has_come:
                self._failures = 0
        self._stopping.wait(min(LONGEST_BACK_OFF, BACK_OFF * 2**self._failures))
        self._failures += 1

    def _attend(self, number: int, source: list[str]) -> None:
        child = Child(
            ladder_command(source, self.folder, number, has_audio=True), self.folder / f".r{number}.log"
        )
        run: TranscodeRun | None = None
        try:
            run = begin_run(
                session=self.session,
                part=None,
                number=number,
                pid=child.pid,
                process_start=process_start(child.pid),
                command_hash=child.command_hash,
                restarts=self._failures,
            )
            self._follow(child, number)
        finally:
            code = child.stop()
            if run:
                end_run(run=run, exit_code=code)
            if code and not self._stopping.is_set():
                log.warning("ladder_died", session=str(self.session.uid), code=code, why=child.complaint)

    def _follow(self, child: Child, number: int) -> None:
        begins: datetime | None = None
        while not self._stopping.wait(LOOK_EVERY):
            begins = begins or self._first_frame_at(number)
            if begins:
                for rung in self.rungs.values():
                    with contextlib.suppress(OSError):
                        rung.follow(number, begins)
            if child.exit_code is not None:
                return

    def _first_frame_at(self, number: int) -> datetime | None:
        """Return the clock of the first frame: what is cut now lasted until now."""
        listed = read_segments(own_playlist(self.folder / "240p", number))
        lasted = sum(seconds for _name, seconds in listed)
        return timezone.now() - timedelta(seconds=lasted) if listed else None
