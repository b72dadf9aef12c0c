"""Five months of people learning, and the spring of 2020 before, told through the services at their time."""

import io
import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import IO

import av
from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from courses.lesson_parts import Quiz, Task
from courses.models import Course, CoursePage, Enrolment, LessonPage, Submission
from courses.queries import enrolment_of_person
from courses.services import (
    assess,
    close_online_classes,
    enrol_person,
    hand_in,
    open_lesson,
    return_for_redo,
    send_quiz,
)
from registry.demo_roster import DEMO_PERSON
from registry.models import Appointment, Membership, Person, User
from registry.sealing import lookup_hash

MONTHS, LEARNERS = 5, 120
# The trial classes: the last year in which households were registered poor.
HISTORY_ENDS, HISTORY_MONTHS, HISTORY_LEARNERS = date(2020, 7, 1), 4, 24
PRAISE = [
    "装得实，标签也清楚。",
    "做得好，下一次光线再亮一点。",
    "很用心，继续。",
    "步骤都对，手再稳一点更好。",
]
TOO_LITTLE = "这次还差一点：照评分表一行一行对一遍，需要重交就跟老师说一声。"
REDO = "照片有点糊，看不清标签。请擦擦镜头，白天再拍一次。"
WEIGHTS = {"P": 4, "A": 3, "B": 2, "C": 2}


@dataclass(frozen=True)
class Habit:
    """How somebody learns: the share of lessons she gets through, and whether she hands in at the end."""

    share: float
    hands_in: bool


HABITS = [(Habit(0, False), 12), (Habit(0.4, False), 20), (Habit(1, False), 6), (Habit(1, True), 62)]


@transaction.atomic
def load_learning(
    people: Sequence[Person] | None = None,
    *,
    marker: User | None = None,
    seed: int = 431125,
    now: datetime | None = None,
) -> int:
    """Let about 120 people of the roster learn during the last five months; return how many did.

    Before them some 20 of those who stood on the list of 2019 learn in the spring of 2020: poor at
    enrolment is a figure of those years, since 2021 nobody is registered poor.
    `people` are those to choose from (everybody with a village and no login), `marker` marks their work
    (the first instructor). The same seed tells the same story. People who have learnt before are left out,
    and once anybody has learnt nothing happens: repeating it changes nothing. One transaction: an
    interrupted story is told again from its beginning.
    """
    now = now or timezone.now()
    marker = marker or User.objects.filter(appointments__role=Appointment.Role.INSTRUCTOR).first()
    courses = list(Course.objects.filter(pages__live=True).distinct())
    if Enrolment.objects.exists() or marker is None or not courses:
        return 0
    dice = random.Random(seed)  # noqa: S311 - a story, not a secret
    history = _Story(dice, courses, marker, _noon(HISTORY_ENDS), HISTORY_MONTHS, HISTORY_LEARNERS)
    story = _Story(dice, courses, marker, now, MONTHS, LEARNERS)
    earlier = history.tell(_listed_then(people))
    return earlier + story.tell(
        [person for person in people or _everybody() if not person.enrolments.exists()]
    )


def _everybody() -> list[Person]:
    """Return who lives in a village and has no login, but her to try the site with: she has done nothing."""
    hers = lookup_hash(DEMO_PERSON.id_number, purpose="id_number")
    found = Person.objects.filter(village__isnull=False, user__isnull=True).exclude(id_number_hash=hers)
    return list(found.select_related("village").order_by("pk"))


def _listed_then(people: Sequence[Person] | None) -> list[Person]:
    """Return those who belonged to a registered household in the spring of 2020."""
    on_list = set(
        Membership.objects.filter(
            valid__contains=HISTORY_ENDS, household__status_periods__valid__contains=HISTORY_ENDS
        ).values_list("person", flat=True)
    )
    return [person for person in people or _everybody() if person.pk in on_list]


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), timezone.get_default_timezone())


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


