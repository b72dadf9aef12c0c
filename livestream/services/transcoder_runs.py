"""Notes about the ffmpegs of the media agent, so that the next agent finds what the last one left."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from livestream.models import LiveSession, MediaPart, TranscodeRun


def next_run_number(session: LiveSession) -> int:
    """Return the number of a session's next run; it names the run's segments."""
    last = TranscodeRun.objects.filter(session=session).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


@transaction.atomic
def begin_run(
    *,
    session: LiveSession,
    part: MediaPart | None,
    number: int,
    pid: int,
    process_start: str,
    command_hash: str,
    skipped_seconds: float = 0,
    restarts: int = 0,
    now: datetime | None = None,
) -> TranscodeRun:
    """Note an ffmpeg that has just begun; a session has one at a time."""
    return TranscodeRun.objects.create(
        session=session,
        part=part,
        number=number,
        pid=pid,
        process_start=process_start,
        command_hash=command_hash,
        skipped_seconds=skipped_seconds,
        restarts=restarts,
        started_at=now or timezone.now(),
    )


def end_run(*, run: TranscodeRun, exit_code: int | None, now: datetime | None = None) -> None:
    """Note how an ffmpeg ended; None when nobody saw it."""
    TranscodeRun.objects.filter(pk=run.pk, ended_at__isnull=True).update(
        ended_at=now or timezone.now(), exit_code=exit_code
    )
