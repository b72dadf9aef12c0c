"""Making the recording from the raw parts, in the background and again at will.

The row holds state, attempts and a short lease that the worker renews while it works: a killed worker's work
is taken up again minutes later. Each build writes into a folder of its own and takes the place of the last
one in one transaction, so nothing half-made is ever shown.
"""

import shutil
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from courses.transcoding import TranscodingFailed
from livestream import raw, rendering
from livestream.models import Engine, Gap, LiveSession, MediaPart, RecordingBuild, Rendition
from livestream.queries.media import missing_chunks, parts_received
from livestream.services.raw_parts import check_parts
from livestream.signals import recording_built
from livestream.tasks import build_recording_task
from livestream.timeline import holes, runs

LEASE = timedelta(minutes=3)
MOST_ATTEMPTS = 3
# How long the rest of a recording is waited for when the phone never said what there is.
WAIT_UNDECLARED = timedelta(hours=2)
WAIT_DECLARED = timedelta(hours=24)
State, Work = LiveSession.State, RecordingBuild.State


class LeaseLost(Exception):
    """Another worker has taken the work; this one stops."""


@transaction.atomic
def request_build(*, session: LiveSession, now: datetime | None = None) -> RecordingBuild:
    """Have the recording made (again) in the background; what is there stays until the new one is ready."""
    at = now or timezone.now()
    LiveSession.objects.filter(pk=session.pk, state=State.ENDED).update(state=State.PROCESSING)
    build, _is_new = RecordingBuild.objects.update_or_create(
        session=session,
        defaults={"state": Work.WAITING, "error": "", "attempts": 0, "lease_until": None, "asked_at": at},
    )
    transaction.on_commit(partial(build_recording_task.delay, build.pk))
    return build


def build_recording(*, build: RecordingBuild, now: datetime | None = None) -> bool:
    """Make the recording unless another worker does; tell whether it was made."""
    if not _take_lease(build, now or timezone.now()):
        return False
    session = build.session
    folder = raw.vod_folder(session.uid, build.number)
    beat = partial(_renew_lease, build)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with_raw = folder / "raw"
        with_raw.mkdir()
        parts = check_parts(session=session, folder=with_raw)
        made = rendering.render(parts, folder, beat)
        shutil.rmtree(with_raw)
        _publish(build, made, folder)
    except TranscodingFailed as error:
        shutil.rmtree(folder, ignore_errors=True)
        _give_up(build, str(error))
        return False
    except LeaseLost:
        shutil.rmtree(folder, ignore_errors=True)
        return False
    return True


def sweep_builds(*, now: datetime | None = None) -> int:
    """Queue work that nobody does any more, and recordings whose rest was waited for long enough."""
    at = now or timezone.now()
    undeclared = LiveSession.objects.filter(
        state=State.ENDED, is_declared=False, ended_at__lt=at - WAIT_UNDECLARED
    )
    declared = LiveSession.objects.filter(
        state=State.ENDED, is_declared=True, ended_at__lt=at - WAIT_DECLARED
    )
    for session in [*undeclared, *declared]:
        request_build(session=session, now=at)
    stuck = RecordingBuild.objects.filter(
        RecordingBuild.unleased(at), state__in=[Work.WAITING, Work.WORKING], asked_at__lt=at - LEASE
    )
    for build in stuck.filter(attempts__gte=MOST_ATTEMPTS):
        _give_up(build, "gave up after several attempts")
    waiting = list(stuck.filter(attempts__lt=MOST_ATTEMPTS).values_list("pk", flat=True))
    for pk in waiting:
        build_recording_task.delay(pk)
    return len(waiting)


def _take_lease(build: RecordingBuild, now: datetime) -> bool:
    rows = RecordingBuild.objects.filter(
        RecordingBuild.unleased(now), pk=build.pk, state__in=[Work.WAITING, Work.WORKING]
    )
    taken = rows.update(
        state=Work.WORKING, lease_until=now + LEASE, attempts=F("attempts") + 1, number=F("number") + 1
    )
    build.refresh_from_db()
    return bool(taken)


def _renew_lease(build: RecordingBuild) -> None:
    rows = RecordingBuild.objects.filter(pk=build.pk, number=build.number, state=Work.WORKING)
    if not rows.update(lease_until=timezone.now() + LEASE):
        raise LeaseLost


