"""Addresses under /account/, by the names allauth asks for. What needs an e-mail address has none."""

from allauth.account import views as allauth_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as code_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as key_views
from django.urls import path
from django.views.generic import RedirectView

from registry.views import second_factor, sign_in, wechat

_to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)
_to_account = RedirectView.as_view(pattern_name="registry:account")
_to_second_factor = RedirectView.as_view(pattern_name="mfa_index")

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="registry:account")),
    path("login/", sign_in.SignInView.as_view(), name="account_login"),
    path("login/code/", _to_sign_in, name="account_request_login_code"),
    path("login/code/confirm/", sign_in.CodeView.as_view(), name="account_confirm_login_code"),
    path("signup/", _to_sign_in, name="account_signup"),
    path("staff/", sign_in.StaffSignInView.as_view(), name="account_staff_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("password/set/", allauth_views.password_set, name="account_set_password"),
    path("weixin/login/", wechat.login, name="weixin_login"),
    path("weixin/login/callback/", wechat.callback, name="weixin_callback"),
    path("weixin/unlink/", wechat.unlink, name="weixin_unlink"),
    path("weixin/cancelled/", wechat.cancelled, name="socialaccount_login_cancelled"),
    path("weixin/linked/", _to_account, name="socialaccount_connections"),
    path("second-factor/", second_factor.IndexView.as_view(), name="mfa_index"),
    path("second-factor/code/", second_factor.AuthenticateView.as_view(), name="mfa_authenticate"),
    path("second-factor/again/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", second_factor.ActivateAppView.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/keys/", _to_second_factor, name="mfa_list_webauthn"),
    path("second-factor/keys/add/", second_factor.AddKeyView.as_view(), name="mfa_add_webauthn"),
    path("second-factor/keys/again/", key_views.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path(
        "second-factor/keys/<int:pk>/remove/",
        second_factor.RemoveKeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("second-factor/recovery/", second_factor.RecoveryView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery/new/", code_views.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
]
