"""A15: drawing people to call, what the calls came to, and the sheet of results."""

from datetime import date
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from county.errors import NothingToDraw
from county.models import AuditCallResult
from county.queries.flags import Looked, flag_rows
from county.queries.samples import call_rows, classes_to_sample, next_call, samples_in
from county.services.samples import draw_class, draw_month, record_call
from registry.held_data import held_about
from registry.models import AuditAction, AuditEntry, Person
from registry.signals import person_erased
from tests.factories.certificates import TrainingClassFactory
from tests.factories.courses import at, make_user

pytestmark = pytest.mark.django_db
HERE = Looked(["431125"], date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
def auditor():
    return make_user("审计员")


@pytest.fixture
def sample(make_class, make_trained, auditor):
    """Three of the five people of a closed class, drawn by the seed 8061."""
    training_class = make_class()
    for _number in range(5):
        make_trained(training_class)
    return draw_class(training_class=training_class, by=auditor, seed="8061", now=at("2026-04-02"))


def people_of(sample):
    return list(sample.calls.values_list("person", flat=True))


def test_a15_same_seed_draws_the_same_people_again(sample, auditor):
    again = draw_class(training_class=sample.training_class, by=auditor, seed="8061")

    assert len(people_of(sample)) == 3
    assert people_of(again) == people_of(sample)
    assert (again.population, again.population_sha256) == (5, sample.population_sha256)
    assert AuditEntry.objects.filter(action=AuditAction.AUDIT_SAMPLE_DRAWN).count() == 2


def test_a15_month_draws_from_each_of_its_classes(make_class, make_trained, auditor):
    classes = [make_class(), make_class(), make_class(ends_on=date(2026, 4, 30))]
    for training_class in classes:
        for _number in range(4):
            make_trained(training_class)

    drawn = draw_month(county_code="431125", month=date(2026, 3, 1), by=auditor)

    assert [call.training_class for call in drawn.calls.all()] == [classes[0]] * 3 + [classes[1]] * 3
    assert [call.number for call in drawn.calls.all()] == [1, 2, 3, 4, 5, 6]
    assert len(drawn.seed) == 8
    assert list(classes_to_sample(["431125"])) == [classes[2]]


def test_a15_open_class_and_class_without_people_draw_nobody(make_class, make_trained, auditor):
    running = TrainingClassFactory(county=make_class().county)
    make_trained(running)
    for training_class in (running, make_class()):
        with pytest.raises(NothingToDraw):
            draw_class(training_class=training_class, by=auditor)


def test_newest_result_holds_and_earlier_ones_stay(sample, auditor):
    first = sample.calls.first()
    record_call(call=first, outcome="denied", by=auditor, now=at("2026-04-02", "10:00"))
    record_call(call=first, outcome="confirmed", note="记错了", by=auditor, now=at("2026-04-02", "11:00"))

    row = call_rows(sample)[0]
    assert (row.outcome, row.note, row.times, row.masked_name[1:]) == ("confirmed", "记错了", 2, "*****")
    assert first.results.count() == 2
    assert flag_rows(HERE, "A15") == []


def test_a15_who_denies_is_flagged(sample, auditor):
    record_call(call=sample.calls.first(), outcome="denied", by=auditor, now=at("2026-04-02"))

    (row,) = flag_rows(HERE, "A15")
    assert row.training_class == sample.training_class


def test_next_call_goes_round_until_everybody_answered(sample, auditor):
    first, second, third = sample.calls.all()
    record_call(call=second, outcome="confirmed", by=auditor)
    record_call(call=third, outcome="unreachable", by=auditor)

    assert next_call(sample) == first
    assert next_call(sample, first.number) == third
    assert next_call(sample, third.number) == first
    record_call(call=first, outcome="confirmed", by=auditor)
    assert next_call(sample, third.number) is None
    assert [(each.people, each.answered) for each in samples_in(["431125"])] == [(3, 2)]


def test_samples_calls_and_results_are_kept(sample, auditor):
    record_call(call=sample.calls.first(), outcome="denied", by=auditor)
    for change in (
        lambda: sample.calls.update(town=""),
        lambda: type(sample).objects.update(seed="2"),
        lambda: AuditCallResult.objects.update(outcome="confirmed"),
        lambda: AuditCallResult.objects.all().delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_deleted_person_leaves_the_answer_and_no_note(sample, auditor):
    call = sample.calls.first()
    record_call(call=call, outcome="confirmed", note="声音很低", by=auditor)
    section = next(each for each in held_about(call.person) if each.key == "audit_calls")
    assert section.rows[0][3] == "声音很低"

    person_erased.send(sender=Person, person=call.person)

    assert [(each.outcome, each.note) for each in call.results.all()] == [("confirmed", "")]


def test_pages_draw_call_and_hand_out_the_sheet(office, office_user, sample):
    call = sample.calls.first()
    call.person.phone = "+8619900000077"
    call.person.save()
    address = f"/county/audit/calls/{call.uid}/"
    page = office.get(address).content.decode()
    assert "+8619900000077" not in page
    assert call.person.name not in page

    office.post(f"{address}number/", {"reason": "电话抽查培训班"})
    shown = office.get(address)
    assert "tel:+8619900000077" in shown.content.decode()
    assert 1 <= int(shown["Refresh"]) <= 301
    assert AuditEntry.objects.filter(action=AuditAction.PHONE_REVEALED, person=call.person).count() == 1

    after = office.post(address, {"outcome": "denied", "note": "没去过"})
    assert after["Location"] == f"/county/audit/calls/{sample.calls.all()[1].uid}/"
    book = load_workbook(BytesIO(office.get(f"/county/audit/samples/{sample.uid}/results.xlsx").content))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=3)]
    assert [row[5] for row in rows] == ["否认参加", "未拨打", "未拨打"]
    assert rows[0][9] == "没去过"
    assert all(call.person.name not in str(row) for row in rows)


def test_page_draws_a_class_or_asks_again(office, make_class, make_trained):
    training_class = make_class()
    make_trained(training_class)
    assert "class or a month" in office.post("/en/county/audit/samples/", {}).content.decode()
    assert office.post("/county/audit/samples/", {"month": "x"}).status_code == 200

    answer = office.post("/county/audit/samples/", {"training_class": training_class.uid, "seed": "1"})

    assert answer.status_code == 302
    page = office.get(answer["Location"]).content.decode()
    assert training_class.label in page


@pytest.mark.parametrize("path", ["/county/audit/samples/", "sample"])
def test_lists_ask_as_often_for_one_row_as_for_three(office, sample, auditor, make_class, make_trained, path):
    def asked(address):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            office.get(address)
        return len(queries)

    office.get("/county/audit/samples/")
    small = make_class()
    make_trained(small)
    one = draw_class(training_class=small, by=auditor)
    if path == "sample":
        addresses = [f"/county/audit/samples/{each.uid}/" for each in (one, sample)]
        assert asked(addresses[0]) == asked(addresses[1])
    else:
        before = asked(path)
        draw_class(training_class=sample.training_class, by=auditor)
        assert asked(path) == before
