import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction

from registry.errors import (
    ConsentDateWrong,
    ConsentGuardianMissing,
    ConsentItemNotInText,
    ConsentNotOwn,
    ConsentWitnessesMissing,
)
from registry.models import AuditAction, AuditEntry, Consent, ConsentItem, ConsentText
from registry.queries.consent import (
    consents_of,
    current_consent_text,
    has_consent,
    open_consents,
    people_with_consent,
)
from registry.services import give_consent, publish_consent_text, verify_log, withdraw_consent
from registry.signals import consent_withdrawn
from tests.factories.privacy import make_person, make_user

NOW = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)
TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)
WORDS = {
    "id_matching": "可以用身份证号找到我。",
    "photos_in_ledger": "可以放照片。",
    "success_story": "可以公开我的故事。",
}


@pytest.fixture
def text(db):
    return publish_consent_text(version=7, language="zh-hans", introduction="自己定。", items=WORDS, now=NOW)


@pytest.fixture
def person(db):
    return make_person(user=make_user())


@pytest.fixture
def keeper(db):
    return make_user()


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


# The wording


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
    assert current_consent_text("en").version == 1
    assert current_consent_text("ii") == text


# Giving


def test_give_consent_opens_the_ticked_items_only(person, text):
    sheet = give(person, text, "id_matching", "success_story")

    assert set(open_consents(person)) == {"id_matching", "success_story"}
    assert (sheet.channel, sheet.given_on, sheet.ticked) == ("self", TODAY, ["id_matching", "success_story"])
    assert has_consent(person, "id_matching", TODAY)
    assert not has_consent(person, "photos_in_ledger", TODAY)
    assert not has_consent(person, "id_matching", TODAY - DAY)
    assert list(people_with_consent("success_story", TODAY)) == [person]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.person) == (AuditAction.CONSENT_GIVEN, person)
    assert entry.detail == {
        "items": ["id_matching", "success_story"],
        "channel": "self",
        "version": 7,
        "language": "zh-hans",
    }


def test_give_consent_to_nothing_is_an_answer_too(person, text):
    sheet = give(person, text)

    assert list(consents_of(person)) == [sheet]
    assert open_consents(person) == {}


def test_give_consent_twice_is_once(person, text):
    first = give(person, text, "id_matching")

    assert give(person, text, "id_matching", now=NOW + timedelta(seconds=1)) == first
    assert (Consent.objects.count(), ConsentItem.objects.count(), AuditEntry.objects.count()) == (1, 1, 1)


def test_give_consent_to_one_more_leaves_the_others(person, text):
    give(person, text, "id_matching")
    give(person, text, "id_matching", "success_story", now=NOW + DAY)

    assert {item: row.given_on for item, row in open_consents(person).items()} == {
        "id_matching": TODAY,
        "success_story": TODAY + DAY,
    }


def test_give_consent_without_a_tick_does_not_withdraw(person, text):
    give(person, text, "id_matching")
    give(person, text)

    assert has_consent(person, "id_matching", TODAY)


def test_give_consent_in_new_words_replaces_the_old(person, text):
    give(person, text, "id_matching")
    newer = publish_consent_text(version=8, language="zh-hans", introduction="新。", items=WORDS)
    give(person, newer, "id_matching", now=NOW + DAY)

    old, new = ConsentItem.objects.all()
    assert (old.ended_on, old.end, new.ended_on) == (TODAY + DAY, "replaced", None)
    assert new.consent.text == newer
    assert all(has_consent(person, "id_matching", TODAY + DAY * days) for days in (0, 1, 2))


def test_give_consent_on_paper_of_an_earlier_day(person, text, keeper):
    sheet = give(
        person,
        text,
        "id_matching",
        channel="paper",
        recorded_by=keeper,
        given_on=TODAY - DAY * 3,
        scan=ContentFile(b"scan", name="../../张三 身份证.jpg"),
    )

    assert has_consent(person, "id_matching", TODAY - DAY * 3)
    assert sheet.scan.name.startswith(f"consents/{sheet.uid}")
    with Consent.objects.get().scan.open() as scan:
        assert scan.read() == b"scan"


