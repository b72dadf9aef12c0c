import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from livestream.coaching_permissions import rehearsals_to_coach
from livestream.judging import judge
from livestream.models import LiveSession, Review, Rubric, RubricLine, TimelineComment
from livestream.queries.reviews import holding_reviews, requests_waiting, rubric_in_force, verdict_of
from livestream.review_errors import (
    MarkingMissing,
    NotYetRecorded,
    OwnRehearsal,
    ReviewNotAsked,
    ReviewOver,
    ReviewTaken,
    TooManyDrafts,
)
from livestream.services.reviews import (
    LEASE,
    MAX_HELD,
    ask_for_review,
    give_review,
    put_back,
    save_draft,
    take_rehearsal,
)
from registry.models import AuditEntry
from tests.factories import courses as make
from tests.factories.reviews import LEVELS, WORDS, ask, give, make_coach, make_rehearsal, remark

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(host):
    return make_rehearsal(host.person)


@pytest.fixture
def coach():
    return make_coach()


def waiting(coach):
    now = timezone.now()
    return [each.session for each in requests_waiting(rehearsals_to_coach(coach), coach, now)]


def test_rubric_c_weighs_a_hundred_in_both_languages():
    lines = list(rubric_in_force().lines.all())

    assert sum(line.weight for line in lines) == 100
    assert [line.weight for line in lines] == [25, 20, 15, 15, 15, 10]
    assert all(len(words) == 5 for line in lines for words in line.descriptors.values())
    assert [line.key for line in lines if line.red_lines] == ["compliance"]


def test_used_rubric_stays_as_it_is(session, coach):
    line = RubricLine.objects.get(key="voice")
    RubricLine.objects.filter(pk=line.pk).update(weight=15)  # nobody used it yet
    ask(session)
    take_rehearsal(session=session, marker=coach)

    for change in (
        lambda: RubricLine.objects.filter(pk=line.pk).update(weight=90),
        lambda: RubricLine.objects.filter(pk=line.pk).delete(),
        lambda: Rubric.objects.update(titles={}),
        lambda: RubricLine.objects.create(
            rubric=line.rubric, key="new", position=9, weight=1, titles={}, descriptors={}
        ),
    ):
        with pytest.raises(Error, match="rubric that was used"), transaction.atomic():
            change()


def test_review_is_asked_for_once_there_is_a_recording(host):
    early = make_rehearsal(host.person, state=LiveSession.State.PROCESSING)
    with pytest.raises(NotYetRecorded):
        ask(early)

    session = make_rehearsal(host.person)
    assert ask(session) == ask_for_review(session=session, went_well="other", was_hard="words")


def test_taking_needs_a_request(session, coach):
    with pytest.raises(ReviewNotAsked):
        take_rehearsal(session=session, marker=coach)


def test_nobody_reviews_herself(host, session):
    ask(session)
    coach = make_coach()
    host.person.user = coach
    host.person.save()

    with pytest.raises(OwnRehearsal):
        take_rehearsal(session=session, marker=coach)
    assert session not in rehearsals_to_coach(coach)


def test_practice_is_held_by_one_coach_until_her_lease_runs_out(session, coach):
    ask(session)
    other = make_coach(name="教练乙")
    now = timezone.now()

    draft = take_rehearsal(session=session, marker=coach, now=now)

    assert take_rehearsal(session=session, marker=coach, now=now) == draft
    with pytest.raises(ReviewTaken):
        take_rehearsal(session=session, marker=other, now=now)
    assert waiting(other) == []
    later = now + LEASE + timedelta(seconds=1)
    take_rehearsal(session=session, marker=other, now=later)
    with pytest.raises(ReviewTaken):
        take_rehearsal(session=session, marker=coach, now=later)


def test_writing_in_a_draft_holds_it_for_longer(session, coach):
    ask(session)
    draft = take_rehearsal(session=session, marker=coach)
    later = timezone.now() + timedelta(days=5)

    saved = save_draft(review=draft, levels={"voice": 2, "nonsense": 4, "loop": 9}, comment="好", now=later)

    assert (saved.levels, saved.lease_until) == ({"voice": 2}, later + LEASE)


def test_put_back_is_free_for_another(session, coach):
    ask(session)
    draft = take_rehearsal(session=session, marker=coach)

    put_back(review=draft)

    assert waiting(coach) == [session]
    take_rehearsal(session=session, marker=make_coach(name="教练乙"))
    with pytest.raises(ReviewOver):
        save_draft(review=draft, levels={})
    with pytest.raises(ReviewOver):
        give_review(review=draft, levels=LEVELS)


def test_coach_holds_so_many_and_no_more(host, coach):
    for _number in range(MAX_HELD):
        held = make_rehearsal(host.person)
        ask(held)
        take_rehearsal(session=held, marker=coach)
    session = make_rehearsal(host.person)
    ask(session)

    with pytest.raises(TooManyDrafts, match=str(MAX_HELD)):
        take_rehearsal(session=session, marker=coach)


def test_queue_shows_least_reviewed_first_then_longest_waiting(host, coach):
    other = make_coach(name="教练乙")
    sessions = [make_rehearsal(host.person) for _number in range(3)]
    now = timezone.now()
    for days, session, wanted in zip((3, 1, 2), sessions, (2, 1, 1), strict=True):
        ask_for_review(session=session, wanted=wanted, now=now - timedelta(days=days), **WORDS)
    give(sessions[0], other)

    assert waiting(coach) == [sessions[2], sessions[1], sessions[0]]
    assert waiting(other) == [sessions[2], sessions[1]]  # not what she gave herself


