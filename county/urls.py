"""Addresses of the `county` app, under /county/."""

from django.urls import path

from county import views

app_name = "county"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("export.xlsx", views.export, name="export"),
    path("people/", views.people, name="people"),
    path("classes/", views.classes, name="classes"),
    path("classes/<uuid:uid>/close/", views.close, name="close_class"),
]