def test_give_consent_spoken_before_two_witnesses(person, text, keeper):
    give(person, text, "id_matching", channel="oral", recorded_by=keeper, witnesses=("学员乙", " 学员丙 "))

    assert Consent.objects.get().second_witness == "学员丙"


@pytest.mark.parametrize("witnesses", [("", ""), ("学员乙", ""), ("学员乙", "学员乙 ")])
def test_give_consent_spoken_without_two_witnesses_is_refused(person, text, keeper, witnesses):
    with pytest.raises(ConsentWitnessesMissing):
        give(person, text, "id_matching", channel="oral", recorded_by=keeper, witnesses=witnesses)


def test_give_consent_on_the_site_for_somebody_else_is_refused(person, text, keeper):
    with pytest.raises(ConsentNotOwn):
        give(person, text, "id_matching", recorded_by=keeper)
    with pytest.raises(ConsentNotOwn):
        give(make_person(), text, "id_matching", recorded_by=keeper)


def test_give_consent_ahead_of_today_is_refused(person, text):
    with pytest.raises(ConsentDateWrong):
        give(person, text, "id_matching", given_on=TODAY + DAY)


def test_give_consent_to_what_the_text_does_not_ask_is_refused(person, text):
    with pytest.raises(ConsentItemNotInText):
        give(person, text, "export_to_province")


@pytest.mark.parametrize("wrong", [{"channel": "pigeon"}, {"items": ["tea"]}])
def test_give_consent_of_an_unknown_kind_is_refused(person, text, wrong):
    with pytest.raises(ValueError, match="valid"):
        give(person, text, **wrong)


@pytest.mark.parametrize(("birth_year", "needs_guardian"), [(2013, True), (2012, True), (2011, False)])
def test_child_needs_a_guardian(text, birth_year, needs_guardian):
    child = make_person(user=make_user(), birth_year=birth_year)

    if needs_guardian:
        with pytest.raises(ConsentGuardianMissing):
            give(child, text, "id_matching")
    give(child, text, "id_matching", guardian="学员乙" if needs_guardian else "")

    assert has_consent(child, "id_matching", TODAY)


# Taking it back


def test_withdraw_consent_has_effect_at_once(person, text):
    give(person, text, "id_matching", "success_story", given_on=TODAY - DAY)

    assert withdraw(person, "success_story") == ["success_story"]

    assert has_consent(person, "success_story", TODAY - DAY)
    assert not has_consent(person, "success_story", TODAY)
    assert has_consent(person, "id_matching", TODAY)
    assert list(people_with_consent("success_story", TODAY)) == []
    assert AuditEntry.objects.latest("seq").detail == {"items": ["success_story"], "channel": "self"}
    assert verify_log().is_intact


def test_withdraw_consent_on_the_day_it_was_given(person, text):
    give(person, text, "id_matching")
    withdraw(person, "id_matching")

    assert not has_consent(person, "id_matching", TODAY)


def test_withdraw_consent_twice_or_of_nothing_changes_nothing(person, text):
    give(person, text, "id_matching")
    withdraw(person, "id_matching", "success_story")

    assert withdraw(person, "id_matching", now=NOW + DAY) == []
    assert ConsentItem.objects.get().ended_on == TODAY
    assert AuditEntry.objects.count() == 2


def test_withdraw_consent_tells_those_who_publish(person, text):
    heard = []

    def listen(sender, person, items, **kwargs):
        heard.append((person, items))

    give(person, text, "id_matching", "success_story")
    consent_withdrawn.connect(listen)
    withdraw(person, "success_story")
    withdraw(person, "success_story")
    consent_withdrawn.disconnect(listen)

    assert heard == [(person, ["success_story"])]


def test_withdraw_consent_needs_neither_witness_nor_reason_by_any_channel(person, text, keeper):
    give(person, text, "id_matching", "success_story")

    withdraw(person, "id_matching", channel="oral", recorded_by=keeper)
    withdraw(person, "success_story", channel="paper", recorded_by=keeper)

    assert open_consents(person) == {}


