import time

import pytest
from django.db import transaction

from certificates.models import Certificate
from certificates.services import queue_issue
from tests.factories.certificates import EnrolmentFactory


@pytest.mark.worker
@pytest.mark.django_db(transaction=True)
def test_real_worker_issues_and_prints_once(celery_worker_process):
    enrolment = EnrolmentFactory(completed=True)
    with transaction.atomic():
        for _ in range(3):
            queue_issue(enrolment)

    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and not Certificate.objects.filter(rendering="done").exists():
        time.sleep(0.2)

    certificate = Certificate.objects.get()
    assert certificate.is_printed
    assert certificate.seat == 1
    assert len(certificate.pdf_sha256) == 64
