"""The lists of the certificate desk: places by name, old paper numbers, and what many rows cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from certificates.models import Certificate
from certificates.services import order_bundle, order_certificates, propose_revocation
from courses.models import OldCertificate
from registry.services import appoint
from registry.services.merging import merge_people
from tests.factories.certificates import EnrolmentFactory, PersonFactory, TrainingClassFactory, issued, noon
from tests.factories.certificates import place as county
from tests.factories.registry import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queued")]


@pytest.fixture
def desk(client):
    """The browser of the county's certificate clerk."""
    clerk = UserFactory(display_name="证书员甲")
    region = county("431125", "江永县").region
    appoint(user=clerk, role="certificate_clerk", region=region, since=noon("2020-01-01").date())
    client.force_login(clerk)
    return client


def closed_class(**fields):
    return TrainingClassFactory(closed=True, taught=True, **fields)


def row(training_class=None):
    """One more of everything: a class, a paper, a revocation, an order, somebody who waits for hers."""
    training_class = training_class or closed_class()
    paper = issued(EnrolmentFactory(completed=True, training_class=training_class))
    Certificate.objects.filter(pk=paper.pk).update(rendering="done", pdf_sha256="0" * 64)
    propose_revocation(certificate=paper, reason="red_line", explanation="像", by=UserFactory())
    EnrolmentFactory(completed=True, training_class=training_class)
    order = {"training_class": training_class, "kind": "H", "by": UserFactory()}
    order_certificates(**order).delete()
    order_bundle(form="zip", **order)
    return training_class


@pytest.mark.parametrize(
    "name", ["classes", "papers", "revocations", "templates", "class", "annul", "paper", "run"]
)
def test_list_costs_the_same_for_one_and_three_rows(desk, name):
    first = row()
    where = {"class": [first.uid], "annul": [first.uid]}.get(name, [])
    if name == "paper":
        where = [Certificate.objects.get().uid]
    if name == "run":
        where = [order_certificates(training_class=first, kind="H", by=UserFactory()).uid]
    address = reverse(f"certificate_{name}", args=where)
    desk.get(address)
    with CaptureQueriesContext(connection) as one:
        assert desk.get(address).status_code == 200
    for _more in range(2):
        row(first if where and name != "run" else None)

    with CaptureQueriesContext(connection) as three:
        desk.get(address)

    assert len(three) == len(one)


def test_classes_bear_the_name_of_their_county(desk):
    made = row()

    for address in (reverse("certificate_classes"), reverse("certificate_class", args=[made.uid])):
        text = desk.get(address).content.decode()
        assert "江永县" in text
        assert "431125 ·" not in text


def test_clerk_is_warned_of_a_paper_certificate_from_before(desk):
    made = closed_class()
    hers = EnrolmentFactory(completed=True, training_class=made)
    old = EnrolmentFactory(
        person=hers.person,
        training_class__course=made.course,
        training_class__year=2019,
        training_class__number=12,
    )
    OldCertificate.objects.create(enrolment=old, county=made.county, number="江商证2020-007")

    text = desk.get(reverse("certificate_class", args=[made.uid])).content.decode()

    assert "江商证2020-007 (2019-0012)" in text
    assert f'value="{hers.pk}"> ' in text  # not ticked beforehand


def test_paper_certificate_is_found_through_a_merged_record_and_of_this_course_only(desk):
    made = closed_class()
    hers, other = (EnrolmentFactory(completed=True, training_class=made) for _ in range(2))
    known = PersonFactory(name=hers.person.name)
    old = EnrolmentFactory(person=known, training_class__course=made.course)
    OldCertificate.objects.create(enrolment=old, county=made.county, number="旧证一号")
    merge_people(kept=hers.person, absorbed=known, by=UserFactory(), reason="同一人")
    elsewhere = EnrolmentFactory(person=other.person)
    OldCertificate.objects.create(enrolment=elsewhere, county=made.county, number="旧证二号")

    text = desk.get(reverse("certificate_class", args=[made.uid])).content.decode()

    assert "旧证一号" in text
    assert "旧证二号" not in text
