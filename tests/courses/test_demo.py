import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from courses.demo import load_courses, load_learning
from courses.demo.content import CourseFolder, folders_in
from courses.models import Attendance, Course, CoursePage, Enrolment, LessonPage, Submission, TrainingClass
from registry.models import RegionVersion
from tests.factories.courses import at, make_county, make_instructor, make_person, make_village
from tests.factories.registry import MembershipFactory, StatusPeriodFactory

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CONTENT = Path(__file__).parent / "content"


@pytest.fixture
def content(tmp_path):
    shutil.copytree(CONTENT, tmp_path / "content")
    return tmp_path / "content"


def change(path, **changes):
    path.write_text(yaml.safe_dump({**yaml.safe_load(path.read_text()), **changes}, allow_unicode=True))


def test_load_courses_publishes_both_languages(content, client):
    [course] = load_courses(content)

    chinese, english = LessonPage.objects.filter(slug="pack-a-box").order_by("-locale__language_code")
    assert (course.code, course.name_en) == ("S", "Sample course")
    assert chinese.translation_key == english.translation_key
    assert (chinese.live, chinese.title, english.title) == (True, "装一箱", "Pack a box")
    assert chinese.quiz.score({"q1": ["b"], "q2": ["false"], "q3": ["b", "a"]}).percent == 100
    assert client.get("/learn/sample/").status_code == 200
    page = client.get("/en/learn/sample/pack-a-box/").content.decode()
    assert "Sort the fruit." in page
    assert "s1-box" in page


def test_load_courses_reads_the_task(content):
    load_courses(content)

    [task] = LessonPage.objects.filter(slug="final").first().tasks
    assert (task.is_graded, task.accepts, task.max_files) == (True, ("photo",), 2)
    assert task.rubric[0].red_line == ""
    assert task.rubric[1].red_line


def test_load_courses_again_writes_nothing(content):
    load_courses(content)

    with CaptureQueriesContext(
        connection,
    ) as queries:
        load_courses(content)

    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not written


def test_load_courses_leaves_an_edited_page_alone(content):
    load_courses(content)
    page = LessonPage.objects.get(slug="final", locale__language_code="en")
    page.title = "By hand"
    page.save_revision().publish()

    load_courses(content)

    page.refresh_from_db()
    assert page.title == "By hand"


def test_load_courses_publishes_a_revision_of_what_changed(content):
    load_courses(content)
    other = LessonPage.objects.get(slug="final", locale__language_code="en").live_revision_id
    change(content / "sample" / "s1.en.yaml", title="Pack well")
    change(content / "sample" / "course.yaml", hours=4)

    load_courses(content)

    lesson = LessonPage.objects.get(slug="pack-a-box", locale__language_code="en")
    assert lesson.title == "Pack well"
    assert LessonPage.objects.get(slug="final", locale__language_code="en").live_revision_id == other
    assert Course.objects.get().hours == 4


def test_load_courses_replaces_a_changed_drawing(content):
    load_courses(content)
    drawing = content / "sample" / "cover.svg"
    drawing.write_text(drawing.read_text().replace("#dcefe3", "#ffffff"))

    load_courses(content)

    cover = CoursePage.objects.first().cover
    assert b"#ffffff" in cover.file.open().read()
    cover.file.close()


def test_folder_refuses_files_from_elsewhere(content):
    [folder] = folders_in(content)

    with pytest.raises(ValueError, match="not in"):
        folder.file("../secret.svg")
    assert isinstance(folder, CourseFolder)


def test_load_learning_tells_the_same_story(content, db):
    make_county()
    load_courses(content)
    village = make_village()
    people = [make_person(f"学员{number}", village=village) for number in range(12)]
    marker = make_instructor()

    told = load_learning(people, marker=marker, now=at("2026-06-15"))
    again = load_learning(people, marker=marker, now=at("2026-06-15"))

    assert (told, again) == (12, 0)
    assert Enrolment.objects.count() >= 12 - 3  # who begins today or later is not there yet
    assert Enrolment.objects.filter(completed_at__isnull=False).exists()
    assert Submission.objects.exists()
    assert not Attendance.objects.filter(recorded_at__gt=at("2026-06-15")).exists()
    assert set(TrainingClass.objects.filter(ends_on__lt="2026-06-01").values_list("state", flat=True)) == {
        "closed"
    }


def test_load_learning_begins_with_the_spring_in_which_households_were_poor(content, db):
    make_county()
    load_courses(content)
    village = make_village()
    county = RegionVersion.objects.get(code="431125").region
    poor = []
    for n in range(8):
        person = make_person(f"学员{n}", village=village)
        membership = MembershipFactory(person=person, household__county=county, household__village=village)
        poor.append(membership)
        StatusPeriodFactory(
            household=membership.household, valid=DateRange(date(2019, 12, 31), date(2020, 12, 31))
        )
    people = [membership.person for membership in poor] + [make_person("样本甲", village=village)]

    load_learning(people, marker=make_instructor(), now=at("2026-06-15"))

    early = Enrolment.objects.filter(enrolled_at__year=2020)
    assert early.filter(was_registered=True).count() == early.count() > 0
    assert not Enrolment.objects.exclude(enrolled_at__year=2020).filter(was_registered=True).exists()
    assert not TrainingClass.objects.filter(year=2020).exclude(state="closed").exists()


def test_load_learning_without_courses_or_teachers(db):
    assert load_learning() == 0