class _Story:
    """The dice, the courses' lessons and who marks."""

    def __init__(
        self,
        dice: random.Random,
        courses: list[Course],
        marker: User,
        now: datetime,
        month_count: int,
        learner_count: int,
    ) -> None:
        self.dice = dice
        self.marker = marker
        self.now = now
        self.month_count = month_count
        self.learner_count = learner_count
        self.courses = courses
        self.lessons = {course.pk: _lessons(course) for course in courses}

    def tell(self, people: Sequence[Person]) -> int:
        """Let people learn month by month, and close each month's classes; return how many learnt."""
        chosen = self.choose(people)
        for begin in self.months():
            for person in chosen[begin]:
                self.learn(person, begin)
            close_online_classes(now=min(self.now, _noon(_next_month(begin))))
        return sum(len(each) for each in chosen.values())

    def months(self) -> list[date]:
        """Return the first days of the story's months, the last one included."""
        months = [timezone.localdate(self.now).replace(day=1)]
        while len(months) < self.month_count:
            months.append((months[-1] - timedelta(days=1)).replace(day=1))
        return months[::-1]

    def choose(self, people: Sequence[Person]) -> dict[date, list[Person]]:
        """Return who begins in which month; villages differ, as they do."""
        chosen = self.dice.sample(list(people), min(self.learner_count, len(people)))
        months = self.months()
        return {month: chosen[place :: len(months)] for place, month in enumerate(months)}

    def learn(self, person: Person, month: date) -> None:
        """Tell how one person takes one course, perhaps a second one later."""
        weights = [WEIGHTS.get(course.code, 1) for course in self.courses]
        first = self.dice.choices(self.courses, weights)[0]
        last_day = min(_next_month(month) - timedelta(days=1), timezone.localdate(self.now))
        begin = month + timedelta(days=self.dice.randint(0, max(0, (last_day - month).days)))
        end = self.take(person, first, begin)
        if end and self.dice.random() < 0.25 and len(self.courses) > 1:
            second = self.dice.choice([course for course in self.courses if course != first])
            self.take(person, second, end + timedelta(days=self.dice.randint(1, 5)))

    def take(self, person: Person, course: Course, begin: date) -> date | None:
        """Tell one course; return the day it was completed or handed in, None if it was not."""
        if self.is_later(begin):
            return None
        enrol_person(person=person, course=course, now=self.moment(begin))
        enrolment = enrolment_of_person(person, course)
        habit: Habit = self.dice.choices([h for h, _w in HABITS], [w for _h, w in HABITS])[0]
        lessons = self.lessons[course.pk]
        day = begin
        for lesson in lessons[: round(len(lessons) * habit.share)]:
            if enrolment is None or self.is_later(day):
                return None
            self.study(enrolment, lesson, day)
            if habit.hands_in:
                self.work(enrolment, lesson, day)
            day += timedelta(days=self.dice.randint(1, 3))
        return day if habit.hands_in else None

    def study(self, enrolment: Enrolment, lesson: LessonPage, day: date) -> None:
        """Open a lesson and pass its quiz, now and then at the second try."""
        moment = self.moment(day)
        open_lesson(enrolment=enrolment, lesson=lesson, now=moment)
        quiz = lesson.quiz
        if quiz is None:
            return
        if self.dice.random() < 0.2:
            self.send(enrolment, lesson, _answers(quiz, right=0.4, dice=self.dice), moment)
        self.send(enrolment, lesson, _answers(quiz, right=1, dice=self.dice), moment + timedelta(minutes=9))

    def send(
        self, enrolment: Enrolment, lesson: LessonPage, answers: dict[str, list[str]], moment: datetime
    ) -> None:
        """Send one quiz."""
        token = self.token()
        send_quiz(enrolment=enrolment, lesson=lesson, answers=answers, client_token=token, now=moment)

    def work(self, enrolment: Enrolment, lesson: LessonPage, day: date) -> None:
        """Hand in the final practical, and some of the exercises; most are marked some days later."""
        for task in lesson.tasks:
            if not task.is_graded and self.dice.random() > 0.15:
                continue
            submission = self.hand_in(enrolment, lesson, task, day)
            marked = day + timedelta(days=self.dice.randint(1, 4))
            if self.is_later(marked):
                continue  # still waits for its mark
            if self.dice.random() < 0.1:
                return_for_redo(
                    submission=submission, marker=self.marker, comment=REDO, now=self.moment(marked)
                )
                marked += timedelta(days=2)
                if self.is_later(marked):
                    continue
                submission = self.hand_in(enrolment, lesson, task, marked)
            self.mark(submission, task, marked)

    def hand_in(self, enrolment: Enrolment, lesson: LessonPage, task: Task, day: date) -> Submission:
        """Hand in as many drawings or films as the task asks for at least."""
        make = _film if "photo" not in task.accepts else _photo
        return hand_in(
            enrolment=enrolment,
            lesson=lesson,
            task_key=task.key,
            files=[make(self.dice) for _ in range(task.min_files)],
            client_token=self.token(),
            now=self.moment(day, hour=20),
        )

    def mark(self, submission: Submission, task: Task, day: date) -> None:
        """Mark it: mostly well, sometimes too little."""
        is_poor = self.dice.random() < 0.1
        scale = [1, 1, 2, 2] if is_poor else [3, 3, 3, 4, 4]
        assess(
            submission=submission,
            marker=self.marker,
            levels={row.key: self.dice.choice(scale) for row in task.rubric},
            comment=TOO_LITTLE if is_poor else self.dice.choice(PRAISE),
            now=self.moment(day, hour=21),
        )

    def is_later(self, day: date) -> bool:
        """Say whether that day has not ended yet."""
        return day >= timezone.localdate(self.now)

    def moment(self, day: date, hour: int = 0) -> datetime:
        """Return some time of a day, in the evening as most learn."""
        return _noon(day) + timedelta(hours=(hour or self.dice.randint(15, 19)) - 12, minutes=7)

    def token(self) -> uuid.UUID:
        """Return the next token of the story."""
        return uuid.UUID(int=self.dice.getrandbits(128), version=4)


