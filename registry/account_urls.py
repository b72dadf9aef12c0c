"""Addresses under /account/, by the names allauth asks for. What needs an e-mail address has none."""

from allauth.account import views as allauth_views
from django.urls import path
from django.views.generic import RedirectView

from registry.views import sign_in

_to_sign_in = RedirectView.as_view(pattern_name="account_login", query_string=True)

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
]