def test_queue_is_of_the_coachs_region(session):
    ask(session)

    assert waiting(make_coach("522601")) == []
    assert waiting(make_coach("43")) == [session]


def test_training_body_reviews_the_people_of_its_classes(host, course_with_body):
    body_user, training_class = course_with_body
    session = make_rehearsal(host.person)
    ask(session)
    assert waiting(body_user) == []

    make_enrolment(host.person, training_class)

    assert waiting(body_user) == [session]


def test_review_is_given_with_a_level_on_every_line(session, coach):
    ask(session)
    draft = take_rehearsal(session=session, marker=coach)

    with pytest.raises(MarkingMissing):
        give_review(review=draft, levels={"voice": 3})
    given = give_review(
        review=draft, levels=LEVELS, red_lines=frozenset({"compliance", "voice"}), comment="好"
    )

    assert give_review(review=draft, levels=dict.fromkeys(LEVELS, 0)) == given
    assert (given.mark, given.has_red_line, given.red_lines) == (75, True, ["compliance", "voice"])
    entry = AuditEntry.objects.latest("seq")
    assert (entry.action, entry.actor, entry.person) == ("rehearsal_reviewed", coach, session.person)


def test_remarks_are_shown_with_the_review(session, coach):
    ask(session)
    take_rehearsal(session=session, marker=coach)
    early = remark(session, coach)
    other = remark(session, make_coach(name="教练乙"))

    give(session, coach)
    late = remark(session, coach)

    states = [TimelineComment.objects.get(pk=each.pk).state for each in (early, other, late)]
    assert states == ["shown", "draft", "shown"]


def test_given_review_is_corrected_by_a_new_row(session, coach):
    wish = ask(session)
    first = give(session, coach)

    correction = give(session, coach, dict.fromkeys(LEVELS, 1), comment="看错了")

    assert (correction.corrects, correction.mark) == (first, 25)
    assert holding_reviews(session) == [correction]
    wish.refresh_from_db()
    assert wish.closed_at is not None
    with pytest.raises(Error, match="corrected by a new one"), transaction.atomic():
        Review.objects.filter(pk=first.pk).update(mark=90)
    with pytest.raises(Error, match="corrected by a new one"), transaction.atomic():
        correction.delete()


def test_two_first_reviews_of_one_coach_are_refused_by_the_database(session, coach):
    ask(session)
    first = give(session, coach)

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            session=session,
            marker=coach,
            rubric=first.rubric,
            state="given",
            mark=1,
            given_at=timezone.now(),
            claimed_at=timezone.now(),
            lease_until=timezone.now(),
        )


def test_test_needs_a_third_coach_when_two_differ_by_more_than_fifteen(session, coach):
    wish = ask(session, wanted=2)
    second, third, fourth = (make_coach(name=f"教练{number}") for number in "乙丙丁")

    give(session, coach, dict.fromkeys(LEVELS, 2))  # 50
    assert verdict_of(session, holding_reviews(session), 2).missing == 1
    give(session, second, dict.fromkeys(LEVELS, 3))  # 75
    wish.refresh_from_db()
    assert wish.closed_at is None
    assert waiting(third) == [session]
    give(session, third, dict.fromkeys(LEVELS, 4))  # 100
    wish.refresh_from_db()

    verdict = verdict_of(session, holding_reviews(session), 2)
    assert (verdict.mark, verdict.is_passed) == (Decimal(75), True)
    assert wish.closed_at is not None
    with pytest.raises(ReviewTaken):
        take_rehearsal(session=session, marker=fourth)


def test_correction_that_parts_two_coaches_opens_the_request_again(session, coach):
    wish = ask(session, wanted=2)
    second = make_coach(name="教练乙")
    give(session, coach)
    give(session, second)
    wish.refresh_from_db()
    assert wish.closed_at is not None

    give(session, second, dict.fromkeys(LEVELS, 0))

    wish.refresh_from_db()
    assert wish.closed_at is None


def test_two_coaches_of_a_test_hold_it_at_once(session, coach):
    ask(session, wanted=2)

    take_rehearsal(session=session, marker=coach)
    take_rehearsal(session=session, marker=make_coach(name="教练乙"))

    with pytest.raises(ReviewTaken):
        take_rehearsal(session=session, marker=make_coach(name="教练丙"))


def test_nothing_given_is_nothing_judged(session):
    assert verdict_of(session, holding_reviews(session), 1) == judge([], wanted=1)


@pytest.fixture
def course_with_body():
    from django.db.backends.postgresql.psycopg_any import DateRange

    from registry.models import Appointment, Organisation
    from tests.factories.courses import at, make_course, make_course_page

    make.make_county()
    place = make.make_region("522601", "别处", 3)
    body = Organisation.objects.create(name="示例职业中专", region=place.region)
    user = make.make_user("承训员")
    Appointment.objects.create(
        user=user,
        role="training_body",
        region=place.region,
        organisation=body,
        valid=DateRange(at("2020-01-01").date(), None),
    )
    page = make_course_page(make_course())
    return user, (page, body)


def make_enrolment(person, training_class):
    from courses.models import TrainingClass
    from courses.services import enrol_person

    page, body = training_class
    enrolment = enrol_person(person=person, course=page.course)
    TrainingClass.objects.filter(pk=enrolment.training_class_id).update(training_body=body)
    return enrolment


def test_same_token_twice_is_one_remark(session, coach):
    token = uuid.uuid4()

    assert remark(session, coach, client_token=token) == remark(session, coach, 99, client_token=token)
