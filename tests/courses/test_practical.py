import io
import uuid
from decimal import Decimal

import pytest

from courses.errors import (
    AlreadyHandedIn,
    CannotMarkOwnWork,
    KindNotAccepted,
    LessonNotInCourse,
    MarkingIncomplete,
    SubmissionNotOpen,
    TaskNotFound,
    UnreadableFile,
    WrongNumberOfFiles,
)
from courses.models import Enrolment, Submission, SubmissionFile
from courses.queries import submissions_to_mark
from courses.services import assess, hand_in, return_for_redo
from courses.signals import course_completed
from registry.private_files import private_storage
from tests.courses.test_learning import pass_quiz
from tests.factories.courses import (
    at,
    make_course,
    make_course_page,
    make_instructor,
    make_lesson,
    photo,
    task_block,
)

pytestmark = pytest.mark.django_db
GOOD = {"care": 4, "label": 3}


def send(enrolment, lesson, *colours, token=None, task_key="final", **options):
    return hand_in(
        enrolment=enrolment,
        lesson=lesson,
        task_key=task_key,
        files=[photo(colour) for colour in colours or ("green",)],
        client_token=token or uuid.uuid4(),
        **options,
    )


@pytest.fixture
def instructor():
    return make_instructor()


@pytest.fixture
def submission(enrolment, lessons):
    return send(enrolment, lessons[1])


@pytest.fixture
def completions():
    seen = []
    receiver = lambda sender, enrolment, **_: seen.append(enrolment)  # noqa: E731
    course_completed.connect(receiver)
    yield seen
    course_completed.disconnect(receiver)


def test_hand_in_keeps_the_files(enrolment, lessons):
    submission = send(enrolment, lessons[1], "green", "red", note="我的箱子")

    first, second = submission.files.all()
    assert (submission.attempt, submission.state, submission.note) == (1, "handed_in", "我的箱子")
    assert first.sha256 != second.sha256
    assert private_storage().exists(first.file.name)
    assert first.file.name == f"work/{submission.uid}/{first.sha256}.jpg"


def test_hand_in_repeated_is_one_submission(enrolment, lessons):
    token = uuid.uuid4()

    assert send(enrolment, lessons[1], token=token) == send(enrolment, lessons[1], token=token)
    assert SubmissionFile.objects.count() == 1


def test_hand_in_counts_the_same_file_once(enrolment, lessons):
    assert send(enrolment, lessons[1], "green", "green").files.count() == 1


def test_hand_in_again_before_it_was_returned(enrolment, lessons, submission):
    with pytest.raises(AlreadyHandedIn):
        send(enrolment, lessons[1], "red")


def test_hand_in_again_after_it_was_returned(enrolment, lessons, submission, instructor):
    return_for_redo(submission=submission, marker=instructor, comment="请拍清楚")

    assert send(enrolment, lessons[1], "red").attempt == 2


@pytest.mark.parametrize("colours", [("green", "red", "blue")])
def test_hand_in_too_many_files(enrolment, lessons, colours):
    with pytest.raises(WrongNumberOfFiles, match="2"):
        send(enrolment, lessons[1], *colours)


def test_hand_in_without_files(enrolment, lessons):
    with pytest.raises(WrongNumberOfFiles):
        hand_in(enrolment=enrolment, lesson=lessons[1], task_key="final", files=[], client_token=uuid.uuid4())


def test_hand_in_something_else(enrolment, lessons):
    with pytest.raises(UnreadableFile):
        hand_in(
            enrolment=enrolment,
            lesson=lessons[1],
            task_key="final",
            files=[io.BytesIO(b"MZ program")],
            client_token=uuid.uuid4(),
        )
    assert not Submission.objects.exists()


def test_hand_in_a_photo_where_a_video_is_asked_for(enrolment, course_page):
    lesson = make_lesson(course_page, task_block(accepts=("video",)))

    with pytest.raises(KindNotAccepted):
        send(enrolment, lesson, task_key="task")


def test_hand_in_for_a_task_that_is_not_there(enrolment, lessons):
    with pytest.raises(TaskNotFound):
        send(enrolment, lessons[0])


def test_hand_in_for_another_course(enrolment):
    foreign = make_lesson(make_course_page(make_course("X"), slug="other"), task_block())

    with pytest.raises(LessonNotInCourse):
        send(enrolment, foreign, task_key="task")


def test_hand_in_takes_files_back_when_it_fails(enrolment, lessons, monkeypatch):
    def refuse(*_args, **_options):
        raise RuntimeError("disk")

    monkeypatch.setattr(SubmissionFile, "save", refuse)
    with pytest.raises(RuntimeError):
        send(enrolment, lessons[1])

    _folders, files = private_storage().listdir("work")
    assert not files
    assert not any(private_storage().listdir(f"work/{folder}")[1] for folder in _folders)


