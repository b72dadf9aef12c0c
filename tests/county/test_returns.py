"""R16: what was signed stays, what is found out later is stated where it is found out (E12, E19)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from county import errors
from county.models import MonthlyReturn, ReturnLine
from county.queries import count
from county.services import check_return, prepare_return, send_back_return, sign_return
from county.services.returns import is_intact
from county.statements import difference, statement_from
from courses.models import TrainingClass
from registry.models import AuditEntry
from registry.services import end_status, merge_people
from tests.factories.certificates import PersonFactory, attend, noon
from tests.factories.registry import MembershipFactory, StatusPeriodFactory, UserFactory

pytestmark = pytest.mark.django_db
APRIL, MAY, JUNE = date(2026, 4, 1), date(2026, 5, 1), date(2026, 6, 1)
NEXT = {APRIL: "2026-05-03", MAY: "2026-06-03", JUNE: "2026-07-03"}


@pytest.fixture
def signers(db):
    return [UserFactory(username=name) for name in ("fills-in", "checks", "signs")]


@pytest.fixture
def april_class(make_class):
    return make_class(starts_on=APRIL, ends_on=date(2026, 4, 30))


def signed(month, signers, code="431125"):
    now = noon(NEXT[month])
    made = prepare_return(county_code=code, month=month, by=signers[0], now=now)
    check_return(monthly_return=made, by=signers[1], now=now)
    return sign_return(monthly_return=made, by=signers[2], now=now)


def corrections(monthly_return):
    lines = monthly_return.lines.exclude(of_month=monthly_return.month)
    return [
        (line.of_month, difference(statement_from(line.before), statement_from(line.after))) for line in lines
    ]


def test_return_states_what_is_counted(april_class, make_trained, signers):
    make_trained(april_class, was_registered=True)
    make_trained(april_class)

    made = signed(APRIL, signers)

    counted = count("431125", APRIL, APRIL, by="town")
    assert made.is_signed
    assert made.figures["total"]["heads"] == counted.total.heads == 2
    assert [row["label"] for row in made.figures["rows"]] == ["潇浦镇"]
    assert made.lines.count() == 2
    assert is_intact(made)
    assert [
        entry.action for entry in AuditEntry.objects.filter(action__startswith="return_").order_by("seq")
    ] == [
        "return_prepared",
        "return_checked",
        "return_frozen",
    ]


def test_e12_status_taken_back_is_a_line_of_june_and_april_stays(april_class, make_trained, village, signers):
    membership = MembershipFactory(person=PersonFactory(village=village.region))
    spell = StatusPeriodFactory(household=membership.household)
    make_trained(april_class, person=membership.person, was_registered=True, was_ever_registered=True)
    make_trained(april_class, was_registered=True)
    april, _may = signed(APRIL, signers), signed(MAY, signers)
    frozen = (april.figures, april.sha256)
    with transaction.atomic():
        end_status(period=spell, on=date(2026, 1, 1), reason="识别不准清退", by=signers[0])

    june = signed(JUNE, signers)

    april.refresh_from_db()
    assert (april.figures, april.sha256) == frozen
    [(of_month, change)] = corrections(june)
    assert of_month == APRIL
    assert change["poor_person_times"] == -1
    assert "person_times" not in change
    assert is_intact(april)


def test_e19_merge_is_one_less_by_a_line(april_class, make_trained, signers):
    first, second = make_trained(april_class), make_trained(april_class)
    signed(APRIL, signers)
    merge_people(kept=first.person, absorbed=second.person, by=signers[0], reason="同一人")

    may = signed(MAY, signers)

    assert [change["person_times"] for _month, change in corrections(may)] == [-1]
    assert may.lines.get().person == second.person


def test_correction_of_the_ledger_is_stated_once(april_class, make_trained, signers):
    enrolment = make_trained(april_class)
    signed(APRIL, signers)
    attend(enrolment, -45, "2026-04-03")

    may, june = signed(MAY, signers), signed(JUNE, signers)

    assert corrections(may) == [(APRIL, {"person_times": -1, "minutes": -45})]
    assert corrections(june) == []


def test_class_closed_late_is_added_to_its_month(april_class, make_trained, signers):
    TrainingClass.objects.update(state="open", closed_at=None)
    make_trained(april_class)
    assert signed(APRIL, signers).lines.count() == 0
    TrainingClass.objects.update(state="closed", closed_at=noon("2026-05-20"))

    assert corrections(signed(MAY, signers)) == [(APRIL, {"person_times": 1, "minutes": 45})]


def test_a14_three_different_people_sign(april_class, signers):
    made = prepare_return(county_code="431125", month=APRIL, by=signers[0], now=noon(NEXT[APRIL]))

    with pytest.raises(errors.SignersMustDiffer):
        check_return(monthly_return=made, by=signers[0])
    check_return(monthly_return=made, by=signers[1])
    for one in signers[:2]:
        with pytest.raises(errors.SignersMustDiffer):
            sign_return(monthly_return=made, by=one)
    with pytest.raises(IntegrityError), transaction.atomic():
        MonthlyReturn.objects.update(checked_by=signers[0])


def test_steps_come_in_order(county, signers):
    made = prepare_return(county_code="431125", month=APRIL, by=signers[0], now=noon(NEXT[APRIL]))

    with pytest.raises(errors.ReturnNotThere):
        sign_return(monthly_return=made, by=signers[2])
    with pytest.raises(errors.ReturnExists):
        prepare_return(county_code="431125", month=APRIL, by=signers[0], now=noon(NEXT[APRIL]))
    with pytest.raises(errors.EarlierMonthOpen):
        prepare_return(county_code="431125", month=MAY, by=signers[0], now=noon(NEXT[MAY]))
    with pytest.raises(errors.LaterMonthSigned):
        prepare_return(county_code="431125", month=date(2026, 3, 1), by=signers[0], now=noon(NEXT[MAY]))
    with pytest.raises(errors.MonthNotOver):
        prepare_return(county_code="431125", month=JUNE, by=signers[0], now=noon("2026-06-30"))


def test_sent_back_is_filled_in_anew(april_class, make_trained, signers):
    made = prepare_return(county_code="431125", month=APRIL, by=signers[0], now=noon(NEXT[APRIL]))
    make_trained(april_class)

    send_back_return(monthly_return=made, by=signers[1], reason="少了一个班")

    assert signed(APRIL, signers).lines.count() == 1
    assert AuditEntry.objects.get(action="return_sent_back").detail["reason"] == "少了一个班"


def test_signed_return_is_kept_by_the_database(april_class, make_trained, signers):
    make_trained(april_class)
    made = signed(APRIL, signers)

    with pytest.raises(errors.ReturnNotThere):
        send_back_return(monthly_return=made, by=signers[1], reason="x")
    for attempt in (
        lambda: MonthlyReturn.objects.update(figures={}),
        lambda: ReturnLine.objects.update(after=None),
        lambda: ReturnLine.objects.all().delete(),
        lambda: ReturnLine.objects.create(
            monthly_return=made,
            of_month=APRIL,
            person=PersonFactory(),
            training_class=april_class,
            after={},
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_lines_that_were_tampered_with_are_not_signed(april_class, make_trained, signers):
    make_trained(april_class)
    made = prepare_return(county_code="431125", month=APRIL, by=signers[0], now=noon(NEXT[APRIL]))
    ReturnLine.objects.all().delete()

    with pytest.raises(errors.ReturnOutdated):
        check_return(monthly_return=made, by=signers[1])
