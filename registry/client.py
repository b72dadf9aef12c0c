"""Text messages (SMS) and WeChat: the one place that talks to a provider.

`SMS_PROVIDER` names who sends: `outbox` keeps the message in the database for the demo's outbox page,
`aliyun` and `tencent` send through their official libraries (extras of the same names). Neither the number
nor the code is ever logged.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from registry.errors import MessageNotSent
from registry.models import SentMessage

log = structlog.get_logger(__name__)

CHINA = "+86"

# At DEBUG they write whole requests, with number and code.
for _chatty in ("tencentcloud_sdk_common", "urllib3"):
    logging.getLogger(_chatty).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: providers fill a template that the state has approved, our outbox shows the text."""

    values: dict[str, str]
    text: str
    template: str | None = None  # none of its own: that of the codes


def send_code(*, phone: str, code: str) -> None:
    """Send a sign-in code to `phone` (E.164). Raises `MessageNotSent` when the provider does not take it."""
    text = _("Your Cunbo code is %(code)s. It is good for 10 minutes. Do not tell it to anybody.")
    _send(phone, Message({"code": code}, text % {"code": code}))


def can_remind() -> bool:
    """Tell whether reminders can be sent: a provider needs an approved template for them."""
    return settings.SMS_PROVIDER == "outbox" or bool(settings.SMS_REMINDER_TEMPLATE)


def send_reminder(*, phone: str, title: str, starts: str) -> None:
    """Remind `phone` of a live class. Raises `MessageNotSent` when the provider does not take it."""
    text = _("Cunbo: your live class “%(title)s” begins on %(starts)s. Open My learning on your phone.")
    values = {"title": title, "starts": starts}
    _send(phone, Message(values, text % values, str(settings.SMS_REMINDER_TEMPLATE)))


def can_notify(template: str) -> bool:
    """Tell whether a notice can be sent by this template, which a provider must have approved."""
    return settings.SMS_PROVIDER == "outbox" or bool(settings.SMS_PROVIDER and template)


def send_notice(*, phone: str, text: str, template: str, values: dict[str, str]) -> None:
    """Tell `phone` something by the provider's `template`, filled with `values`; our outbox shows `text`.

    Raises `MessageNotSent` when the provider does not take it.
    """
    _send(phone, Message(values, text, template))


def _send(phone: str, message: Message) -> None:
    provider = settings.SMS_PROVIDER
    try:
        PROVIDERS[provider](phone, message)
    except MessageNotSent as error:
        log.warning("message_not_sent", provider=provider, reason=error.values["reason"])
        raise


def _keep_in_outbox(phone: str, message: Message) -> None:
    kept = SentMessage(text=message.text)
    kept.phone = phone
    kept.save()


def _template(message: Message, of_code: str) -> str:
    return of_code if message.template is None else message.template


# The libraries are extras, so they are imported where they are used. Their errors quote the request:
# only the error's code leaves this module, and `from None` keeps the rest out of tracebacks.


def _send_by_aliyun(phone: str, message: Message) -> None:
    from alibabacloud_dysmsapi20170525.client import Client
    from alibabacloud_dysmsapi20170525.models import SendSmsRequest
    from alibabacloud_tea_openapi.utils_models import Config
    from darabonba.runtime import RuntimeOptions

    account = settings.ALIYUN_SMS
    milliseconds = settings.SMS_TIMEOUT * 1000
    request = SendSmsRequest(
        phone_numbers=phone.removeprefix(CHINA).removeprefix("+"),
        sign_name=account["sign_name"],
        template_code=_template(message, account["template_code"]),
        template_param=json.dumps(message.values),
    )
    try:
        client = Client(
            Config(
                access_key_id=account["access_key_id"],
                access_key_secret=account["access_key_secret"],
                endpoint=account["endpoint"],
            )
        )
        runtime = RuntimeOptions(connect_timeout=milliseconds, read_timeout=milliseconds, autoretry=False)
        answer = client.send_sms_with_options(request, runtime).body
    except Exception as error:  # the library raises a dozen unrelated classes
        raise MessageNotSent(reason=_reason(error)) from None
    if answer is None or answer.code != "OK":
        raise MessageNotSent(reason=str(answer.code if answer else "no answer"))


def _send_by_tencent(phone: str, message: Message) -> None:
    from tencentcloud.common.credential import Credential
    from tencentcloud.common.profile.client_profile import ClientProfile
    from tencentcloud.common.profile.http_profile import HttpProfile
    from tencentcloud.sms.v20210111.models import SendSmsRequest
    from tencentcloud.sms.v20210111.sms_client import SmsClient

    account = settings.TENCENT_SMS
    request = SendSmsRequest()
    request.PhoneNumberSet = [phone]
    request.SmsSdkAppId = account["app_id"]
    request.SignName = account["sign_name"]
    request.TemplateId = _template(message, account["template_id"])
    request.TemplateParamSet = list(message.values.values())
    profile = ClientProfile(httpProfile=HttpProfile(reqTimeout=settings.SMS_TIMEOUT))
    try:
        client = SmsClient(
            Credential(account["secret_id"], account["secret_key"]), account["region"], profile=profile
        )
        answers = client.SendSms(request).SendStatusSet or []
    except Exception as error:
        raise MessageNotSent(reason=_reason(error)) from None
    if not answers or answers[0].Code != "Ok":
        raise MessageNotSent(reason=str(answers[0].Code if answers else "no answer"))


def _reason(error: Exception) -> str:
    code = getattr(error, "code", None)
    return code if isinstance(code, str) and code else type(error).__name__


class _WechatSession(requests.Session):
    """Never waits for ever; what it carries is secret, so nothing of it is logged."""

    def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]
        kwargs.setdefault("timeout", settings.WEIXIN_TIMEOUT)
        return super().request(method, url, **kwargs)


def wechat_session() -> requests.Session:
    """Return what allauth asks WeChat's servers with."""
    return _WechatSession()


PROVIDERS: dict[str, Callable[[str, Message], None]] = {
    "outbox": _keep_in_outbox,
    "aliyun": _send_by_aliyun,
    "tencent": _send_by_tencent,
}
