import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.urls import reverse

from certificates.errors import NotCompleted, NumberOutOfRange, UnprintableText
from certificates.models import Certificate, IssueRefusal
from certificates.numbering import parse_number
from certificates.services import (
    issue_certificate,
    issue_on_completion,
    render_again,
    render_certificate,
    sweep,
)
from certificates.tasks import issue_certificate_task
from courses.models import TrainingClass
from courses.services import open_catalog
from courses.signals import course_completed
from registry.models import AuditAction, AuditEntry, Person
from tests.factories.certificates import EnrolmentFactory, TrainingClassFactory, issued, noon, place
from tests.factories.courses import make_course, make_course_page, make_person, make_user, make_village

NOW = noon("2026-03-28")


pytestmark = pytest.mark.django_db


def test_certificate_freezes_what_is_printed():
    enrolment = EnrolmentFactory(
        completed=True,
        person__name="阿依古丽·买买提",
        training_class__number=12,
        training_class__year=2026,
    )

    certificate = issue_certificate(enrolment=enrolment, now=NOW)

    assert certificate.number.startswith("H431125-2026-0012-0001-")
    assert parse_number(certificate.number).seat == 1
    assert certificate.printed == {
        "name": "阿依古丽·买买提",
        "sex": "F",
        "birth_year": 1972,
        "course_code": enrolment.training_class.course.code,
        "course_name": "农产品包装",
        "course_name_en": "Packaging farm produce",
        "class_label": "2026-0012",
        "class_starts_on": "2026-03-01",
        "class_ends_on": "2026-03-31",
        "studied_from": "2026-03-03",
        "studied_until": "2026-03-23",
        "hours": "24.00",
        "planned_hours": "24.00",
        "practical": "85.50",
        "result": "completed",
        "body": "江永县电子商务公共服务中心",
        "body_en": "Jiangyong County E-commerce Public Service Centre",
        "county_code": "431125",
        "issued_on": "2026-03-28",
    }


def test_certificate_of_another_county_names_that_county():
    place("431129", "江华瑶族自治县")
    enrolment = EnrolmentFactory(completed=True, training_class__county_code="431129")

    certificate = issue_certificate(enrolment=enrolment, now=NOW)

    assert certificate.number.startswith("H431129-")
    assert certificate.printed["body"] == "江华瑶族自治县电子商务公共服务中心"


def test_certificate_issued_twice_is_one():
    enrolment = EnrolmentFactory(completed=True)

    first = issue_certificate(enrolment=enrolment, now=NOW)
    second = issue_certificate(enrolment=enrolment, now=NOW + timedelta(days=3))

    assert first == second
    assert Certificate.objects.count() == 1


def test_seats_have_no_gaps():
    training_class = TrainingClassFactory()
    enrolments = EnrolmentFactory.create_batch(4, completed=True, training_class=training_class)
    EnrolmentFactory(training_class=training_class)

    seats = [issue_certificate(enrolment=enrolment, now=NOW).seat for enrolment in enrolments]

    assert seats == [1, 2, 3, 4]


def test_later_changes_of_the_person_do_not_touch_the_paper():
    enrolment = EnrolmentFactory(completed=True, person__name="学员甲")
    certificate = issue_certificate(enrolment=enrolment, now=NOW)

    Person.objects.update(name="学员乙")

    assert issue_certificate(enrolment=enrolment, now=NOW).printed["name"] == "学员甲"
    assert certificate.printed["name"] == "学员甲"


def test_certificate_is_queued_for_printing_on_commit(queued, django_capture_on_commit_callbacks):
    enrolment = EnrolmentFactory(completed=True)

    with django_capture_on_commit_callbacks(execute=True):
        certificate = issue_certificate(enrolment=enrolment, now=NOW)
        assert queued == []

    assert queued == [("certificates.print_certificates", [certificate.pk])]


def test_a13_enrolment_that_is_not_completed_is_refused():
    with pytest.raises(NotCompleted):
        issue_certificate(enrolment=EnrolmentFactory(), now=NOW)


@pytest.mark.parametrize(
    ("hours", "practical", "is_issued"),
    [("19.20", "60", True), ("19.19", "60", False), ("19.20", "59.99", False)],
)
def test_e07_a13_certificate_needs_four_fifths_and_sixty(hours, practical, is_issued):
    enrolment = EnrolmentFactory(
        completed=True, completed_hours=Decimal(hours), completed_practical=Decimal(practical)
    )

    if is_issued:
        assert issue_certificate(enrolment=enrolment, now=NOW)
    else:
        with pytest.raises(NotCompleted):
            issue_certificate(enrolment=enrolment, now=NOW)


def test_cancelled_class_gives_no_certificate():
    enrolment = EnrolmentFactory(completed=True, training_class__state=TrainingClass.State.CANCELLED)

    with pytest.raises(NotCompleted):
        issue_certificate(enrolment=enrolment, now=NOW)


