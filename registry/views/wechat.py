"""The way to WeChat and back; without an app registered there is none."""

from collections.abc import Callable
from functools import wraps

from allauth.socialaccount.providers.weixin import views as weixin
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from registry.views.sign_in import SignedInRequest
from registry.wechat import is_wechat_offered, wechat_account_of

View = Callable[..., HttpResponse]


def where_offered(view: View) -> View:
    """Let through where WeChat is set up; elsewhere there is nothing."""

    @never_cache
    @wraps(view)
    def wrapper(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_wechat_offered():
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


@where_offered
def login(request: HttpRequest) -> HttpResponse:
    """Lead to WeChat, by a button only: a link could sign somebody in as another."""
    if request.method != "POST":
        return redirect("account_login")
    if request.GET.get("process") == "connect" and not request.user.is_authenticated:
        return redirect("account_login")
    answer: HttpResponse = weixin.oauth2_login(request)
    return answer


@where_offered
def callback(request: HttpRequest) -> HttpResponse:
    """Take WeChat's answer."""
    answer: HttpResponse = weixin.oauth2_callback(request)
    return answer


@where_offered
@login_required
@require_POST
def unlink(request: SignedInRequest) -> HttpResponse:
    """Have WeChat open this login no more."""
    account = wechat_account_of(request.user)
    if account:
        account.delete()
        messages.success(request, _("Your WeChat is no longer linked."))
    return redirect("registry:account")


def cancelled(request: HttpRequest) -> HttpResponse:
    """Lead back whoever has changed her mind."""
    return redirect("account_login")
