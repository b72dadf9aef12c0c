"""Text messages: our own outbox, and the two official libraries with only their transport replaced."""

import json
import logging
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from registry import client
from registry.checks import check_sms_provider
from registry.errors import MessageNotSent
from registry.models import SentMessage

PHONE = "+8619900001234"
ALIYUN = {
    "access_key_id": "id",
    "access_key_secret": "secret",
    "sign_name": "村播学堂",
    "template_code": "SMS_1",
    "endpoint": "dysmsapi.aliyuncs.com",
}
TENCENT = {
    "secret_id": "id",
    "secret_key": "secret",
    "app_id": "1400",
    "sign_name": "村播学堂",
    "template_id": "77",
    "region": "ap-guangzhou",
}


class Transport:
    """Stands in for the network under both libraries: answers what it is told, keeps what it was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.requests = []
        self.timeouts = []

    def send(self, session, request, **kwargs):
        self.requests.append(request)
        self.timeouts.append(kwargs["timeout"])
        if isinstance(self.answer, Exception):
            raise self.answer
        status, body = self.answer
        response = requests.Response()
        response.status_code = status
        response._content = json.dumps(body).encode()
        response.headers["Content-Type"] = "application/json"
        response.request = request
        response.url = request.url
        return response


@pytest.fixture
def transport(monkeypatch):
    """A function that puts the network's answer in place and returns the transport."""

    def answer_with(answer):
        transport = Transport(answer)
        monkeypatch.setattr(
            requests.Session, "send", lambda session, request, **kw: transport.send(session, request, **kw)
        )
        return transport

    return answer_with


@pytest.fixture
def aliyun(settings):
    settings.SMS_PROVIDER, settings.ALIYUN_SMS, settings.DEMO = "aliyun", dict(ALIYUN), False


@pytest.fixture
def tencent(settings):
    settings.SMS_PROVIDER, settings.TENCENT_SMS, settings.DEMO = "tencent", dict(TENCENT), False


def tencent_answer(code):
    return 200, {
        "Response": {
            "RequestId": "r",
            "SendStatusSet": [{"Code": code, "Message": PHONE, "PhoneNumber": PHONE}],
        }
    }


@pytest.mark.django_db
def test_outbox_keeps_message_with_sealed_number(settings):
    settings.SMS_PROVIDER = "outbox"

    client.send_code(phone=PHONE, code="246810")

    message = SentMessage.objects.get()
    assert message.phone == PHONE
    assert "246810" in message.text
    assert b"1990000" not in bytes(message.phone_sealed)


def test_aliyun_sends_template_with_code(aliyun, transport):
    network = transport((200, {"Code": "OK", "Message": "OK", "BizId": "b", "RequestId": "r"}))

    client.send_code(phone=PHONE, code="246810")

    [request] = network.requests
    sent = parse_qs(urlsplit(request.url).query)
    assert urlsplit(request.url).netloc.startswith("dysmsapi.aliyuncs.com")
    assert sent["PhoneNumbers"] == ["19900001234"]
    assert sent["SignName"] == ["村播学堂"]
    assert sent["TemplateCode"] == ["SMS_1"]
    assert json.loads(sent["TemplateParam"][0]) == {"code": "246810"}
    assert network.timeouts == [(5.0, 5.0)]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": PHONE}), "isv.BUSINESS_LIMIT_CONTROL"),
        ((403, {"Code": "SignatureDoesNotMatch", "Message": PHONE}), "SignatureDoesNotMatch"),
        (requests.ConnectTimeout(f"no answer to {PHONE}"), None),
    ],
)
def test_aliyun_refusal_is_named_without_personal_data(aliyun, transport, caplog, answer, reason):
    network = transport(answer)

    with caplog.at_level(logging.DEBUG), pytest.raises(MessageNotSent) as caught:
        client.send_code(phone=PHONE, code="246810")

    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert reason is None or caught.value.values["reason"] == reason
    assert "1990000" not in str(caught.value.values)
    assert "1990000" not in caplog.text
    assert "246810" not in caplog.text
    assert len(network.requests) == 1