def test_seat_beyond_four_digits_is_refused():
    training_class = TrainingClassFactory(number=10_000)

    with pytest.raises(NumberOutOfRange):
        issue_certificate(enrolment=EnrolmentFactory(completed=True, training_class=training_class), now=NOW)


@pytest.mark.parametrize(
    "changes", [{"printed": {"name": "学员乙"}}, {"number": "H1"}, {"seat": 9}, {"county_code": "431129"}]
)
def test_issued_certificate_cannot_be_rewritten(changes):
    certificate = issued(EnrolmentFactory(completed=True))

    with pytest.raises(DatabaseError, match="stays as it was printed"), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(**changes)


def test_issued_certificate_cannot_be_deleted():
    certificate = issued(EnrolmentFactory(completed=True))

    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        certificate.delete()


def test_certificate_can_be_revoked_with_a_reason_only():
    certificate = issued(EnrolmentFactory(completed=True))
    rows = Certificate.objects.filter(pk=certificate.pk)

    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state=Certificate.State.REVOKED)
    assert rows.update(state=Certificate.State.REVOKED, state_reason=Certificate.Reason.RED_LINE)


def test_certificate_gets_its_pdf_once(private_files, signing):
    certificate = issued(EnrolmentFactory(completed=True))

    assert render_certificate(certificate_id=certificate.pk, now=NOW) is True
    assert render_certificate(certificate_id=certificate.pk, now=NOW) is False

    certificate.refresh_from_db()
    with certificate.pdf.open() as file:
        pdf = file.read()
    assert pdf.startswith(b"%PDF")
    assert certificate.pdf_sha256 == hashlib.sha256(pdf).hexdigest()
    assert (certificate.rendering, certificate.attempts, certificate.lease_until) == ("done", 1, None)
    assert certificate.pdf.name == f"certificates/431125/{certificate.number}-1.pdf"


def test_name_that_cannot_be_printed_is_refused_at_issue_with_its_character():
    enrolment = EnrolmentFactory(completed=True, person__name="学\ue000员")

    with pytest.raises(UnprintableText) as refusal:
        issue_certificate(enrolment=enrolment, now=NOW)

    assert refusal.value.characters == "\ue000"
    assert not Certificate.objects.exists()


def test_self_paced_completion_with_such_a_name_waits_for_a_correction(queued):
    enrolment = EnrolmentFactory(completed=True, person__name="学\ue000员")

    assert issue_on_completion(enrolment=enrolment, now=NOW) is None

    assert IssueRefusal.objects.get().characters == "\ue000"
    assert sweep(now=NOW) == 0
    Person.objects.filter(pk=enrolment.person_id).update(name="学员甲")
    assert sweep(now=NOW) == 1
    enrolment.person.refresh_from_db()
    assert issue_on_completion(enrolment=enrolment, now=NOW).printed["name"] == "学员甲"
    assert not IssueRefusal.objects.exists()


@pytest.mark.parametrize(("name", "is_warned"), [("学\ue000员", True), ("学员䶮", False)])
def test_name_without_a_glyph_is_said_when_she_takes_a_place(client, name, is_warned):
    page = make_course_page(make_course())
    open_catalog(page.get_parent().specific)
    user = make_user()
    make_person(name, user, make_village())
    client.force_login(user)

    response = client.post(reverse("courses:enrol", args=[page.slug]), follow=True)

    assert ("U+E000" in response.content.decode()) is is_warned
    assert user.person.enrolments.exists()


def test_font_that_is_gone_stops_the_printing(private_files, signing, monkeypatch):
    certificate = issued(EnrolmentFactory(completed=True, person__name="学员䶮"))
    monkeypatch.setattr("certificates.rendering.unprintable_characters", lambda text: "䶮")

    assert render_certificate(certificate_id=certificate.pk, now=NOW) is False

    certificate.refresh_from_db()
    assert certificate.rendering == Certificate.Rendering.FAILED
    assert certificate.rendering_error == "䶮 (U+4DAE)"
    assert not list(private_files.rglob("*.pdf"))


def test_failed_certificate_can_be_tried_again(queued, django_capture_on_commit_callbacks):
    certificate = issued(
        EnrolmentFactory(completed=True), rendering="failed", rendering_error="x", attempts=5
    )

    with django_capture_on_commit_callbacks(execute=True):
        render_again(certificate=certificate)

    certificate.refresh_from_db()
    assert (certificate.rendering, certificate.attempts) == ("waiting", 0)
    assert queued == [("certificates.print_certificates", [certificate.pk])]


def test_certificate_held_by_another_worker_is_left_alone(signing):
    certificate = issued(EnrolmentFactory(completed=True), lease_until=NOW + timedelta(seconds=1))

    assert render_certificate(certificate_id=certificate.pk, now=NOW) is False
    assert render_certificate(certificate_id=certificate.pk, now=NOW + timedelta(seconds=2)) is True


