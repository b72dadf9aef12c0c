"""Addresses of the `registry` app."""

from django.urls import path

from registry.views import consents, linking, outbox, proving, requests, sign_in

app_name = "registry"
urlpatterns = [
    path("me/", sign_in.account, name="account"),
    path("link/", linking.link_person, name="link_person"),
    path("register/", linking.register, name="register"),
    path("privacy/", consents.privacy, name="privacy"),
    path("privacy/consent/", consents.consent_switch, name="consent_switch"),
    path("privacy/prove/", proving.prove, name="prove"),
    path("privacy/requests/", requests.request_new, name="request_new"),
    path("privacy/requests/<uuid:uid>/copy/", requests.data_copy, name="data_copy"),
    path("outbox/", outbox.outbox, name="outbox"),
]
