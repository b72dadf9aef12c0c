"""A14: in one class nobody takes two of entering, checking, approving and issuing, whoever she is."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from certificates.services import issue_certificate
from courses.errors import DutiesMustDiffer
from courses.models import Assessment, ClassDuty, Submission, TrainingClass
from courses.services import assess, close_class, return_for_redo, take_duty
from registry.models import AuditAction, AuditEntry
from registry.services import appoint
from tests.factories import courses as make
from tests.factories.registry import UserFactory

Duty = ClassDuty.Duty
BROKEN = "another duty in the class"


@pytest.fixture
def submission(enrolment, lessons):
    """Work that waits for its mark."""
    return Submission.objects.create(
        enrolment=enrolment,
        lesson_key=lessons[1].translation_key,
        task_key="final",
        attempt=1,
        client_token="5f2b0b3e-8f3e-4ad9-9f57-3f8d1f5b1c11",
        handed_in_at=make.at("2026-03-03"),
    )


@pytest.fixture
def training_class(enrolment):
    return enrolment.training_class


@pytest.fixture
def superuser(db):
    """Somebody with every right, and still one duty a class."""
    return UserFactory(is_superuser=True)


def duties(training_class):
    return dict(ClassDuty.objects.filter(training_class=training_class).values_list("user", "duty"))


def raw_assessment(submission, marker):
    return Assessment.objects.create(
        submission=submission, marker=marker, decision="returned", decided_at=make.at("2026-03-04")
    )


def complete(enrolment):
    type(enrolment).objects.filter(pk=enrolment.pk).update(
        completed_at=make.at("2026-03-20"), completed_hours="24", completed_practical="80"
    )
    enrolment.refresh_from_db()
    return enrolment


def test_a14_who_marked_cannot_close_the_class(submission, training_class, superuser):
    return_for_redo(submission=submission, marker=superuser, comment="再拍")

    with pytest.raises(DutiesMustDiffer) as refusal:
        close_class(training_class=training_class, by=superuser, now=make.at("2026-03-20"))

    training_class.refresh_from_db()
    assert training_class.state == TrainingClass.State.OPEN
    assert refusal.value.taken.duty == Duty.ENTER
    assert duties(training_class) == {superuser.pk: "enter"}


def test_a14_who_closed_cannot_mark(submission, training_class, superuser):
    close_class(training_class=training_class, by=superuser, now=make.at("2026-03-20"))

    with pytest.raises(DutiesMustDiffer):
        assess(submission=submission, marker=superuser, levels={"care": 4, "label": 4})
    with pytest.raises(DutiesMustDiffer):
        return_for_redo(submission=submission, marker=superuser, comment="再拍")

    assert not submission.assessments.exists()
    assert AuditEntry.objects.get(action=AuditAction.CLASS_CLOSED).actor == superuser


@pytest.mark.parametrize("earlier", [Duty.ENTER, Duty.CHECK, Duty.APPROVE])
def test_a14_who_had_another_duty_cannot_issue(enrolment, training_class, superuser, earlier):
    take_duty(training_class=training_class, duty=earlier, by=superuser)

    with pytest.raises(DutiesMustDiffer):
        issue_certificate(enrolment=complete(enrolment), by=superuser)

    assert not enrolment.certificates.exists()


def test_a14_issuing_is_a_duty_and_logged(enrolment, training_class):
    clerk = UserFactory()

    certificate = issue_certificate(enrolment=complete(enrolment), by=clerk)

    assert duties(training_class) == {clerk.pk: "issue"}
    entry = AuditEntry.objects.get(action=AuditAction.CERTIFICATE_ISSUED)
    assert (entry.actor, entry.person, entry.detail) == (
        clerk,
        enrolment.person,
        {"number": certificate.number},
    )
    with pytest.raises(DutiesMustDiffer):
        close_class(training_class=training_class, by=clerk, now=make.at("2026-03-20"))


def test_a14_the_site_itself_is_nobody(enrolment, training_class):
    issue_certificate(enrolment=complete(enrolment))
    close_class(training_class=training_class, now=make.at("2026-04-01"))

    assert duties(training_class) == {}


def test_a14_same_duty_again_and_in_other_classes_is_fine(submission, training_class, superuser):
    take_duty(training_class=training_class, duty=Duty.ENTER, by=superuser)
    return_for_redo(submission=submission, marker=superuser, comment="再拍")
    other = TrainingClass.objects.create(
        course=training_class.course,
        county=training_class.county,
        county_code=training_class.county_code,
        year=2026,
        number=9,
        kind="taught",
        approved_at=make.at("2026-02-20"),
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 3, 5),
    )

    close_class(training_class=other, by=superuser, now=make.at("2026-03-20"))

    assert duties(training_class) == {superuser.pk: "enter"}
    assert duties(other) == {superuser.pk: "approve"}


def test_a14_raw_rows_take_the_duty_and_hit_the_rule(submission, training_class, superuser):
    raw_assessment(submission, superuser)

    assert duties(training_class) == {superuser.pk: "enter"}
    with pytest.raises(IntegrityError, match=BROKEN), transaction.atomic():
        TrainingClass.objects.filter(pk=training_class.pk).update(state="closed", closed_by=superuser)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClassDuty.objects.create(training_class=training_class, user=superuser, duty=Duty.ISSUE)


def test_a14_raw_marking_after_closing_hits_the_rule(submission, training_class, superuser):
    TrainingClass.objects.filter(pk=training_class.pk).update(state="closed", closed_by=superuser)

    with pytest.raises(IntegrityError, match=BROKEN), transaction.atomic():
        raw_assessment(submission, superuser)
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        TrainingClass.objects.filter(pk=training_class.pk).update(closed_by=None)


def test_a14_raw_issue_hits_the_rule(enrolment, training_class, superuser):
    certificate = issue_certificate(enrolment=complete(enrolment))
    take_duty(training_class=training_class, duty=Duty.APPROVE, by=superuser)
    fields = {
        field.name: getattr(certificate, field.name)
        for field in certificate._meta.fields
        if field.name not in {"id", "uid", "issued_by"}
    }

    with pytest.raises(IntegrityError, match=BROKEN), transaction.atomic():
        type(certificate).objects.create(
            **fields | {"version": 2, "issued_by": superuser, "state": "replaced", "state_reason": "lost"}
        )
    with pytest.raises(IntegrityError, match="as it was printed"), transaction.atomic():
        type(certificate).objects.filter(pk=certificate.pk).update(issued_by=superuser)


def test_a14_duties_are_kept(training_class, superuser):
    taken = take_duty(training_class=training_class, duty=Duty.ENTER, by=superuser)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ClassDuty.objects.filter(pk=taken.pk).update(duty=Duty.APPROVE)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        taken.delete()


def test_a14_page_of_closing_says_why_not(client, submission, training_class, superuser):
    raw_assessment(submission, superuser)
    client.force_login(superuser)

    response = client.post(f"/en/county/classes/{training_class.uid}/close/", {"is_sure": "on"})

    assert response.status_code == 200
    assert "you have another duty: entering data and marks" in response.content.decode()
    training_class.refresh_from_db()
    assert training_class.state == TrainingClass.State.OPEN


def test_a14_page_of_marking_says_why_not(client, submission, training_class, superuser):
    close_class(training_class=training_class, by=superuser, now=make.at("2026-03-20"))
    client.force_login(superuser)

    response = client.post(
        f"/en/learn/marking/{submission.uid}/", {"decision": "return", "comment": "再拍一次"}, follow=True
    )

    assert "another duty: approving the class" in response.content.decode()
    assert not submission.assessments.exists()


def test_a14_account_with_two_roles_still_has_one_duty(submission, training_class, enrolment):
    both = make.make_instructor()
    county = training_class.county
    appoint(user=both, role="office", region=county, since=date(2020, 1, 1))
    return_for_redo(submission=submission, marker=both, comment="再拍")

    with pytest.raises(DutiesMustDiffer):
        close_class(training_class=training_class, by=both, now=make.at("2026-03-20"))
