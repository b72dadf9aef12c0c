import threading

import pytest
from django.db import IntegrityError, connection, transaction

from registry.errors import (
    ConsentDateWrong,
    ConsentNotOwn,
)
from registry.models import AuditEntry, Consent, ConsentItem, ConsentText
from registry.queries.consent import (
    consents_of,
    has_consent,
    may_match,
    open_consents,
    people_with_consent,
)
from registry.services import publish_consent_text, verify_log
from registry.signals import consent_withdrawn
from tests.factories.privacy import make_person, make_user
from tests.registry.consent_sheets import DAY, NOW, TODAY, WORDS, consent_text, give, withdraw


@pytest.fixture
def text(db):
    return consent_text()


@pytest.fixture
def person(db):
    return make_person(user=make_user())


@pytest.fixture
def keeper(db):
    return make_user()


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
    texts = ConsentText.objects.count()
    for days in range(3):
        give(person, text, list(WORDS)[days], now=NOW + DAY * days)

    with django_assert_num_queries(2):
        assert [len(sheet.items.all()) for sheet in consents_of(person)] == [1, 1, 1]
    with django_assert_num_queries(1):
        assert {row.consent.text.version for row in open_consents(person).values()} == {7}
    assert ConsentText.objects.count() == texts


def test_matching_ends_with_the_consent_to_it_and_begins_with_a_new_one(person, text):
    assert may_match(person, TODAY)  # never asked: the roster is a statutory duty
    give(person, text, "id_matching")
    withdraw(person, "id_matching", now=NOW + DAY)

    assert may_match(person, TODAY)
    assert not may_match(person, TODAY + DAY)
    give(person, text, "id_matching", now=NOW + 2 * DAY)
    assert may_match(person, TODAY + 2 * DAY)
