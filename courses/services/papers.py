"""Papers of a class's ledger: put in, taken out again with a reason."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from courses.models import ClassPaper, TrainingClass
from courses.office_files import CheckedPaper
from courses.services.classes import log_step
from registry.models import AuditAction, User


@transaction.atomic
def add_paper(
    *,
    training_class: TrainingClass,
    kind: str,
    title: str,
    paper: CheckedPaper,
    by: User,
    now: datetime | None = None,
) -> ClassPaper:
    """Put a paper into the ledger, in whatever state the class is; the same file again is the one there."""
    now = now or timezone.now()
    TrainingClass.objects.select_for_update(no_key=True).get(pk=training_class.pk)
    there = ClassPaper.objects.filter(
        training_class=training_class, kind=kind, sha256=paper.sha256, taken_out_at__isnull=True
    ).first()
    if there:
        return there
    added = ClassPaper(
        training_class=training_class,
        kind=kind,
        title=title,
        suffix=paper.suffix,
        sha256=paper.sha256,
        bytes=paper.size,
        added_at=now,
        added_by=by,
    )
    added.file.save(f"paper{paper.suffix}", paper.content, save=False)
    added.save()
    log_step(training_class, AuditAction.PAPER_ADDED, by, now, paper=kind, sha256=paper.sha256)
    return added


@transaction.atomic
def take_out_paper(*, paper: ClassPaper, reason: str, by: User, now: datetime | None = None) -> None:
    """Take a paper out of the ledger; its row and file stay on record. Again changes nothing."""
    now = now or timezone.now()
    taken = ClassPaper.objects.filter(pk=paper.pk, taken_out_at__isnull=True).update(
        taken_out_at=now, taken_out_by=by, taken_out_reason=reason
    )
    if taken:
        log_step(
            paper.training_class, AuditAction.PAPER_TAKEN_OUT, by, now, paper=paper.kind, sha256=paper.sha256
        )