def _lessons(course: Course) -> list[LessonPage]:
    page = CoursePage.objects.filter(course=course).live().order_by("-locale__language_code").first()
    return list(LessonPage.objects.child_of(page).live().order_by("path")) if page else []


def _answers(quiz: Quiz, *, right: float, dice: random.Random) -> dict[str, list[str]]:
    """Return answers of which about the share `right` is right."""
    return {
        question.key: list(question.answer) if dice.random() < right else [dice.choice(question.options).key]
        for question in quiz.questions
    }


def _photo(dice: random.Random) -> IO[bytes]:
    """Draw a box with fruit, a different one each time."""
    picture = Image.new("RGB", (480, 360), (235, 228, 210))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((60, 90, 420, 320), fill=(183, 121, 58), outline=(110, 70, 30), width=6)
    for row in range(2):
        for column in range(4):
            left, top = 85 + column * 82 + dice.randint(-4, 4), 115 + row * 95 + dice.randint(-4, 4)
            colour = (dice.randint(150, 230), dice.randint(150, 200), dice.randint(20, 90))
            draw.ellipse((left, top, left + 70, top + 78), fill=colour)
    content = io.BytesIO()
    picture.save(content, "JPEG", quality=80)
    return content


def _film(dice: random.Random) -> IO[bytes]:
    """Make a film of one second of one colour."""
    content = io.BytesIO()
    colour = (dice.randint(0, 255), dice.randint(0, 255), dice.randint(0, 255))
    with av.open(content, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=5)
        stream.width, stream.height = 160, 120
        stream.pix_fmt = "yuv420p"
        for _ in range(5):
            frame = av.VideoFrame.from_image(Image.new("RGB", (160, 120), colour))
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    content.seek(0)
    return content
