"""Issuing to a class: gap-free under many workers, and the same end wherever a worker dies."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from certificates.errors import NotEligible
from certificates.models import Certificate, IssueRefusal, IssueRun, PaperKind
from certificates.queries import earned_in, unissued_enrolments
from certificates.services import (
    cancel_run,
    decide_revocation,
    issue_certificate,
    issue_to_class,
    order_certificates,
    print_certificates,
    propose_annulment,
    sweep,
)
from certificates.services import runs as run_services
from courses.errors import DutiesMustDiffer
from courses.models import ClassDuty, Enrolment
from courses.services import close_class
from registry.models import AuditAction, AuditEntry
from registry.services import merge_people
from tests.factories.certificates import EnrolmentFactory, PersonFactory, TrainingClassFactory, noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
NOW = noon("2026-04-02")


def class_of(count: int, **fields):
    """A closed taught class in which so many people completed."""
    training_class = TrainingClassFactory(closed=True, taught=True, **fields)
    EnrolmentFactory.create_batch(count, completed=True, training_class=training_class)
    return training_class


def large_class_of(count: int):
    """The same, made in three statements."""
    training_class = TrainingClassFactory(closed=True, taught=True)
    people = PersonFactory._meta.model.objects.bulk_create(PersonFactory.build_batch(count))
    Enrolment.objects.bulk_create(
        EnrolmentFactory.build(completed=True, training_class=training_class, person=person)
        for person in people
    )
    return training_class


def order(training_class, kind="H", by=None, **options):
    return order_certificates(
        training_class=training_class, kind=kind, by=by or UserFactory(), now=NOW, **options
    )


def seats_of(training_class, kind="H"):
    rows = Certificate.objects.filter(training_class=training_class, kind=kind)
    return sorted(rows.values_list("seat", flat=True))


def test_order_issues_to_everybody_who_earned_it(queued, django_capture_on_commit_callbacks):
    training_class = class_of(3)
    EnrolmentFactory(training_class=training_class)
    clerk = UserFactory()
    with django_capture_on_commit_callbacks(execute=True):
        run = order(training_class, by=clerk)
    assert queued == [("certificates.issue_to_class", run.pk)]

    with django_capture_on_commit_callbacks(execute=True):
        assert issue_to_class(run_id=run.pk, now=NOW) == 3

    run.refresh_from_db()
    assert (run.state, run.done, run.total, run.lease_until) == ("done", 3, 3, None)
    assert seats_of(training_class) == [1, 2, 3]
    assert set(Certificate.objects.values_list("issued_by", flat=True)) == {clerk.pk}
    assert queued[1][0] == "certificates.print_certificates"
    entry = AuditEntry.objects.get(action=AuditAction.CERTIFICATE_ISSUED)
    assert (entry.actor, len(entry.detail["numbers"])) == (clerk, 3)
    assert ClassDuty.objects.get(user=clerk).duty == "issue"


def test_order_for_some_leaves_the_others(queued):
    training_class = class_of(3)
    chosen = training_class.enrolments.last()

    run = order(training_class, enrolment_ids=[chosen.pk])
    issue_to_class(run_id=run.pk, now=NOW)

    assert list(Certificate.objects.values_list("enrolment", flat=True)) == [chosen.pk]


def test_three_papers_are_earned_apart(queued):
    training_class = TrainingClassFactory(closed=True)
    attended = EnrolmentFactory(training_class=training_class, minutes=100)
    completed = EnrolmentFactory(training_class=training_class, completed=True)

    assert [each.enrolment for each in earned_in(training_class, PaperKind.ATTENDANCE)] == [attended]
    assert [each.enrolment for each in earned_in(training_class, PaperKind.COMPLETION)] == [completed]
    assert earned_in(training_class, PaperKind.PASS) == []
    certificate = issue_certificate(enrolment=attended, kind=PaperKind.ATTENDANCE, now=NOW)
    assert certificate.number.startswith("Z431125-")
    assert (certificate.printed["hours"], certificate.printed["practical"]) == ("2.0", "")
    assert certificate.printed["result"] == "attended"
    assert certificate.printed["studied_from"] == "2026-03-01"


def test_open_class_gives_no_paper_to_order():
    training_class = TrainingClassFactory(taught=True)
    EnrolmentFactory(training_class=training_class, completed=True)

    with pytest.raises(NotEligible):
        order(training_class)
    with pytest.raises(NotEligible):
        issue_certificate(
            enrolment=EnrolmentFactory(training_class=training_class, minutes=45), kind="Z", now=NOW
        )


def test_a14_whoever_closed_the_class_does_not_issue():
    training_class = TrainingClassFactory(taught=True)
    EnrolmentFactory(training_class=training_class, completed=True)
    office = UserFactory()
    close_class(training_class=training_class, by=office, now=NOW)

    with pytest.raises(DutiesMustDiffer):
        order(training_class, by=office)


def test_second_order_waits_for_the_first_and_then_finds_nobody(queued):
    training_class = class_of(1)
    run = order(training_class)

    with pytest.raises(NotEligible):
        order(training_class)
    issue_to_class(run_id=run.pk, now=NOW)
    with pytest.raises(NotEligible):
        order(training_class)


def test_merged_person_gets_one_paper(queued):
    training_class = class_of(2)
    first, second = (place.person for place in training_class.enrolments.order_by("pk"))
    merge_people(kept=first, absorbed=second, by=UserFactory(), reason="同一人")

    issue_to_class(run_id=order(training_class).pk, now=NOW)

    assert Certificate.objects.get().person == first


def test_name_without_a_glyph_is_left_out_with_its_character(queued):
    training_class = class_of(2)
    place = training_class.enrolments.first()
    type(place.person).objects.filter(pk=place.person_id).update(name="学\ue000")

    run = order(training_class)
    issue_to_class(run_id=run.pk, now=NOW)

    run.refresh_from_db()
    assert run.refused == {str(place.pk): "\ue000 (U+E000)"}
    assert (run.state, seats_of(training_class)) == ("done", [1])
    assert IssueRefusal.objects.get().enrolment == place


def test_cancelled_order_keeps_what_was_issued(queued, monkeypatch):
    monkeypatch.setattr(run_services, "BATCH", 2)
    training_class = class_of(5)
    run = order(training_class)
    batches = []
    real = run_services._issue_batch

    def stop_after_the_first(run_id, now):
        if batches:
            cancel_run(run=run)
        batches.append(real(run_id, now))
        return batches[-1]

    monkeypatch.setattr(run_services, "_issue_batch", stop_after_the_first)

    assert issue_to_class(run_id=run.pk, now=NOW) == 2
    run.refresh_from_db()
    assert (run.state, run.done, seats_of(training_class)) == ("cancelled", 2, [1, 2])
    assert cancel_run(run=run) is False


def test_order_another_worker_has_is_left_alone(queued):
    run = order(class_of(1))
    IssueRun.objects.filter(pk=run.pk).update(state="working", lease_until=NOW + timedelta(seconds=1))

    assert issue_to_class(run_id=run.pk, now=NOW) == 0
    assert issue_to_class(run_id=run.pk, now=NOW + timedelta(seconds=2)) == 1


class Killed(BaseException):
    """Stands for kill -9: nothing of ours catches it."""


def killed_at(number: int):
    """Let a worker die before its `number`th statement."""
    count = 0

    def execute(run, *args):
        nonlocal count
        count += 1
        if count == number:
            raise Killed
        return run(*args)

    return execute


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_order_killed_at_thirty_random_points_ends_the_same(queued, monkeypatch):
    monkeypatch.setattr(run_services, "BATCH", 3)
    training_class = class_of(10)
    run = order(training_class)
    random_ = random.Random(20260328)
    now, kills = NOW, 0

    for _ in range(30):
        now += timedelta(minutes=10)
        try:
            with connection.execute_wrapper(killed_at(random_.randint(1, 60))):
                issue_to_class(run_id=run.pk, now=now)
        except Killed:
            kills += 1
            run.refresh_from_db()
            assert seats_of(training_class) == list(range(1, run.done + 1))
            IssueRun.objects.filter(pk=run.pk).update(attempts=0)
    issue_to_class(run_id=run.pk, now=now + timedelta(minutes=10))

    run.refresh_from_db()
    assert kills > 3
    assert (run.state, run.done) == ("done", 10)
    assert seats_of(training_class) == list(range(1, 11))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("people", "workers"), [(30, 8), pytest.param(500, 20, marks=pytest.mark.slow)])
def test_many_workers_on_one_class_leave_no_gap_and_no_double(queued, people, workers):
    """The lease is out for each of them, so that they do meet in the same order."""
    training_class = large_class_of(people)
    run = order(training_class)
    barrier = Barrier(workers)

    def work(place):
        barrier.wait()
        try:
            return issue_to_class(run_id=run.pk, now=NOW + timedelta(minutes=10 * place))
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        issued = list(pool.map(work, range(workers)))

    assert sum(issued) == people
    assert seats_of(training_class) == list(range(1, people + 1))
    assert Certificate.objects.values("person").distinct().count() == people


def test_sweep_wakes_an_order_whose_worker_is_gone_and_gives_up_at_last(queued):
    run = order(class_of(1))
    rows = IssueRun.objects.filter(pk=run.pk)
    rows.update(state="working", lease_until=NOW, attempts=1)

    assert sweep(now=NOW + timedelta(seconds=1)) == 1
    assert queued == [("certificates.issue_to_class", run.pk)]
    rows.update(attempts=5)
    assert sweep(now=NOW + timedelta(seconds=1)) == 0
    run.refresh_from_db()
    assert run.state == "failed"


def test_taught_class_waits_for_its_clerk(queued):
    class_of(1)

    assert not unissued_enrolments(NOW + timedelta(days=1)).exists()


def test_annulled_class_gives_no_papers_any_more(queued):
    training_class = class_of(2)
    first = training_class.enrolments.order_by("pk").first()
    issue_to_class(run_id=order(training_class, enrolment_ids=[first.pk]).pk, now=NOW)
    rows = propose_annulment(training_class=training_class, explanation="冒名签到", by=UserFactory(), now=NOW)
    decide_revocation(revocation=rows[0], is_granted=True, by=UserFactory(), now=NOW)

    with pytest.raises(NotEligible):
        order(training_class)


@pytest.mark.slow
def test_issuing_and_printing_costs_at_most_four_queries_a_certificate(signing, private_files, queued):
    run = order(class_of(25))

    with CaptureQueriesContext(connection) as asked:
        issue_to_class(run_id=run.pk, now=NOW)
        ids = list(Certificate.objects.values_list("pk", flat=True))
        assert print_certificates(certificate_ids=ids, now=NOW) == 25

    queries = [query["sql"] for query in asked if "SAVEPOINT" not in query["sql"]]
    assert len(queries) <= 4 * 25
