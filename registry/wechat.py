"""WeChat as one more way into a login that exists: it makes no login and no person, and keeps no profile."""

from typing import Any, ClassVar

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.weixin.provider import WeixinProvider
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from registry import client
from registry.models import User

PROVIDER = "weixin"


def is_wechat_offered() -> bool:
    """Tell whether this site is registered with WeChat."""
    return bool(settings.WEIXIN_APP_ID and settings.WEIXIN_APP_SECRET)


def wechat_account_of(user: User) -> SocialAccount | None:
    """Return the link of a login to WeChat."""
    return SocialAccount.objects.filter(user=user, provider=PROVIDER).first() if is_wechat_offered() else None


class _WithoutProfile(WeixinProvider):
    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return nothing: name, picture, sex and place of a WeChat account are no business of ours."""
        return {}


class WechatAdapter(DefaultSocialAccountAdapter):
    """Lets in whoever has linked, and leads everybody else to sign in first."""

    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": gettext_lazy("This WeChat is linked to another login already."),
    }

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """Return the one app of the settings; none are kept in the database."""
        if not is_wechat_offered():
            return []
        return [
            SocialApp(
                provider=PROVIDER,
                name="WeChat",
                client_id=settings.WEIXIN_APP_ID,
                secret=settings.WEIXIN_APP_SECRET,
            )
        ]

    def get_provider(
        self, request: HttpRequest, provider: str, client_id: str | None = None
    ) -> WeixinProvider:
        """Return WeChat, the only provider there is."""
        return _WithoutProfile(request, app=self.get_app(request, provider, client_id))

    def get_requests_session(self) -> Any:
        """Return the session that speaks to WeChat."""
        return client.wechat_session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Stop whoever has not linked: she signs in otherwise first."""
        if sociallogin.state.get("process") == AuthProcess.CONNECT or sociallogin.is_existing:
            return
        messages.info(
            request,
            _("This WeChat is not linked yet. Sign in with your number or card, then link it in My login."),
        )
        raise ImmediateHttpResponse(redirect("account_login"))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody is made by WeChat."""
        return False

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Say it in plain words, whatever WeChat answered."""
        messages.error(request, _("WeChat did not let you in. Please try again, or sign in another way."))
        raise ImmediateHttpResponse(redirect("account_login"))
