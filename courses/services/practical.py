"""Handing in practical work."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import IO

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.errors import AlreadyHandedIn, KindNotAccepted, TaskNotFound, WrongNumberOfFiles
from courses.lesson_parts import Task
from courses.models import Enrolment, LessonPage, Submission, SubmissionFile
from courses.services.learning import lock_person, note_opened, refuse_foreign_lesson
from courses.tasks import clean_handed_in_video_task
from courses.uploads import CheckedFile, check_file


def hand_in(
    *,
    enrolment: Enrolment,
    lesson: LessonPage,
    task_key: str,
    files: Sequence[IO[bytes]],
    client_token: uuid.UUID,
    note: str = "",
    now: datetime | None = None,
) -> Submission:
    """Keep one attempt at a task; the same `client_token` again returns the same attempt.

    A second attempt is taken only once the first was returned. Files are judged by their content, lose
    what the phone wrote into them (videos in the background), and the same file counts once.
    Raises TaskNotFound, LessonNotInCourse, AlreadyHandedIn, WrongNumberOfFiles, KindNotAccepted,
    UnreadableFile, FileTooLarge.
    """
    sent = Submission.objects.filter(enrolment=enrolment, client_token=client_token).first()
    if sent:
        return sent
    task = next((each for each in lesson.tasks if each.key == task_key), None)
    if task is None:
        raise TaskNotFound
    if len(files) > task.max_files:
        raise _wrong_number(task)
    checked = list({each.sha256: each for each in map(check_file, files)}.values())
    _refuse_unfit(task, checked)
    return _keep(enrolment, lesson, task, checked, client_token, note, now or timezone.now())


def _refuse_unfit(task: Task, checked: Sequence[CheckedFile]) -> None:
    if len(checked) < task.min_files:
        raise _wrong_number(task)
    if any(each.kind not in task.accepts for each in checked):
        raise KindNotAccepted(
            _("Send photos, not a video.") if task.accepts == ("photo",) else _("Send a video, not photos.")
        )


def _wrong_number(task: Task) -> WrongNumberOfFiles:
    limits = {"least": task.min_files, "most": task.max_files}
    return WrongNumberOfFiles(_("Send at least %(least)d and at most %(most)d different files.") % limits)


@transaction.atomic
def _keep(
    enrolment: Enrolment,
    lesson: LessonPage,
    task: Task,
    checked: Sequence[CheckedFile],
    client_token: uuid.UUID,
    note: str,
    now: datetime,
) -> Submission:
    lock_person(enrolment)
    sent = Submission.objects.filter(enrolment=enrolment, client_token=client_token).first()
    if sent:
        return sent
    refuse_foreign_lesson(enrolment, lesson)
    last = (
        Submission.objects.filter(enrolment=enrolment, lesson_key=lesson.translation_key, task_key=task.key)
        .order_by("-attempt")
        .first()
    )
    if last and last.state != Submission.State.RETURNED:
        raise AlreadyHandedIn
    submission = Submission.objects.create(
        enrolment=enrolment,
        lesson_key=lesson.translation_key,
        task_key=task.key,
        attempt=last.attempt + 1 if last else 1,
        client_token=client_token,
        note=note,
        handed_in_at=now,
    )
    note_opened(enrolment, lesson, now)
    _keep_files(submission, checked)
    return submission


def _keep_files(submission: Submission, checked: Sequence[CheckedFile]) -> None:
    """Store the files; when one cannot be stored, those before it are taken back."""
    kept: list[SubmissionFile] = []
    try:
        for each in checked:
            row = SubmissionFile(
                submission=submission,
                kind=each.kind,
                suffix=each.suffix,
                sha256=each.sha256,
                bytes=each.size,
                state=_first_state(each),
            )
            row.file.save(f"{each.sha256}{each.suffix}", File(each.content), save=False)
            kept.append(row)
            row.save()
            if not row.is_ready:
                transaction.on_commit(partial(clean_handed_in_video_task.delay, row.pk))
    except BaseException:
        for row in kept:
            row.file.delete(save=False)
        raise


def _first_state(checked: CheckedFile) -> str:
    """Photos were written anew without what the phone put in; videos wait for a worker to do the same."""
    return SubmissionFile.State.READY if checked.kind == "photo" else SubmissionFile.State.WAITING
