import pytest

from certificates.demo import load_certificates
from certificates.models import Certificate
from tests.factories.certificates import EnrolmentFactory


@pytest.mark.django_db
def test_demo_issues_and_prints_what_was_completed_once():
    EnrolmentFactory.create_batch(2, completed=True)
    EnrolmentFactory()

    load_certificates()
    load_certificates()

    assert [certificate.is_printed for certificate in Certificate.objects.all()] == [True, True]
