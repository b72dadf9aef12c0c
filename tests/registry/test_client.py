"""The providers' real SDKs speak to a small server here instead of the network."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured

from registry.client import AliyunClient, OutboxClient, TencentClient, sms_client
from registry.errors import MessageNotSent
from registry.models import SentMessage


@pytest.fixture
def provider():
    """A provider that remembers requests and gives the answer it was told to."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            server.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            if server.is_silent:
                server.released.wait(10)
            answer = json.dumps(server.answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.requests, server.answer, server.is_silent = [], {}, False
    server.released = threading.Event()
    server.handle_error = lambda *args: None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def options(provider):
    return {
        "access_key_id": "id",
        "access_key_secret": "secret",
        "app_id": "1400000000",
        "sign_name": "村播学堂",
        "template": "SMS_1",
        "region": "",
        "endpoint": f"http://127.0.0.1:{provider.server_port}",
    }


def test_aliyun_sends_the_template_with_the_code(provider, options):
    provider.answer = {"Code": "OK", "BizId": "1", "RequestId": "1"}

    AliyunClient(options).send_code("+8619900001234", "123456")

    [(path, headers, body)] = provider.requests
    sent = parse_qs(urlsplit(path).query) | parse_qs(body)
    assert headers["x-acs-action"] == "SendSms"
    assert sent["PhoneNumbers"] == ["19900001234"]
    assert sent["SignName"] == ["村播学堂"]
    assert sent["TemplateCode"] == ["SMS_1"]
    assert json.loads(sent["TemplateParam"][0]) == {"code": "123456"}


def test_aliyun_refusal_is_named(provider, options):
    provider.answer = {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "limit"}

    with pytest.raises(MessageNotSent) as refused:
        AliyunClient(options).send_code("+4915123456789", "123456")

    assert refused.value.values["reason"] == "isv.BUSINESS_LIMIT_CONTROL"
    assert len(provider.requests) == 1


def test_tencent_sends_the_template_with_the_code(provider, options):
    provider.answer = {"Response": {"SendStatusSet": [{"Code": "Ok"}], "RequestId": "1"}}

    TencentClient(options).send_code("+8619900001234", "123456")

    [(_path, headers, body)] = provider.requests
    assert headers["x-tc-action"] == "SendSms"
    assert json.loads(body) == {
        "SmsSdkAppId": "1400000000",
        "SignName": "村播学堂",
        "TemplateId": "SMS_1",
        "TemplateParamSet": ["123456"],
        "PhoneNumberSet": ["+8619900001234"],
    }


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (
            {"SendStatusSet": [{"Code": "LimitExceeded.PhoneNumberDailyLimit"}]},
            "LimitExceeded.PhoneNumberDailyLimit",
        ),
        ({"Error": {"Code": "AuthFailure", "Message": "no"}}, "AuthFailure"),
    ],
)
def test_tencent_refusal_is_named(provider, options, answer, reason):
    provider.answer = {"Response": {**answer, "RequestId": "1"}}

    with pytest.raises(MessageNotSent) as refused:
        TencentClient(options).send_code("+8619900001234", "123456")

    assert refused.value.values["reason"] == reason


@pytest.mark.parametrize("kind", [AliyunClient, TencentClient])
def test_silent_provider_times_out(provider, options, settings, kind):
    settings.SMS_TIMEOUT = 1
    provider.is_silent = True

    with pytest.raises(MessageNotSent):
        kind(options).send_code("+8619900001234", "123456")


@pytest.mark.django_db
def test_outbox_keeps_the_message_sealed():
    OutboxClient().send_code("+8619900001234", "123456")

    message = SentMessage.objects.get()
    assert message.phone == "+8619900001234"
    assert "123456" in message.text


@pytest.mark.parametrize(("name", "kind"), [("aliyun", AliyunClient), ("tencent", TencentClient)])
def test_sms_client_follows_the_setting(settings, name, kind):
    settings.SMS_PROVIDER = name

    assert isinstance(sms_client(), kind)


def test_sms_client_refuses_the_outbox_outside_the_demo(settings):
    assert isinstance(sms_client(), OutboxClient)
    settings.DEMO = False

    with pytest.raises(ImproperlyConfigured):
        sms_client()