def test_withdraw_consent_on_the_site_for_somebody_else_is_refused(person, text, keeper):
    give(person, text, "id_matching")

    with pytest.raises(ConsentNotOwn):
        withdraw(person, "id_matching", recorded_by=keeper)


@pytest.mark.parametrize("days", [1, -1])
def test_withdraw_consent_ahead_or_before_it_was_given_is_refused(person, text, days):
    give(person, text, "id_matching")

    with pytest.raises(ConsentDateWrong):
        withdraw(person, "id_matching", withdrawn_on=TODAY + DAY * days)


def test_give_consent_again_after_a_withdrawal(person, text):
    give(person, text, "id_matching")
    withdraw(person, "id_matching")
    give(person, text, "id_matching")

    assert has_consent(person, "id_matching", TODAY)
    assert ConsentItem.objects.count() == 2


def test_older_sheet_entered_late_does_not_undo_a_withdrawal(person, text, keeper):
    give(person, text, "id_matching", given_on=TODAY - DAY * 5)
    withdraw(person, "id_matching")

    with pytest.raises(ConsentDateWrong):
        give(person, text, "id_matching", channel="paper", recorded_by=keeper, given_on=TODAY - DAY)

    assert not has_consent(person, "id_matching", TODAY)


def test_two_clicks_at_the_same_moment_make_one_sheet(transactional_db):
    text = publish_consent_text(version=7, language="zh-hans", introduction="自己定。", items=WORDS)
    person = make_person(user=make_user())

    def click():
        try:
            give(person, text, "id_matching")
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Consent.objects.count(), ConsentItem.objects.count()) == (1, 1)


# What the database holds


def test_database_opens_an_item_once(person, text):
    sheet = give(person, text, "id_matching")
    other = Consent.objects.create(
        person=person,
        text=text,
        ticked=[],
        channel="self",
        given_on=TODAY,
        recorded_by=person.user,
        recorded_at=NOW,
    )

    with pytest.raises(IntegrityError, match="consent_item_is_open_once"), transaction.atomic():
        ConsentItem.objects.create(consent=other, person=person, item="id_matching", given_on=sheet.given_on)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM registry_consentitem",
        "DELETE FROM registry_consenttext WHERE version = 1",
        "UPDATE registry_consenttext SET introduction = 'x'",
        "UPDATE registry_consent SET channel = 'paper'",
        "UPDATE registry_consent SET given_on = given_on - 1",
        "UPDATE registry_consentitem SET item = 'success_story'",
        "UPDATE registry_consentitem SET given_on = given_on - 1",
        "UPDATE registry_consentitem SET ended_on = NULL WHERE ended_on IS NOT NULL",
        "UPDATE registry_consentitem SET ended_on = ended_on + 1 WHERE ended_on IS NOT NULL",
    ],
)
def test_database_refuses_to_change_what_was_agreed(person, text, statement):
    give(person, text, "id_matching", "photos_in_ledger")
    withdraw(person, "photos_in_ledger")

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_scan_may_come_later_but_only_once(person, text, keeper):
    give(person, text, "id_matching", channel="paper", recorded_by=keeper)

    assert Consent.objects.update(scan="consents/a") == 1
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Consent.objects.update(scan="consents/b")


def test_record_moves_to_the_person_two_records_are_made_into(person, text):
    other = make_person()
    give(person, text, "id_matching")

    Consent.objects.update(person=other)
    ConsentItem.objects.update(person=other)

    assert has_consent(other, "id_matching", TODAY)


def test_lists_take_a_fixed_number_of_queries(person, text, django_assert_num_queries):
    for days in range(3):
        give(person, text, list(WORDS)[days], now=NOW + DAY * days)

    with django_assert_num_queries(2):
        assert [len(sheet.items.all()) for sheet in consents_of(person)] == [1, 1, 1]
    with django_assert_num_queries(1):
        assert {row.consent.text.version for row in open_consents(person).values()} == {7}
    assert ConsentText.objects.count() == 3
