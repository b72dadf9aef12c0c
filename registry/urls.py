"""Addresses of the `registry` app."""

from django.urls import path

from registry.views import consents, linking, outbox, sign_in

app_name = "registry"
urlpatterns = [
    path("me/", sign_in.account, name="account"),
    path("link/", linking.link_person, name="link_person"),
    path("register/", linking.register, name="register"),
    path("privacy/", consents.privacy, name="privacy"),
    path("privacy/consent/", consents.consent_switch, name="consent_switch"),
    path("outbox/", outbox.outbox, name="outbox"),
]
