"""Issuing to a whole class: the order is a row that any worker can carry on.

A batch is one transaction: seats, progress and log stand or fall together, so that a worker killed anywhere
leaves neither a gap nor a double, and the next one goes on where the last batch ended.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from certificates.errors import CertificateError, NotEligible
from certificates.models import HolderNotice, IssueRun
from certificates.models.runs import Run
from certificates.queries.eligibility import Earned, earned_in, holders_of, person_id_of
from certificates.services.designs import design_in_force
from certificates.services.issuing import create_certificates, lock_class, log_issue, note_refusal
from certificates.services.notices import ask_notices
from certificates.services.printing import queue_printing
from certificates.tasks import issue_to_class_task
from courses.models import ClassDuty, TrainingClass
from courses.services import take_duty
from registry.models import AuditAction, User
from registry.queries.people import root_of
from registry.services import record
from registry.typesetting import named, unprintable_characters

LEASE = timedelta(minutes=2)
BATCH = 25
MOST_ATTEMPTS = 5
State = Run.State
OPEN = (State.WAITING, State.WORKING)


@transaction.atomic
def order_certificates(
    *,
    training_class: TrainingClass,
    kind: str,
    by: User,
    enrolment_ids: Iterable[int] | None = None,
    now: datetime | None = None,
) -> IssueRun:
    """Order a paper for everybody of a closed class who earned it, or for some of them.

    Ordering is the clerk's duty in the class: raises `courses.errors.DutiesMustDiffer` when she has another
    there (A14). Raises `NotEligible` when the class is not closed, nobody is left, or an order runs.
    """
    now = now or timezone.now()
    locked = lock_class(training_class.pk)
    if locked.state != TrainingClass.State.CLOSED:
        raise NotEligible(_("The class has to be closed by the office first."))
    if IssueRun.objects.filter(training_class=locked, kind=kind, state__in=OPEN).exists():
        raise NotEligible(_("These certificates are being issued already."))
    holders = holders_of(locked, kind)
    wanted = [
        claim.enrolment.pk
        for claim in earned_in(locked, kind, enrolment_ids)
        if person_id_of(claim.enrolment) not in holders
    ]
    if not wanted:
        raise NotEligible(_("Nobody chosen has earned this paper and is without it."))
    take_duty(training_class=locked, duty=ClassDuty.Duty.ISSUE, by=by, now=now)
    run = IssueRun.objects.create(
        training_class=locked,
        kind=kind,
        design=design_in_force(locked.county_code, kind, now=now),
        enrolment_ids=wanted,
        total=len(wanted),
        asked_by=by,
        asked_at=now,
    )
    transaction.on_commit(lambda: issue_to_class_task.delay(run.pk), robust=True)
    record(
        actor=by,
        action=AuditAction.CERTIFICATES_ORDERED,
        region_code=locked.county_code,
        detail={"class": locked.label, "paper": kind, "people": len(wanted)},
        now=now,
    )
    return run


def cancel_run(*, run: IssueRun, now: datetime | None = None) -> bool:
    """Stop an order after the batch at hand; what was issued stays. False when it is over already."""
    open_rows = IssueRun.objects.filter(pk=run.pk, state__in=OPEN)
    return bool(open_rows.update(state=State.CANCELLED, finished_at=now or timezone.now(), lease_until=None))


def issue_to_class(*, run_id: int, now: datetime | None = None) -> int:
    """Carry an order on until it is done, cancelled, or another worker has it; return how many it issued."""
    if not _claim(run_id, now or timezone.now()):
        return 0
    issued = 0
    try:
        while (batch := _issue_batch(run_id, now or timezone.now())) is not None:
            issued += batch
    except CertificateError as error:
        _fail(run_id, str(error) or type(error).__name__, now or timezone.now())
    return issued


def wake_runs(now: datetime) -> int:
    """Queue the orders whose worker is gone, give up on the hopeless; return how many were queued."""
    stuck = IssueRun.objects.filter(
        Q(state=State.WAITING, asked_at__lt=now - timedelta(minutes=1))
        | Q(state=State.WORKING, lease_until__lt=now)
    )
    hopeless = stuck.filter(attempts__gte=MOST_ATTEMPTS)
    hopeless.update(state=State.FAILED, failure=f"stopped after {MOST_ATTEMPTS} attempts", finished_at=now)
    waiting = list(stuck.values_list("pk", flat=True))
    for pk in waiting:
        issue_to_class_task.delay(pk)
    return len(waiting)


def _claim(run_id: int, now: datetime) -> bool:
    free = Q(state=State.WAITING) | Q(state=State.WORKING, lease_until__lt=now)
    return bool(
        IssueRun.objects.filter(free, pk=run_id).update(
            state=State.WORKING, lease_until=now + LEASE, attempts=F("attempts") + 1
        )
    )


@transaction.atomic
def _issue_batch(run_id: int, now: datetime) -> int | None:
    """Issue the next few of the order; None when there is nothing more to do."""
    class_id = IssueRun.objects.values_list("training_class", flat=True).get(pk=run_id)
    training_class = lock_class(class_id)
    run = IssueRun.objects.select_for_update(of=("self",)).select_related("design", "asked_by").get(pk=run_id)
    if run.state != State.WORKING:
        return None
    ids = run.enrolment_ids[run.done : run.done + BATCH]
    claims = _still_without(training_class, run.kind, ids)
    printable = [claim for claim in claims if not _refuse_unprintable(run, claim, now)]
    run.done += len(ids)
    run.attempts, run.lease_until = 0, now + LEASE
    if run.done >= run.total:
        run.state, run.finished_at, run.lease_until = State.DONE, now, None
    run.save(update_fields=["done", "attempts", "lease_until", "state", "finished_at", "refused"])
    if printable:
        rows = create_certificates(training_class, run.kind, printable, run.design, run.asked_by, now)
        queue_printing([row.pk for row in rows])
        ask_notices(rows, HolderNotice.Occasion.ISSUED, now=now)
        log_issue(rows, run.asked_by, now)
    return len(printable)


def _still_without(training_class: TrainingClass, kind: str, ids: list[int]) -> list[Earned]:
    holders = holders_of(training_class, kind)
    claims = earned_in(training_class, kind, ids)
    return [claim for claim in claims if person_id_of(claim.enrolment) not in holders]


def _refuse_unprintable(run: IssueRun, claim: Earned, now: datetime) -> bool:
    missing = unprintable_characters(root_of(claim.enrolment.person).name)
    if missing:
        run.refused[str(claim.enrolment.pk)] = named(missing)
        note_refusal(claim.enrolment, run.kind, missing, now)
    return bool(missing)


def _fail(run_id: int, why: str, now: datetime) -> None:
    IssueRun.objects.filter(pk=run_id, state=State.WORKING).update(
        state=State.FAILED, failure=why[:300], finished_at=now, lease_until=None
    )
