"""Addresses of the `registry` app below /people/."""

from django.urls import path

from registry.views import person

app_name = "registry"
urlpatterns = [
    path("link/", person.link_person, name="link_person"),
    path("introduce/", person.introduce, name="introduce"),
    path("outbox/", person.outbox, name="outbox"),
]
