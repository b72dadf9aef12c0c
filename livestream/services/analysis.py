"""Measuring a finished recording in the background; what comes of it is shown, drawn, and never a grade.

The sweep asks for the analysis of whatever can be watched and was not measured, or was recorded anew, or
measured by an older algorithm: whoever finishes a recording need not know of it.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from courses.services.leases import give_up, take_lease, wake_stuck
from livestream.measurements import Measured, measure
from livestream.measuring.tool import MeasuringFailed
from livestream.models import Analysis, LiveSession, Measurement, Rendition
from livestream.queries.segments import played_segments, questions_of, segments_of
from livestream.raw import session_folder
from livestream.tasks import analyse_recording_task

ALGORITHM = 1
AT_ONCE = 20


@transaction.atomic
def request_analysis(*, session: LiveSession, now: datetime | None = None) -> Analysis:
    """Have a recording measured, again if it was before."""
    now = now or timezone.now()
    analysis, is_new = Analysis.objects.select_for_update().get_or_create(
        session=session, defaults={"asked_at": now}
    )
    if not is_new:
        analysis.state, analysis.error = Analysis.State.WAITING, ""
        analysis.attempts, analysis.lease_until, analysis.asked_at = 0, None, now
        analysis.save()
    transaction.on_commit(partial(analyse_recording_task.delay, analysis.pk))
    return analysis


def analyse_recording(*, analysis: Analysis, now: datetime | None = None) -> None:
    """Measure the recording, unless another worker is at it; one that cannot be read is marked so."""
    now = now or timezone.now()
    if not take_lease(analysis, now):
        return
    session = analysis.session
    path = recording_file(session)
    if path is None:
        give_up(analysis, "no recording to measure")
        return
    segments = segments_of(session)
    played = played_segments(session, segments, list(session.parts.all()))
    try:
        measured = measure(path, segments, played, questions_of(session))
    except (MeasuringFailed, OSError, ValueError) as error:
        give_up(analysis, str(error)[:300])
        return
    _keep(analysis, measured, now)


def recording_file(session: LiveSession) -> Path | None:
    """Return the one plain file of a finished recording; None when there is none."""
    rendition = Rendition.objects.filter(session=session, kind=Rendition.Kind.FILE).first()
    path = session_folder(session.uid) / rendition.path if rendition else None
    return path if path and path.exists() else None


def sweep_analyses(*, now: datetime | None = None) -> int:
    """Ask for what was not measured yet and wake what is stuck; return how many were queued."""
    now = now or timezone.now()
    due = list(_due())
    for session in due:
        request_analysis(session=session, now=now)
    old = Analysis.objects.exclude(session__in=due)
    return len(due) + wake_stuck(old, analyse_recording_task.delay, now)


def _due() -> Iterable[LiveSession]:
    watchable = LiveSession.objects.filter(
        kind=LiveSession.Kind.REHEARSAL,
        state__in=[LiveSession.State.PUBLISHED, LiveSession.State.PARTIAL],
        erased_at__isnull=True,
    )
    is_stale = Q(analysis__state=Analysis.State.READY) & (
        Q(analysis__algorithm__lt=ALGORITHM) | Q(build__built_at__gt=F("analysis__measured_at"))
    )
    return watchable.filter(Q(analysis__isnull=True) | is_stale).order_by("ended_at")[:AT_ONCE]


@transaction.atomic
def _keep(analysis: Analysis, measured: list[Measured], now: datetime) -> None:
    session = analysis.session
    Measurement.objects.filter(session=session).delete()
    Measurement.objects.bulk_create(
        Measurement(
            session=session,
            name=each.name,
            algorithm=ALGORITHM,
            value=each.value,
            band=each.band,
            detail=each.detail,
        )
        for each in measured
    )
    analysis.state, analysis.error, analysis.lease_until = Analysis.State.READY, "", None
    analysis.measured_at, analysis.algorithm = now, ALGORITHM
    analysis.save()
