"""Looks who is on air and watched, and keeps one worker for each; ends what an earlier agent left behind."""

import contextlib
import threading
import time

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import close_old_connections, connection
from django.db.utils import DatabaseError, InterfaceError
from django.utils import timezone

from livestream.agent.child import end_stranger
from livestream.agent.stream import StreamWorker
from livestream.agent.worker import SessionWorker
from livestream.engines import engines
from livestream.engines.janus import JanusEngine
from livestream.models import Engine, LiveSession, TranscodeRun
from livestream.queries.watching import watched_sessions
from livestream.services.direct_viewers import cut_off_viewers
from livestream.services.ingest import build_ended, reconcile_engine
from livestream.services.sessions import reconcile_sessions
from livestream.services.transcoder_runs import end_run

log = structlog.get_logger(__name__)

LOOK_EVERY = 1.0
RECONCILE_EVERY = 5.0
HEARTBEAT = "media-agent"
HEARTBEAT_LASTS = 20
_LOCK = 4_312_511
_WORKERS: dict[str, type[SessionWorker]] = {Engine.CHUNKS: SessionWorker}


def _is_wanted(worker: SessionWorker | StreamWorker, session: LiveSession | None) -> bool:
    return session is not None and worker.is_alive() and worker.session.engine == session.engine


class MediaAgent:
    """The loop of `manage.py run_media_agent`."""

    def __init__(self) -> None:
        self.workers: dict[int, SessionWorker | StreamWorker] = {}
        self.stopping = threading.Event()
        self._leaving: list[SessionWorker | StreamWorker] = []
        self._reconciled_at = -RECONCILE_EVERY

    def run(self) -> None:
        """Work until `stopping` is set; a database or cache that is away for a while ends nothing."""
        while not self.stopping.is_set():
            try:
                if self._is_the_only_one():
                    self.look()
            except (DatabaseError, InterfaceError, OSError):
                log.exception("media_agent_trouble")
            close_old_connections()
            self.stopping.wait(LOOK_EVERY)
        self.close()

    def look(self) -> None:
        """Do once what is done every second."""
        if time.monotonic() - self._reconciled_at >= RECONCILE_EVERY:
            self._reconciled_at = time.monotonic()
            self._reconcile()
            self._end_strangers()
        wanted = {session.pk: session for name in settings.LIVE_ENGINES for session in watched_sessions(name)}
        for pk in [pk for pk, worker in self.workers.items() if not _is_wanted(worker, wanted.get(pk))]:
            self._drop(pk)
        for pk, session in wanted.items():
            if pk not in self.workers and len(self.workers) < settings.LIVE_MOST_LADDERS:
                self.workers[pk] = _WORKERS.get(session.engine, StreamWorker)(session)
                self.workers[pk].start()
        cache.set(
            HEARTBEAT, {"at": timezone.now().isoformat(), "ladders": len(self.workers)}, HEARTBEAT_LASTS
        )

    def close(self) -> None:
        """Stop every worker and wait for it."""
        for worker in self.workers.values():
            worker.stop()
        for worker in [*self.workers.values(), *self._leaving]:
            worker.join()
        self.workers.clear()
        cache.delete(HEARTBEAT)

    @staticmethod
    def _reconcile() -> None:
        """Believe the engines' own lists; one that is away carries nothing, and silence shows that."""
        for engine in engines():
            if engine.name != Engine.CHUNKS:
                with contextlib.suppress(OSError):
                    reconcile_engine(engine=engine)
                    if isinstance(engine, JanusEngine):
                        cut_off_viewers(engine=engine)
        reconcile_sessions()
        build_ended()

    def _drop(self, pk: int) -> None:
        worker = self.workers.pop(pk)
        worker.stop()
        self._leaving = [each for each in self._leaving if each.is_alive()] + [worker]

    def _end_strangers(self) -> None:
        """End the ffmpegs of an agent that is gone: they are noted, and none of our workers has them."""
        for run in TranscodeRun.objects.filter(ended_at__isnull=True).exclude(session__in=self.workers):
            if end_stranger(run.pid, run.process_start):
                log.warning("stranger_ended", pid=run.pid)
            end_run(run=run, exit_code=None)

    @staticmethod
    def _is_the_only_one() -> bool:
        """Take the lock that goes with this connection; a second agent waits for the first to go."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
                " AND pid = pg_backend_pid()) OR pg_try_advisory_lock(%s)",
                [_LOCK, _LOCK],
            )
            return bool(cursor.fetchone()[0])
