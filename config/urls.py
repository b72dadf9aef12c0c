"""Every address of the site. Chinese has no prefix, English lives under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from certificates.views import badges
from config import health
from county.api.problems import nothing_here
from registry.views import sign_in

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path(".well-known/did.json", badges.issuer, name="did"),
    # One door for staff: Wagtail's own asks for no second factor.
    path("admin/login/", sign_in.admin_door),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("api/v1", nothing_here),  # without the slash too, no page of ours
    path("api/v1/", include("county.api.urls")),
]

urlpatterns += i18n_patterns(
    path("account/", include("registry.account_urls")),
    path("people/", include("registry.urls")),
    path("learn/", include("courses.urls")),
    path("rehearse/", include("livestream.urls")),
    path("verify/", include("certificates.urls")),
    path("county/", include("county.urls")),
    # Wagtail's own sign-in for protected pages would go past our throttling and the second factor.
    path("_util/login/", RedirectView.as_view(pattern_name="account_login"), name="wagtailcore_login"),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)

handler400 = "cms.views.bad_request"
handler500 = "cms.views.server_error"
