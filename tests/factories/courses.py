"""Courses, their pages and the people who learn, with a trait per state."""

import io
import itertools
import uuid
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.backends.postgresql.psycopg_any import DateRange
from PIL import Image
from wagtail.models import Locale, Page, Site

from courses.models import CatalogPage, Course, CoursePage, LessonPage
from registry.models import Appointment, Person, Region, RegionVersion, User

CHINA = ZoneInfo("Asia/Shanghai")
RUBRIC = [
    {"key": "care", "title": "保护", "weight": 60, "red_line": "", "descriptors": list("01234")},
    {"key": "label", "title": "标签", "weight": 40, "red_line": "缺必写项", "descriptors": list("01234")},
]
_numbers = itertools.count(1)


def at(day: str, clock: str = "10:00") -> datetime:
    """Return a moment of China's clock: at("2026-03-05")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=CHINA)


def make_region(code: str, name: str, level: int, parent: Region | None = None) -> RegionVersion:
    """Make a place that has always been, or return the one that bears the code."""
    known = RegionVersion.objects.filter(code=code).select_related("region").first()
    if known:
        return known
    return RegionVersion.objects.create(
        region=Region.objects.create(),
        code=code,
        name=name,
        level=level,
        parent=parent,
        valid=DateRange(date(1990, 1, 1), None),
        source="test",
    )


def make_county() -> RegionVersion:
    """Make the home county with one town and one village."""
    county = make_region("431125", "江永县", 3)
    town = make_region("431125100", "示例镇", 4, county.region)
    make_region("431125100200", "示例村", 5, town.region)
    return county


def make_village() -> Region:
    """Return the one village of the home county."""
    make_county()
    return RegionVersion.objects.get(code="431125100200").region


def make_user(name: str = "学员甲", **fields: object) -> User:
    """Make a login without a person."""
    return User.objects.create(username=f"user{next(_numbers)}", display_name=name, **fields)


def make_person(name: str = "学员甲", user: User | None = None, village: Region | None = None) -> Person:
    """Make a person; with a login if one is given."""
    return Person.objects.create(name=name, name_key=name, user=user, village=village)


def make_instructor(code: str = "431125") -> User:
    """Make somebody appointed instructor of the place `code`."""
    make_county()
    place = make_region(code, "别处", {2: 1, 4: 2, 6: 3, 9: 4, 12: 5}[len(code)])
    user = make_user("老师甲")
    Appointment.objects.create(
        user=user, role="instructor", region=place.region, valid=DateRange(date(2020, 1, 1), None)
    )
    return user


def make_course(code: str = "T", hours: str = "4") -> Course:
    """Make a course record."""
    return Course.objects.create(
        code=code, name=f"课程{code}", name_en=f"Course {code}", category="packaging", hours=hours
    )


def option(key: str, text: str, *, is_right: bool = False, place: int | None = None) -> dict[str, object]:
    """Make an option of a question."""
    return {"key": key, "text": text, "is_right": is_right, "place": place}


def listed(values: list) -> list[dict[str, object]]:
    """Wrap values as a list block stores them."""
    return [{"type": "item", "value": value, "id": str(uuid.uuid4())} for value in values]


def quiz_block(pass_mark: int = 60) -> dict[str, object]:
    """Make a quiz with a question of every kind; see RIGHT_ANSWERS."""
    questions = [
        ("q1", "single", [option("a", "甲"), option("b", "乙", is_right=True)]),
        (
            "q2",
            "multiple",
            [option("a", "甲", is_right=True), option("b", "乙", is_right=True), option("c", "丙")],
        ),
        ("q3", "boolean", [option("true", "对"), option("false", "不对", is_right=True)]),
        ("q4", "order", [option("a", "甲", place=2), option("b", "乙", place=1)]),
    ]
    value = {
        "key": "quiz",
        "title": "小测验",
        "pass_mark": pass_mark,
        "questions": listed(
            [
                {
                    "key": key,
                    "kind": kind,
                    "prompt": f"问题{key}",
                    "options": listed(options),
                    "explanation": "因为如此",
                }
                for key, kind, options in questions
            ]
        ),
    }
    return {"type": "quiz", "value": value, "id": str(uuid.uuid4())}


RIGHT_ANSWERS = {"q1": ["b"], "q2": ["a", "b"], "q3": ["false"], "q4": ["b", "a"]}
RIGHT_POST = {"q1": "b", "q2": ["a", "b"], "q3": "false", "q4-a": "2", "q4-b": "1"}  # as the form sends it
WRONG_ANSWERS = {"q1": ["a"], "q2": ["c"], "q3": ["true"], "q4": ["b", "a"]}


def task_block(key: str = "task", *, is_graded: bool = False, accepts: tuple[str, ...] = ("photo",)) -> dict:
    """Make a practical task that takes one or two files."""
    rubric = [{**line, "descriptors": listed(line["descriptors"])} for line in RUBRIC]
    value = {
        "key": key,
        "title": "拍一张箱子",
        "instructions": "<p>装好一箱,拍下来。</p>",
        "accepts": list(accepts),
        "min_files": 1,
        "max_files": 2,
        "is_graded": is_graded,
        "rubric": listed(rubric),
    }
    return {"type": "task", "value": value, "id": str(uuid.uuid4())}


def text_block(html: str = "<h2>包装</h2><p>先挑后垫。</p>") -> dict[str, object]:
    """Make a block of text."""
    return {"type": "text", "value": html, "id": str(uuid.uuid4())}


def make_catalog(language: str = "zh-hans") -> CatalogPage:
    """Make the catalogue below the site's root page of a language, or return it."""
    locale, _is_new = Locale.objects.get_or_create(language_code=language)
    known = CatalogPage.objects.filter(locale=locale).first()
    if known:
        return known
    home: Page = Site.objects.get(is_default_site=True).root_page.specific
    if home.locale_id != locale.pk:
        home = home.get_translation_or_none(locale) or home.copy_for_translation(locale)
        home.save_revision().publish()
    catalog = CatalogPage(title="课程", slug="courses", locale=locale)
    home.add_child(instance=catalog)
    return catalog


def make_course_page(
    course: Course, slug: str = "box", language: str = "zh-hans", **fields: object
) -> CoursePage:
    """Make the published page of a course in a language."""
    catalog = make_catalog(language)
    fields = {"title": course.name, "summary": "装好第一箱", "slug": slug, "locale": catalog.locale, **fields}
    page = CoursePage(course=course, **fields)
    catalog.add_child(instance=page)
    return page


def make_lesson(
    course_page: CoursePage, *blocks: dict, slug: str = "", hours: str = "2", **fields: object
) -> LessonPage:
    """Make a published lesson of `blocks`; without any, of a text and a quiz."""
    slug = slug or f"lesson{next(_numbers)}"
    body = list(blocks) or [text_block(), quiz_block()]
    fields = {"title": f"第{slug}课", "summary": "学会装箱", **fields}
    lesson = LessonPage(slug=slug, hours=hours, body=body, locale=course_page.locale, **fields)
    course_page.add_child(instance=lesson)
    return LessonPage.objects.get(pk=lesson.pk)


def photo(colour: str = "green", *, size: tuple[int, int] = (64, 48), name: str = "a.jpg", **options: object):
    """Make a small real picture as a browser would send it."""
    content = io.BytesIO()
    format_ = str(options.pop("format", "JPEG"))
    Image.new("RGB", size, colour).save(content, format_, **options)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")
