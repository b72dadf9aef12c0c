"""Consent sheets for tests: a wording, a person who signs in, giving and taking back."""

from datetime import UTC, date, datetime, timedelta

from registry.models import ConsentText
from registry.services import give_consent, withdraw_consent

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
WORDS = {
    "id_matching": "可以用身份证号找到我。",
    "photos_in_ledger": "可以放照片。",
    "success_story": "可以公开我的故事。",
}


def consent_text():
    """Return a published wording of three items, without an entry in the log."""
    return ConsentText.objects.create(
        version=7, language="zh-hans", introduction="自己定。", items=WORDS, published_at=NOW
    )


def give(person, text, *items, **given):
    return give_consent(
        **{
            "person": person,
            "text": text,
            "items": items,
            "channel": "self",
            "recorded_by": person.user,
            "now": NOW,
            **given,
        }
    )


def withdraw(person, *items, **given):
    return withdraw_consent(
        **{
            "person": person,
            "items": items,
            "channel": "self",
            "recorded_by": person.user,
            "now": NOW,
            **given,
        }
    )
