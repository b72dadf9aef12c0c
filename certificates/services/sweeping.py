"""Every minute: wake what got stuck."""

from datetime import datetime

from django.utils import timezone

from certificates.models import Certificate
from certificates.queries.certificates import unissued_enrolments, unprinted_certificates
from certificates.services.bundles import wake_bundles
from certificates.services.notices import wake_notices
from certificates.services.printing import PRINTED_AT_ONCE
from certificates.services.runs import wake_runs
from certificates.tasks import issue_certificate_task, print_certificates_task

MOST_ATTEMPTS = 5
SWEPT_AT_ONCE = 500
# A message that no worker took before the next sweep is dropped, so that they cannot pile up.
SWEEP_SECONDS = 55


def sweep(*, now: datetime | None = None) -> int:
    """Wake completions without a certificate, papers without a PDF, orders and messages; return how many."""
    now = now or timezone.now()
    unprinted = unprinted_certificates(now)
    unprinted.filter(attempts__gte=MOST_ATTEMPTS).update(
        rendering=Certificate.Rendering.FAILED, rendering_error=f"stopped after {MOST_ATTEMPTS} attempts"
    )
    unissued = list(unissued_enrolments(now).values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    waiting = list(unprinted.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    for enrolment_id in unissued:
        issue_certificate_task.apply_async((enrolment_id,), expires=SWEEP_SECONDS)
    for first in range(0, len(waiting), PRINTED_AT_ONCE):
        ids = waiting[first : first + PRINTED_AT_ONCE]
        print_certificates_task.apply_async((ids,), expires=SWEEP_SECONDS)
    return len(unissued) + len(waiting) + wake_runs(now) + wake_bundles(now) + wake_notices(now)
