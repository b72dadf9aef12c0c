"""A site with its demo pages, and course cards to show on it."""

from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from wagtail.images.models import Image
from wagtail.models import Locale

from cms.demo import load_site
from cms.models import HomePage
from courses.models import CatalogPage, Course, CoursePage
from registry.models import User

COVER = b'<svg xmlns="http://www.w3.org/2000/svg" width="16" height="9" viewBox="0 0 16 9"></svg>'


@pytest.fixture
def site(db) -> None:
    """Home, about, privacy and help in both languages."""
    load_site()


@pytest.fixture
def add_course_page(site) -> Callable[..., CoursePage]:
    """Return a function that adds the page of a course of that code."""

    def add(code: str, *, language: str = "zh-hans", live: bool = True) -> CoursePage:
        locale = Locale.objects.get(language_code=language)
        home = HomePage.objects.get(locale=locale)
        catalog = CatalogPage.objects.child_of(home).first()
        if catalog is None:
            catalog = home.add_child(instance=CatalogPage(title="课程", slug="courses", locale=locale))
        course, _ = Course.objects.get_or_create(
            code=code, defaults={"name": f"课程{code}", "name_en": code, "category": "packaging", "hours": 24}
        )
        file = ContentFile(COVER, name=f"{code}.svg")
        cover = Image.objects.create(title=code, file=file, width=16, height=9)
        page = CoursePage(
            title=f"课程{code}", course=course, summary="摘要", locale=locale, live=live, cover=cover
        )
        return catalog.add_child(instance=page)

    return add


@pytest.fixture
def signed_in_user(db) -> User:
    """Somebody who can sign in and has no role."""
    return User.objects.create_user(username="trainee", display_name="学员甲")
