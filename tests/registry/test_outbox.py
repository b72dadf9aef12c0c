import pytest

from registry.client import send_code
from registry.models import SentMessage

OUTBOX = "/people/outbox/"
pytestmark = pytest.mark.django_db


def test_outbox_shows_newest_first_with_masked_number(client):
    send_code(phone="+8619900001234", code="111111")
    send_code(phone="+8619900005678", code="222222")

    page = client.get(OUTBOX).content.decode()

    assert page.index("222222") < page.index("111111")
    assert "199****5678" in page
    assert "19900005678" not in page


def test_outbox_exists_only_in_the_demo(client, settings):
    settings.DEMO = False

    assert client.get(OUTBOX).status_code == 404


def test_outbox_without_messages_says_how_to_get_one(client):
    assert "/en/account/login/" in client.get("/en" + OUTBOX).content.decode()


def test_outbox_refuses_to_be_written_to(client):
    assert client.post(OUTBOX).status_code == 405


def test_outbox_shows_a_message_without_a_code(client):
    message = SentMessage(text="你好")
    message.phone = "+8619900001234"
    message.save()

    assert "你好" in client.get(OUTBOX).content.decode()


def test_outbox_asks_a_fixed_number_of_queries(client, django_assert_num_queries):
    for _message in range(3):
        send_code(phone="+8619900001234", code="111111")
        with django_assert_num_queries(2):
            client.get(OUTBOX)
