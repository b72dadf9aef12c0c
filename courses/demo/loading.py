"""Publishing course folders: the Course record, and its pages in every language."""

from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.utils.html import format_html_join
from wagtail.models import Locale, Page, Site

from courses.demo import media
from courses.demo.blocks import LessonBody
from courses.demo.content import LANGUAGES, CourseFolder, folders_in, key_of
from courses.models import CatalogPage, Course, CoursePage, LessonPage
from courses.services import open_catalog

CONTENT = Path(__file__).resolve().parent.parent / "content"
CATALOG = {
    "zh-hans": {"title": "课程", "intro": "挑一门，慢慢学，随时可以停下来。不花钱。"},
    "en": {
        "title": "Courses",
        "intro": "Choose one and learn at your own pace; stop whenever you like. Free.",
    },
}
Loaded = TypeVar("Loaded", CoursePage, LessonPage)


def load_courses(path: Path = CONTENT) -> list[Course]:
    """Publish every course folder below `path` in both languages; return the courses.

    What has not changed since it was last loaded is left alone, also where somebody edited the page;
    changed content becomes a new published revision.
    """
    catalogs = {language: _catalog(language) for language in LANGUAGES}
    return [_load_course(folder, catalogs) for folder in folders_in(path)]


@transaction.atomic
def _catalog(language: str) -> CatalogPage:
    """Return the catalogue below the site's home page of a language, made if there is none."""
    locale, _is_new = Locale.objects.get_or_create(language_code=language)
    home = _home(locale)
    catalog = CatalogPage.objects.child_of(home).first()
    if catalog is None:
        catalog = CatalogPage(
            slug="courses", locale=locale, translation_key=key_of("catalog"), **CATALOG[language]
        )
        home.add_child(instance=catalog)
        catalog.save_revision().publish()
    open_catalog(catalog)
    return catalog


def _home(locale: Locale) -> Page:
    home: Page = Site.objects.get(is_default_site=True).root_page.specific
    if home.locale_id == locale.pk:
        return home
    translated: Page | None = home.get_translation_or_none(locale)
    if translated is None:
        translated = home.copy_for_translation(locale)
        translated.save_revision().publish()
    return translated


@transaction.atomic
def _load_course(folder: CourseFolder, catalogs: dict[str, CatalogPage]) -> Course:
    content = folder.course
    course = _load_record(folder)
    for language in LANGUAGES:
        page = _load_course_page(folder, course, catalogs[language])
        for key in content["lessons"]:
            _load_lesson(folder, page, key, language)
    return course


def _load_record(folder: CourseFolder) -> Course:
    """Return the Course record, written only when it is new or says something else."""
    content = folder.course
    course = Course.objects.filter(code=content["code"]).first() or Course(code=content["code"])
    wanted = {
        "name": content["zh-hans"]["title"],
        "name_en": content["en"]["title"],
        "category": content["category"],
        "hours": folder.hours,
    }
    if any(getattr(course, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(course, name, value)
        course.save()
    return course


def _load_course_page(folder: CourseFolder, course: Course, catalog: CatalogPage) -> CoursePage:
    language = catalog.locale.language_code
    words = folder.course[language]
    content = {"cover": folder.course.get("cover"), **words}
    page = _page(CoursePage, catalog, key_of(folder.slug), folder.digest(content))
    if page is None:
        return CoursePage.objects.get(locale=catalog.locale, translation_key=key_of(folder.slug))
    page.course = course
    page.title, page.slug = words["title"], folder.slug
    page.summary, page.audience = words["summary"], words.get("audience", "")
    items = format_html_join("", "<li>{}</li>", [(outcome,) for outcome in words.get("outcomes", [])])
    page.outcomes = f"<ul>{items}</ul>" if items else ""
    page.cover = media.picture(folder, content["cover"]) if content["cover"] else None
    return _publish(page, catalog)


def _load_lesson(folder: CourseFolder, course_page: CoursePage, key: str, language: str) -> None:
    content = folder.lesson(key, language)
    page = _page(LessonPage, course_page, key_of(folder.slug, key), folder.digest(content))
    if page is None:
        return
    page.title, page.slug = content["title"], content["slug"]
    page.summary, page.hours = content["summary"], content["hours"]
    page.body = _stream(LessonBody(folder, key, language).blocks(content["blocks"]))
    _publish(page, course_page)


def _stream(blocks: list[dict[str, Any]]) -> Any:
    return LessonPage._meta.get_field("body").stream_block.to_python(blocks)


def _page(model: type[Loaded], parent: Page, key: Any, digest: str) -> Loaded | None:
    """Return the page to fill, new or as it is now; None when it was loaded from this very content."""
    page = model.objects.filter(locale=parent.locale, translation_key=key).first()
    if page is None:
        return model(locale=parent.locale, translation_key=key, source_digest=digest)
    if page.source_digest == digest:
        return None
    page.source_digest = digest
    return page


def _publish(page: Loaded, parent: Page) -> Loaded:
    if page.pk is None:
        page.full_clean(exclude=["path", "depth", "url_path", "content_type"])
        parent.add_child(instance=page)
    page.save_revision(clean=False).publish()
    return page