def test_assess_marks_by_the_rubric(submission, instructor):
    assessment = assess(submission=submission, marker=instructor, levels=GOOD, comment="装得实")

    submission.refresh_from_db()
    assert (assessment.mark, assessment.has_red_line) == (Decimal("90.00"), False)
    assert (assessment.levels, submission.state) == (GOOD, "marked")
    assert [row["key"] for row in assessment.rubric] == ["care", "label"]


def test_assess_again_is_a_second_row_and_the_same_again_is_not(submission, instructor):
    assess(submission=submission, marker=instructor, levels=GOOD)
    assess(submission=submission, marker=instructor, levels=GOOD)
    assess(submission=submission, marker=instructor, levels={"care": 2, "label": 2})

    assert [row.mark for row in submission.assessments.all()] == [Decimal(50), Decimal(90)]


@pytest.mark.parametrize("levels", [{}, {"care": 4}, {"care": 4, "label": 9}])
def test_assess_needs_a_level_for_every_line(submission, instructor, levels):
    with pytest.raises(MarkingIncomplete):
        assess(submission=submission, marker=instructor, levels=levels)


def test_assess_own_work(submission, trainee):
    with pytest.raises(CannotMarkOwnWork):
        assess(submission=submission, marker=trainee, levels=GOOD)


def test_assess_returned_work(submission, instructor):
    return_for_redo(submission=submission, marker=instructor, comment="请拍清楚")

    with pytest.raises(SubmissionNotOpen):
        assess(submission=submission, marker=instructor, levels=GOOD)


def test_return_for_redo_needs_a_comment_and_happens_once(submission, instructor):
    with pytest.raises(MarkingIncomplete):
        return_for_redo(submission=submission, marker=instructor, comment=" ")

    first = return_for_redo(submission=submission, marker=instructor, comment="请拍清楚")

    assert return_for_redo(submission=submission, marker=instructor, comment="请拍清楚") == first


def test_e07_completion_when_hours_and_practical_are_there(enrolment, lessons, instructor, completions):
    for lesson in lessons:
        pass_quiz(enrolment, lesson)
    submission = send(enrolment, lessons[1])
    assert not completions

    assess(submission=submission, marker=instructor, levels={"care": 2, "label": 3}, now=at("2026-03-09"))

    enrolment.refresh_from_db()
    assert completions == [enrolment]
    assert enrolment.completed_at == at("2026-03-09")
    assert (enrolment.completed_hours, enrolment.completed_practical) == (Decimal(4), Decimal(60))


def test_completion_by_the_last_lesson_after_the_mark(enrolment, lessons, instructor, completions):
    assess(submission=send(enrolment, lessons[1]), marker=instructor, levels=GOOD)
    pass_quiz(enrolment, lessons[0])
    assert not completions

    pass_quiz(enrolment, lessons[1])
    pass_quiz(enrolment, lessons[1], day="2026-03-03")

    assert completions == [enrolment]


@pytest.mark.parametrize(
    ("levels", "red_lines"), [({"care": 2, "label": 2}, frozenset()), (GOOD, frozenset({"label"}))]
)
def test_completion_not_with_a_poor_mark_or_a_red_line(
    enrolment, lessons, instructor, completions, levels, red_lines
):
    for lesson in lessons:
        pass_quiz(enrolment, lesson)

    assess(submission=send(enrolment, lessons[1]), marker=instructor, levels=levels, red_lines=red_lines)

    assert not completions


def test_completion_after_a_second_try(enrolment, lessons, instructor, completions):
    for lesson in lessons:
        pass_quiz(enrolment, lesson)
    first = send(enrolment, lessons[1])
    assess(submission=first, marker=instructor, levels={"care": 1, "label": 1})
    return_for_redo(submission=first, marker=instructor, comment="再装一次")
    second = send(enrolment, lessons[1], "red")
    assert not completions

    assess(submission=second, marker=instructor, levels=GOOD)

    assert completions == [enrolment]
    with pytest.raises(SubmissionNotOpen):
        assess(submission=second, marker=instructor, levels={"care": 0, "label": 0})


def test_completion_not_without_a_final_practical(trainee, completions):
    page = make_course_page(make_course("N", hours="2"), slug="none")
    lesson = make_lesson(page)
    from courses.services import enrol_person

    enrolment = enrol_person(person=trainee.person, course=page.course, now=at("2026-03-02"))
    pass_quiz(enrolment, lesson)

    assert not completions
    assert not Enrolment.objects.filter(completed_at__isnull=False).exists()


def test_submissions_to_mark_within_scopes(submission):
    assert list(submissions_to_mark(["431125"])) == [submission]
    assert list(submissions_to_mark(["431125100"])) == [submission]
    assert list(submissions_to_mark([""])) == [submission]
    assert not submissions_to_mark(["522601"])
    assert not submissions_to_mark([])
