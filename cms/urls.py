"""Addresses of the site's frame; the pages themselves are served by Wagtail."""

from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("text-size/", views.set_text_size, name="text_size"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("offline/", views.offline, name="offline"),
    path("service-worker.js", views.service_worker, name="service_worker"),
    path("stories/", views.stories, name="stories"),
    path("stories/<uuid:uid>/", views.story, name="story"),
    path("patterns/", views.patterns, name="patterns"),
]