@transaction.atomic
def _publish(build: RecordingBuild, made: rendering.Rendered, folder: Path) -> None:
    """Put the new recording in the place of the old one, with its parts, gaps and files."""
    held = RecordingBuild.objects.select_for_update().filter(pk=build.pk).first()
    if held is None or held.number != build.number or held.state != Work.WORKING:
        raise LeaseLost
    session = LiveSession.objects.select_for_update().get(pk=build.session_id)
    _place(session, made)
    session.state = State.PUBLISHED if _is_whole(session) else State.PARTIAL
    session.save(update_fields=["state"])
    Rendition.objects.filter(session=session).delete()
    root = raw.session_folder(session.uid)
    Rendition.objects.bulk_create(
        _rendition(session, kind, path, width, height, made.seconds, root)
        for kind, (path, width, height) in made.files.items()
    )
    previous = held.folder
    held.state, held.error, held.lease_until = Work.READY, "", None
    held.folder, held.seconds = str(folder.relative_to(root)), made.seconds
    held.built_at = timezone.now()
    held.save()
    transaction.on_commit(partial(_drop_older, folder.parent, {folder.name, Path(previous).name}))
    transaction.on_commit(partial(shutil.rmtree, raw.live_folder(session.uid), ignore_errors=True))
    recording_built.send(sender=LiveSession, session=session)


def _place(session: LiveSession, made: rendering.Rendered) -> None:
    """Note where each part lies in the recording, and what is missing between and inside them."""
    placed = {part.number: part for part in made.parts}
    for part in session.parts.all():
        done = placed.get(part.number)
        part.media_start = done.media_start if done else None
        part.seconds = done.seconds if done else part.seconds
        if part.number in made.broken:
            part.state, part.error = MediaPart.State.DAMAGED, made.broken[part.number][:300]
        part.save(update_fields=["media_start", "seconds", "state", "error"])
    Gap.objects.filter(session=session).delete()
    parts = list(session.parts.all())
    damaged = {part.wall_start for part in parts if part.media_start is None}
    gaps = [
        Gap(
            session=session,
            wall_from=hole.wall_from,
            wall_to=hole.wall_to,
            cause=_cause(hole.wall_from, hole.wall_to, damaged),
        )
        for hole in holes(parts)
    ]
    Gap.objects.bulk_create([*gaps, *_holes_inside(session, parts)])


def _holes_inside(session: LiveSession, parts: list[MediaPart]) -> list[Gap]:
    """Return a gap for each run of missing pieces; pieces are about equally long."""
    by_number = {part.number: part for part in parts}
    gaps = []
    for received in parts_received(session):
        part = by_number[received.number]
        if part.media_start is None or not part.seconds:
            continue
        each = part.seconds / (received.have + len(received.missing))
        for first, last in runs(received.missing):
            wall_from = part.wall_start + timedelta(seconds=first * each)
            wall_to = part.wall_start + timedelta(seconds=(last + 1) * each)
            gaps.append(
                Gap(session=session, wall_from=wall_from, wall_to=wall_to, cause=Gap.Cause.MISSING_CHUNKS)
            )
    return gaps


def _cause(wall_from: datetime, wall_to: datetime, damaged: set[datetime]) -> str:
    is_damage = any(wall_from <= each < wall_to for each in damaged)
    return Gap.Cause.DAMAGED_PART if is_damage else Gap.Cause.BETWEEN_PARTS


def _is_whole(session: LiveSession) -> bool:
    """Tell whether nothing is missing; of pieces only their sender can say so."""
    if session.parts.filter(state=MediaPart.State.DAMAGED).exists():
        return False
    return session.engine != Engine.CHUNKS or (session.is_declared and not missing_chunks(session))


def _rendition(
    session: LiveSession, kind: str, path: Path, width: int, height: int, seconds: float, root: Path
) -> Rendition:
    is_playlist = path.suffix == ".m3u8"
    files = [each for each in path.parent.iterdir() if each.is_file()] if is_playlist else [path]
    size = sum(each.stat().st_size for each in files)
    place = str(path.relative_to(root))
    return Rendition(
        session=session, kind=kind, path=place, bytes=size, seconds=seconds, width=width, height=height
    )


def _drop_older(folder: Path, kept: set[str]) -> None:
    """Delete the builds before the last: who watches the last one may watch it to its end."""
    for each in folder.iterdir():
        if each.name not in kept:
            shutil.rmtree(each, ignore_errors=True)


@transaction.atomic
def _give_up(build: RecordingBuild, error: str) -> None:
    """Note that nothing can be made; what an earlier build made stays."""
    rows = RecordingBuild.objects.filter(pk=build.pk, number=build.number)
    if not rows.update(state=Work.FAILED, error=error[:300], lease_until=None):
        return
    LiveSession.objects.filter(pk=build.session_id, state=State.PROCESSING).update(state=State.FAILED)
