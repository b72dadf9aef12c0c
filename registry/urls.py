"""Addresses of the `registry` app."""

from django.urls import path

from registry.views import linking, outbox, sign_in

app_name = "registry"
urlpatterns = [
    path("me/", sign_in.account, name="account"),
    path("link/", linking.link_person, name="link_person"),
    path("register/", linking.register, name="register"),
    path("outbox/", outbox.outbox, name="outbox"),
]