def test_file_left_by_a_dead_worker_is_replaced(private_files, signing):
    certificate = issued(EnrolmentFactory(completed=True))
    left = private_files / f"certificates/431125/{certificate.number}-1.pdf"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")

    render_certificate(certificate_id=certificate.pk, now=NOW)

    assert [path.name for path in private_files.rglob("*.pdf")] == [left.name]
    assert left.read_bytes().startswith(b"%PDF")


def test_completed_course_queues_its_certificate(queued, django_capture_on_commit_callbacks):
    enrolment = EnrolmentFactory(completed=True)

    with django_capture_on_commit_callbacks(execute=True):
        course_completed.send(sender=type(enrolment), enrolment=enrolment)
        assert queued == []

    assert queued == [("certificates.issue_certificate", enrolment.pk)]


def test_broker_that_is_down_does_not_undo_the_completion(
    monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def refuse(pk):
        raise ConnectionError

    monkeypatch.setattr(issue_certificate_task, "delay", refuse)
    enrolment = EnrolmentFactory(completed=True)

    with django_capture_on_commit_callbacks(execute=True):
        course_completed.send(sender=type(enrolment), enrolment=enrolment)

    assert "Error calling" in caplog.text


def test_sweep_wakes_what_is_stuck_and_only_that(queued):
    lost = EnrolmentFactory(completed=True)
    EnrolmentFactory()
    EnrolmentFactory(completed=True, training_class__cancelled=True)
    unprinted = issued(EnrolmentFactory(completed=True))
    abandoned = issued(EnrolmentFactory(completed=True), lease_until=NOW - timedelta(seconds=1), attempts=1)
    issued(EnrolmentFactory(completed=True), lease_until=NOW + timedelta(minutes=1), attempts=1)
    issued(EnrolmentFactory(completed=True), rendering="failed")
    queued.clear()

    assert sweep(now=NOW) == 3
    assert queued == [
        ("certificates.issue_certificate", lost.pk),
        ("certificates.print_certificates", [unprinted.pk, abandoned.pk]),
    ]


def test_sweep_leaves_fresh_rows_to_their_own_task(queued):
    enrolment = EnrolmentFactory(completed=True)

    assert sweep(now=enrolment.completed_at + timedelta(seconds=30)) == 0


def test_sweep_gives_up_after_five_attempts(queued):
    certificate = issued(EnrolmentFactory(completed=True), lease_until=NOW - timedelta(seconds=1), attempts=5)

    assert sweep(now=NOW) == 0

    certificate.refresh_from_db()
    assert certificate.rendering == Certificate.Rendering.FAILED
    assert "5 attempts" in certificate.rendering_error


def at_once(work, times):
    """Run `work` in that many threads that start together, each with its own connection."""
    barrier = Barrier(times)

    def run(_):
        barrier.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
def test_two_workers_running_the_same_issue_task_make_one_certificate(queued, private_files, signing):
    enrolment = EnrolmentFactory(completed=True)

    at_once(lambda: issue_certificate_task(enrolment.pk), 4)
    certificate = Certificate.objects.get()
    printed = at_once(lambda: render_certificate(certificate_id=certificate.pk), 4)

    assert sorted(printed) == [False, False, False, True]
    assert len(list(Path(private_files).rglob("*.pdf"))) == 1
    certificate.refresh_from_db()
    assert certificate.seat == 1
    assert certificate.is_printed


@pytest.mark.django_db(transaction=True)
def test_worker_whose_lease_ran_out_stores_no_second_file(queued, private_files, signing):
    certificate = issued(EnrolmentFactory(completed=True))
    late = NOW + timedelta(minutes=10)

    moments = iter([NOW, late, late + timedelta(minutes=10)])
    printed = at_once(lambda: render_certificate(certificate_id=certificate.pk, now=next(moments)), 3)

    assert any(printed)
    assert len(list(Path(private_files).rglob("*.pdf"))) == 1


@pytest.mark.django_db(transaction=True)
def test_classmates_who_complete_together_get_seats_without_gaps(queued):
    training_class = TrainingClassFactory()
    enrolments = iter(EnrolmentFactory.create_batch(8, completed=True, training_class=training_class))

    at_once(lambda: issue_certificate(enrolment=next(enrolments), now=NOW), 8)

    assert sorted(Certificate.objects.values_list("seat", flat=True)) == list(range(1, 9))


def test_issuing_is_logged_once_with_the_number():
    enrolment = EnrolmentFactory(completed=True)
    for _again in range(2):
        certificate = issue_certificate(enrolment=enrolment)

    entry = AuditEntry.objects.get(action=AuditAction.CERTIFICATE_ISSUED)
    assert (entry.actor, entry.person, entry.region_code) == (None, enrolment.person, "431125")
    assert entry.detail == {"number": certificate.number}
