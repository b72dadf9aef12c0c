"""Addresses of the `county` app."""

from django.urls import URLPattern

app_name = "county"
urlpatterns: list[URLPattern] = []
