import pytest
from wagtail.models import Page, Site

from cms.demo import load_site
from cms.models import HomePage, StandardPage

pytestmark = pytest.mark.slow


def test_migrations_leave_a_sound_tree_with_a_home_in_each_language(db):
    assert Site.objects.get().root_page.specific == HomePage.objects.get(locale__language_code="zh-hans")
    assert HomePage.objects.values("translation_key").distinct().count() == 1
    assert not any(Page.find_problems())


def test_load_site_twice_makes_each_page_once(db):
    load_site()
    revisions = sum(page.revisions.count() for page in Page.objects.all())

    load_site()

    assert StandardPage.objects.count() == 6
    assert StandardPage.objects.values("translation_key").distinct().count() == 3
    assert sum(page.revisions.count() for page in Page.objects.all()) == revisions
    assert not any(Page.find_problems())


def test_load_site_keeps_what_an_editor_wrote(site):
    HomePage.objects.filter(locale__language_code="en").update(lead="Ours")

    load_site()

    assert HomePage.objects.get(locale__language_code="en").lead == "Ours"
