"""Addresses of the `certificates` app, under /verify/."""

from django.urls import path

from certificates import views

app_name = "certificates"
urlpatterns = [
    path("", views.verify, name="verify"),
    path("mine/", views.mine, name="mine"),
    path("file/<uuid:uid>/", views.download, name="download"),
    path("<str:number>/", views.verify_code, name="verify_code"),
]
