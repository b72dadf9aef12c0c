"""Text messages: the only module that talks to a provider (`SMS_PROVIDER`: outbox, aliyun or tencent).

Providers send approved templates, not free text: ours has one variable, the code. `outbox` keeps messages in
the database and exists in the demo only.
"""

import json
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from registry.errors import MessageNotSent
from registry.models import SentMessage

_ALIYUN_ENDPOINT = "https://dysmsapi.aliyuncs.com"
_TENCENT_ENDPOINT = "https://sms.tencentcloudapi.com"
_TENCENT_REGION = "ap-guangzhou"


class SmsClient(Protocol):
    """What every provider can do."""

    def send_code(self, phone: str, code: str) -> None:
        """Send a sign-in code to a number in E.164; raises `MessageNotSent`."""


def sms_client() -> SmsClient:
    """Return the configured provider; raises `ImproperlyConfigured` for an unknown one."""
    if settings.SMS_PROVIDER == "outbox" and settings.DEMO:
        return OutboxClient()
    if settings.SMS_PROVIDER == "aliyun":
        return AliyunClient(settings.SMS)
    if settings.SMS_PROVIDER == "tencent":
        return TencentClient(settings.SMS)
    raise ImproperlyConfigured(f"SMS_PROVIDER must be aliyun or tencent, not {settings.SMS_PROVIDER!r}.")


class OutboxClient:
    """Keeps messages for the demo's outbox page."""

    def send_code(self, phone: str, code: str) -> None:
        """Keep the message as its reader would see it."""
        text = _("[Cunbo] Your sign-in code is %(code)s. It is good for 5 minutes. Tell it to nobody.")
        message = SentMessage(text=text % {"code": code})
        message.phone = phone
        message.save()


class AliyunClient:
    """Alibaba Cloud SMS (SendSms, 2017-05-25) through its official SDK, extra `aliyun`."""

    def __init__(self, options: dict[str, str]) -> None:
        self._options = options

    def send_code(self, phone: str, code: str) -> None:
        """Send the template with `{"code": …}`."""
        from alibabacloud_dysmsapi20170525.models import SendSmsRequest
        from darabonba.runtime import RuntimeOptions

        request = SendSmsRequest(
            # Numbers of the mainland without their country code, others without the plus.
            phone_numbers=phone.removeprefix("+86").removeprefix("+"),
            sign_name=self._options["sign_name"],
            template_code=self._options["template"],
            template_param=json.dumps({"code": code}),
        )
        try:
            response = self._sdk_client().send_sms_with_options(request, RuntimeOptions(autoretry=False))
        except Exception as error:
            # The SDK raises its own errors, those of requests and plain ones alike.
            raise MessageNotSent(reason=type(error).__name__) from error
        if response.body.code != "OK":
            raise MessageNotSent(reason=str(response.body.code))

    def _sdk_client(self) -> Any:
        from alibabacloud_dysmsapi20170525.client import Client
        from alibabacloud_tea_openapi.models import Config

        endpoint = urlsplit(self._options["endpoint"] or _ALIYUN_ENDPOINT)
        milliseconds = settings.SMS_TIMEOUT * 1000
        return Client(
            Config(
                access_key_id=self._options["access_key_id"],
                access_key_secret=self._options["access_key_secret"],
                protocol=endpoint.scheme,
                endpoint=endpoint.netloc,
                connect_timeout=milliseconds,
                read_timeout=milliseconds,
            )
        )


class TencentClient:
    """Tencent Cloud SMS (SendSms, 2021-01-11) through its official SDK, extra `tencent`."""

    def __init__(self, options: dict[str, str]) -> None:
        self._options = options

    def send_code(self, phone: str, code: str) -> None:
        """Send the template with the code as its only parameter."""
        from tencentcloud.common.exception.tencent_cloud_sdk_exception import TencentCloudSDKException
        from tencentcloud.sms.v20210111.models import SendSmsRequest

        request = SendSmsRequest()
        request.SmsSdkAppId = self._options["app_id"]
        request.SignName = self._options["sign_name"]
        request.TemplateId = self._options["template"]
        request.TemplateParamSet = [code]
        request.PhoneNumberSet = [phone]
        try:
            status = self._sdk_client().SendSms(request).SendStatusSet[0]
        except TencentCloudSDKException as error:
            raise MessageNotSent(reason=str(error.get_code())) from error
        if status.Code != "Ok":
            raise MessageNotSent(reason=str(status.Code))

    def _sdk_client(self) -> Any:
        from tencentcloud.common.credential import Credential
        from tencentcloud.common.profile.client_profile import ClientProfile
        from tencentcloud.common.profile.http_profile import HttpProfile
        from tencentcloud.sms.v20210111.sms_client import SmsClient as Client

        endpoint = urlsplit(self._options["endpoint"] or _TENCENT_ENDPOINT)
        profile = ClientProfile(
            httpProfile=HttpProfile(
                protocol=endpoint.scheme, endpoint=endpoint.netloc, reqTimeout=settings.SMS_TIMEOUT
            )
        )
        credential = Credential(self._options["access_key_id"], self._options["access_key_secret"])
        return Client(credential, self._options["region"] or _TENCENT_REGION, profile)