def test_tencent_sends_template_with_code(tencent, transport):
    network = transport(tencent_answer("Ok"))

    client.send_code(phone=PHONE, code="246810")

    [request] = network.requests
    assert json.loads(request.body) == {
        "PhoneNumberSet": [PHONE],
        "SmsSdkAppId": "1400",
        "SignName": "村播学堂",
        "TemplateId": "77",
        "TemplateParamSet": ["246810"],
    }
    assert request.headers["X-TC-Action"] == "SendSms"
    assert network.timeouts == [5]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (tencent_answer("LimitExceeded.PhoneNumberDailyLimit"), "LimitExceeded.PhoneNumberDailyLimit"),
        ((200, {"Response": {"RequestId": "r", "SendStatusSet": []}}), "no answer"),
        (
            (200, {"Response": {"RequestId": "r", "Error": {"Code": "AuthFailure", "Message": PHONE}}}),
            "AuthFailure",
        ),
        (requests.ReadTimeout(f"no answer to {PHONE}"), "ClientNetworkError"),
    ],
)
def test_tencent_refusal_is_named_without_personal_data(tencent, transport, caplog, answer, reason):
    transport(answer)

    with caplog.at_level(logging.DEBUG), pytest.raises(MessageNotSent) as caught:
        client.send_code(phone=PHONE, code="246810")

    assert caught.value.values == {"reason": reason}
    assert "1990000" not in caplog.text
    assert "246810" not in caplog.text


@pytest.mark.parametrize("provider", ["", "smoke"])
def test_check_refuses_to_start_without_provider(settings, provider):
    settings.SMS_PROVIDER = provider

    assert [error.id for error in check_sms_provider()] == ["registry.E001"]


def test_check_lets_outbox_serve_only_the_demo(settings):
    settings.SMS_PROVIDER, settings.DEMO = "outbox", True
    assert check_sms_provider() == []

    settings.DEMO = False
    assert [error.id for error in check_sms_provider()] == ["registry.E002"]


def test_check_names_what_an_account_lacks(aliyun, settings):
    assert check_sms_provider() == []

    settings.ALIYUN_SMS["sign_name"] = ""
    [error] = check_sms_provider()
    assert (error.id, error.msg) == ("registry.E004", "ALIYUN_SMS lacks: sign_name.")


def test_check_accepts_complete_tencent_account(tencent):
    assert check_sms_provider() == []


def test_check_asks_for_missing_library(tencent, monkeypatch):
    monkeypatch.setattr("registry.checks.find_spec", lambda name: None)

    assert [error.id for error in check_sms_provider()] == ["registry.E003"]


def test_reminder_goes_by_its_own_template_of_aliyun(aliyun, transport, settings):
    settings.SMS_REMINDER_TEMPLATE = "SMS_2"
    network = transport((200, {"Code": "OK", "Message": "OK", "BizId": "b", "RequestId": "r"}))

    client.send_reminder(phone=PHONE, title="在线答疑", starts="3月5日 19:30")

    sent = parse_qs(urlsplit(network.requests[0].url).query)
    assert client.can_remind()
    assert sent["TemplateCode"] == ["SMS_2"]
    assert json.loads(sent["TemplateParam"][0]) == {"title": "在线答疑", "starts": "3月5日 19:30"}


def test_reminder_goes_by_its_own_template_of_tencent(tencent, transport, settings):
    settings.SMS_REMINDER_TEMPLATE = "78"
    network = transport(tencent_answer("Ok"))

    client.send_reminder(phone=PHONE, title="在线答疑", starts="3月5日 19:30")

    sent = json.loads(network.requests[0].body)
    assert (sent["TemplateId"], sent["TemplateParamSet"]) == ("78", ["在线答疑", "3月5日 19:30"])


def test_notice_goes_by_the_template_it_names(aliyun, transport):
    network = transport((200, {"Code": "OK", "Message": "OK", "BizId": "b", "RequestId": "r"}))

    client.send_notice(phone=PHONE, text="到5月19日", template="SMS_3", values={"until": "5月19日"})

    sent = parse_qs(urlsplit(network.requests[0].url).query)
    assert sent["TemplateCode"] == ["SMS_3"]
    assert json.loads(sent["TemplateParam"][0]) == {"until": "5月19日"}


def test_notices_need_a_provider_and_its_template(settings):
    settings.SMS_PROVIDER = "aliyun"
    assert client.can_notify("SMS_3")
    assert not client.can_notify("")
    settings.SMS_PROVIDER = ""
    assert not client.can_notify("SMS_3")
    settings.SMS_PROVIDER = "outbox"
    assert client.can_notify("")
