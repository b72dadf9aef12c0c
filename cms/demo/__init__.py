"""The demo's site pages: home, about, privacy and help, in Chinese and English.

Only what is missing is made: what an editor has changed stays as she left it.
"""

from dataclasses import dataclass
from pathlib import Path

from wagtail.models import Locale, Site

from cms.models import HomePage, StandardPage

TEXTS = Path(__file__).resolve().parent / "texts"


@dataclass(frozen=True)
class Words:
    """What one page is called and how it is described, in one language."""

    title: str
    description: str


HOME = {
    "zh-hans": Words(
        "学会包装、拍照、直播，把家乡好货卖出去",
        "村播学堂是县里免费的电商课堂。用手机学，用自家的果子、鸡蛋、核桃练，学完拿结业证书。",
    ),
    "en": Words(
        "Learn to pack, photograph and sell what your village grows",
        "Cunbo is the county's free school for selling online. Learn on your phone, practise with your own "
        "fruit, eggs or walnuts, and take a certificate home.",
    ),
}
PAGES = {
    "about": {
        "zh-hans": Words("关于我们", "村播学堂是谁办的，教什么，结业证书有什么用。"),
        "en": Words("About us", "Who runs Cunbo, what it teaches and what its certificate is worth."),
    },
    "privacy": {
        "zh-hans": Words("隐私说明", "我们留下您的哪些信息，为什么留，留多久，您能怎么办。"),
        "en": Words("Privacy", "What we keep about you, why, for how long, and what you can do about it."),
    },
    "help": {
        "zh-hans": Words("使用帮助", "怎么登录，怎么学，怎么交作业，怎么拿证书。"),
        "en": Words("Help", "How to sign in, learn, hand in your work and get your certificate."),
    },
}


def load_site() -> None:
    """Fill the home page of each language and add its standard pages; a repeat changes nothing."""
    chinese_home = Site.objects.get(is_default_site=True).root_page.specific
    for language in HOME:
        home = _home(chinese_home, language)
        for slug in PAGES:
            _add_page(home, slug, language)


def _home(chinese_home: HomePage, language: str) -> HomePage:
    locale = Locale.objects.get(language_code=language)
    home = HomePage.objects.get(locale=locale, translation_key=chinese_home.translation_key)
    if not home.lead:
        words = HOME[language]
        home.title, home.lead = words.title, words.description
        home.seo_title = "村播学堂" if language == "zh-hans" else "Cunbo"
        home.save_revision().publish()
    return home


def _add_page(home: HomePage, slug: str, language: str) -> None:
    if home.get_children().filter(slug=slug).exists():
        return
    words = PAGES[slug][language]
    page = StandardPage(
        title=words.title,
        slug=slug,
        search_description=words.description,
        body=(TEXTS / f"{slug}.{language}.html").read_text(encoding="utf-8"),
        locale=home.locale,
    )
    other = StandardPage.objects.filter(slug=slug).exclude(locale=home.locale).first()
    if other:
        page.translation_key = other.translation_key
    home.add_child(instance=page)
    page.save_revision().publish()
