import pytest

from registry.models import Consent
from registry.queries.consent import (
    current_consent_text,
)
from registry.services import publish_consent_text
from tests.factories.privacy import make_person, make_user
from tests.registry.consent_sheets import WORDS, consent_text


@pytest.fixture
def text(db):
    return consent_text()


@pytest.fixture
def person(db):
    return make_person(user=make_user())


@pytest.fixture
def keeper(db):
    return make_user()


def test_site_begins_with_a_wording_in_both_languages_for_every_item(db):
    for language in ("zh-hans", "en"):
        assert set(current_consent_text(language).items) == set(Consent.Item.values)


def test_publishing_the_same_again_returns_the_same(text):
    again = publish_consent_text(version=7, language="zh-hans", introduction="自己定。", items=WORDS)

    assert again == text


@pytest.mark.parametrize(
    ("introduction", "items"),
    [
        ("自己定。", {"id_matching": "别的话。"}),
        ("别的话。", WORDS),
        ("自己定。", {"id_matching": " "}),
        ("", WORDS),
        ("自己定。", {}),
        ("自己定。", {"tea": "茶"}),
    ],
)
def test_publishing_nonsense_or_other_words_is_refused(text, introduction, items):
    with pytest.raises(ValueError, match=r"\w"):
        publish_consent_text(version=7, language="zh-hans", introduction=introduction, items=items)


def test_newest_wording_of_the_language_is_current_and_chinese_stands_in(text):
    assert current_consent_text("zh-hans") == text
    assert current_consent_text("en").version == 2
    assert current_consent_text("ii") == text
