"""Addresses of the `county` app, under /county/."""

from django.urls import path

from county import views
from county.views import ledger
from county.views.public import public_figures

app_name = "county"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("public/", public_figures, name="public"),
    path("export.xlsx", views.export, name="export"),
    path("people/", views.people, name="people"),
    path("classes/", views.classes, name="classes"),
    path("classes/<uuid:uid>/ledger/", ledger.ledger, name="ledger"),
    path("classes/<uuid:uid>/ledger.zip", ledger.ledger_archive, name="ledger_archive"),
    path("classes/<uuid:uid>/close/", views.close, name="close_class"),
]
