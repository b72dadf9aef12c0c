"""What must be right before the site may start: somebody has to send the sign-in codes."""

from collections.abc import Sequence
from importlib.util import find_spec

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from registry.client import PROVIDERS

_LIBRARIES = {"aliyun": "alibabacloud_dysmsapi20170525", "tencent": "tencentcloud"}
_ACCOUNTS = {"aliyun": "ALIYUN_SMS", "tencent": "TENCENT_SMS"}


@register()
def check_sms_provider(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Return errors when no provider is named, it is not installed, or its account is incomplete."""
    provider = settings.SMS_PROVIDER
    if provider not in PROVIDERS:
        return [
            Error("SMS_PROVIDER must be one of: aliyun, tencent, outbox (demo only).", id="registry.E001")
        ]
    if provider == "outbox":
        return _check_outbox()
    if find_spec(_LIBRARIES[provider]) is None:
        hint = f"Install the extra '{provider}' of pyproject.toml."
        return [Error(f"The library of the SMS provider {provider} is missing.", hint, id="registry.E003")]
    account: dict[str, str] = getattr(settings, _ACCOUNTS[provider])
    missing = sorted(key for key, value in account.items() if not value)
    if missing:
        return [Error(f"{_ACCOUNTS[provider]} lacks: {', '.join(missing)}.", id="registry.E004")]
    return []


@register()
def check_wechat(app_configs: Sequence[AppConfig] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Return an error when an app of WeChat is named without its secret, or the other way round."""
    if bool(settings.WEIXIN_APP_ID) == bool(settings.WEIXIN_APP_SECRET):
        return []
    return [
        Error("WEIXIN_APP_ID and WEIXIN_APP_SECRET are given together or not at all.", id="registry.E005")
    ]


def _check_outbox() -> list[CheckMessage]:
    if settings.DEMO:
        return []
    return [Error("SMS_PROVIDER=outbox shows codes to everybody: only for the demo.", id="registry.E002")]
