"""Addresses of the `certificates` app, under /verify/. The desk is in the admin (wagtail_hooks.py)."""

from django.urls import path

from certificates.views import badges, checks, mine, offline, published

app_name = "certificates"
urlpatterns = [
    path("", checks.verify, name="verify"),
    path("file/", checks.verify_file, name="verify_file"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<uuid:uid>/share/", mine.share, name="share"),
    path("mine/<uuid:uid>/share/end/", mine.end_share, name="end_share"),
    path("mine/<uuid:uid>/object/", mine.object_to, name="object"),
    path("mine/<uuid:uid>/badge.json", badges.document, name="badge_document"),
    path("mine/<uuid:uid>/badge.jwt", badges.token, name="badge_token"),
    path("badges/achievements/<str:code>/", badges.achievement, name="achievement"),
    path("badges/status/<int:number>/", badges.status_list, name="status_list"),
    path("file/<uuid:uid>/", mine.download, name="download"),
    path("shared/<str:token>/", mine.shared, name="shared"),
    path("shared/<str:token>/file/", mine.shared_file, name="shared_file"),
    path("root.crt", published.root, name="root"),
    path("keys.json", published.keys, name="keys"),
    path("revoked.json", published.revoked, name="revoked"),
    path("offline/", offline.page, name="offline"),
    path("offline/manifest.webmanifest", offline.manifest, name="offline_manifest"),
    path("worker.js", offline.worker, name="offline_worker"),
    path("<str:number>/", checks.verify_code, name="verify_code"),
]
