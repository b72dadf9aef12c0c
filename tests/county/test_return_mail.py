"""Signed returns reach those who answer for them: once, by mail or as a notice, unless they decline."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from county.models import ReturnMail
from county.services import check_return, prepare_return, sign_return
from county.services.return_mail import (
    MOST_ATTEMPTS,
    choose_return_mail,
    deliver_return_mail,
    note_returns,
    send_returns,
    sweep_return_mail,
)
from registry.models import SentMail
from registry.services import appoint
from tests.factories.certificates import noon
from tests.factories.registry import UserFactory

pytestmark = pytest.mark.django_db
APRIL = date(2026, 4, 1)
FIFTH, SIXTH = noon("2026-05-05"), noon("2026-05-06")


@pytest.fixture
def queued(monkeypatch):
    """The mails a worker is asked to send."""
    asked = []
    monkeypatch.setattr("county.services.return_mail.send_return_mail_task.delay", asked.append)
    return asked


@pytest.fixture
def leader(county):
    return officer(county, "leader", "leader@example.org")


def officer(region, name, address="", role="office"):
    user = UserFactory(username=name, display_name=name, email=address)
    appoint(user=user, role=role, region=region, since=date(2020, 1, 1))
    return user


@pytest.fixture
def april(make_class, make_trained):
    trained = make_trained(make_class(starts_on=APRIL, ends_on=date(2026, 4, 30)), was_registered=True)
    return trained, signed("2026-05-03")


def signed(day):
    fills, checks, signs = (UserFactory() for _ in range(3))
    made = prepare_return(county_code="431125", month=APRIL, by=fills, now=noon(day))
    check_return(monthly_return=made, by=checks, now=noon(day))
    return sign_return(monthly_return=made, by=signs, now=noon(day))


def sent(queued, captured, now=FIFTH):
    with captured(execute=True):
        send_returns(now=now)
    return [deliver_return_mail(mail_id=mail, now=now) for mail in queued]


def test_signed_return_is_mailed_with_its_figures_and_nobodys_name(
    leader, april, queued, mailoutbox, django_capture_on_commit_callbacks
):
    trained, made = april

    assert sent(queued, django_capture_on_commit_callbacks) == [True]

    [letter] = mailoutbox
    assert letter.to == ["leader@example.org"]
    assert "江永县" in letter.subject
    assert "100.0 %" in letter.body
    assert made.sha256 in letter.body
    assert "/county/returns/431125/2026-04/" in letter.body
    assert trained.person.name not in letter.body
    assert str(ReturnMail.objects.get().uid) in letter.extra_headers["Message-ID"]
    assert ReturnMail.objects.get().state == "mailed"


def test_nothing_goes_before_the_set_day_or_twice(
    leader, april, queued, mailoutbox, django_capture_on_commit_callbacks
):
    assert send_returns(now=noon("2026-05-04")) == 0

    sent(queued, django_capture_on_commit_callbacks)
    sent(queued, django_capture_on_commit_callbacks, SIXTH)

    assert len(mailoutbox) == 1
    assert send_returns(now=noon("2026-06-05")) == 0


def test_return_signed_late_goes_out_the_next_morning(leader, make_class, queued):
    assert send_returns(now=FIFTH) == 0
    signed("2026-05-05")

    assert send_returns(now=SIXTH) == 1


def test_return_that_is_not_signed_stays_at_home(leader, county, queued):
    prepare_return(county_code="431125", month=APRIL, by=leader, now=noon("2026-05-03"))

    assert send_returns(now=FIFTH) == 0


def test_only_the_countys_own_office_gets_it(leader, april, other_county, queued):
    officer(other_county, "neighbour", "n@example.org")
    officer(april[1].county, "auditor", "a@example.org", role="auditor")
    officer(april[1].county.versions.first().parent, "above", "p@example.org")

    assert send_returns(now=FIFTH) == 1
    assert ReturnMail.objects.get().reader == leader


def test_who_declined_gets_none(leader, april, queued):
    choose_return_mail(reader=leader, is_wanted=False)

    assert send_returns(now=FIFTH) == 0


def test_without_an_address_or_server_it_lies_on_the_desk(county, april, queued, settings):
    reader = officer(county, "no-address")
    assert send_returns(now=FIFTH) == 1

    settings.SENDS_MAIL = False
    other = officer(county, "with-address", "w@example.org")
    assert send_returns(now=SIXTH) == 1

    assert {mail.reader: mail.state for mail in ReturnMail.objects.all()} == {
        reader: "notice",
        other: "notice",
    }
    assert not queued


def test_address_taken_away_before_sending_leaves_a_notice(leader, april, queued, mailoutbox):
    send_returns(now=FIFTH)
    leader.email = ""
    leader.save()

    assert not deliver_return_mail(mail_id=ReturnMail.objects.get().pk, now=FIFTH)

    assert ReturnMail.objects.get().state == "notice"
    assert not mailoutbox


def test_mail_that_failed_is_tried_again_and_then_lies_on_the_desk(leader, april, queued, monkeypatch):
    send_returns(now=FIFTH)
    mail = ReturnMail.objects.get()
    monkeypatch.setattr("county.services.return_mail.EmailMessage.send", lambda self: 1 / 0)
    now = FIFTH

    for _ in range(MOST_ATTEMPTS):
        now += timedelta(minutes=10)
        assert sweep_return_mail(now=now) == 1
        with pytest.raises(ZeroDivisionError):
            deliver_return_mail(mail_id=mail.pk, now=now)
        assert sweep_return_mail(now=now) == 0  # its worker may still be at it

    assert sweep_return_mail(now=now + timedelta(minutes=10)) == 0
    assert ReturnMail.objects.get().state == "notice"
    assert queued == [mail.pk] * MOST_ATTEMPTS


def test_two_workers_send_one_letter(leader, april, queued, mailoutbox):
    send_returns(now=FIFTH)
    mail = ReturnMail.objects.get()

    assert [deliver_return_mail(mail_id=mail.pk, now=FIFTH) for _ in range(2)] == [True, False]
    assert len(mailoutbox) == 1


def test_database_keeps_one_row_a_return_and_reader(leader, april, queued):
    send_returns(now=FIFTH)
    mail = ReturnMail.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnMail.objects.create(
            monthly_return=mail.monthly_return, reader=leader, state="notice", made_at=FIFTH
        )


def test_officer_reads_notices_notes_them_and_chooses(county, april, queued):
    reader = officer(county, "reader")
    send_returns(now=FIFTH)
    client = Client()
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")

    page = client.get("/county/returns/?month=2026-04")
    assert [mail.reader for mail in page.context["notices"]] == [reader]
    assert client.post("/county/returns/noted/").status_code == 302
    assert ReturnMail.objects.get().state == "noted"
    assert note_returns(reader=reader) == 0

    client.post("/county/returns/mail/", {"is_wanted": "on", "address": "r@example.org"})
    reader.refresh_from_db()
    assert reader.email == "r@example.org"
    client.post("/county/returns/mail/", {"address": ""})
    assert send_returns(now=SIXTH) == 0
    page = client.post("/county/returns/mail/", {"is_wanted": "on", "address": "no address"})
    assert page.context["form"].errors


def test_letter_of_the_demo_lies_in_its_outbox(leader, april, queued, client, settings):
    settings.EMAIL_BACKEND = "registry.mail_outbox.OutboxBackend"
    send_returns(now=FIFTH)
    deliver_return_mail(mail_id=ReturnMail.objects.get().pk, now=FIFTH)

    assert SentMail.objects.get().address == "l***@example.org"
    assert "江永县" in client.get("/people/outbox/").content.decode()
