"""The privacy desk in the Wagtail admin: people, their consents and requests, lists that leave, the log."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from registry.capabilities import Capability
from registry.permissions import can_hold_retention, capabilities_of
from registry.views import audit, consents, exports, requests, retention, reveal


class ScopedMenuItem(MenuItem):
    """A menu item for whoever may do what the page is for; the page asks again."""

    def __init__(self, *args: Any, capability: Capability, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._capability = capability

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user may do it somewhere."""
        return self._capability in capabilities_of(request.user)


class RetentionMenuItem(MenuItem):
    """Leads to the rules of the whole site."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user may stop them."""
        return Capability.HANDLE_REQUESTS in capabilities_of(request.user) and can_hold_retention(
            request.user
        )


_DESK = Menu(
    register_hook_name="register_privacy_menu_item",
    items=[
        ScopedMenuItem(
            _("Find a person"),
            reverse_lazy("people_search"),
            name="people",
            icon_name="user",
            capability=Capability.READ_RECORDS,
        ),
        ScopedMenuItem(
            _("Requests"),
            reverse_lazy("request_list"),
            name="requests",
            icon_name="mail",
            capability=Capability.HANDLE_REQUESTS,
        ),
        ScopedMenuItem(
            _("Lists that leave"),
            reverse_lazy("export_list"),
            name="exports",
            icon_name="download",
            capability=Capability.EXPORT,
        ),
        ScopedMenuItem(
            _("Audit log"),
            reverse_lazy("audit_search"),
            name="audit",
            icon_name="history",
            capability=Capability.SEARCH_AUDIT_LOG,
        ),
        RetentionMenuItem(
            _("How long what is kept"),
            reverse_lazy("retention_list"),
            name="retention",
            icon_name="time",
        ),
    ],
)


class DeskMenuItem(SubmenuMenuItem):
    """Leads to the privacy desk."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether anything below it is for the signed-in user."""
        return bool(capabilities_of(request.user) & {Capability.READ_RECORDS, Capability.SEARCH_AUDIT_LOG})


@hooks.register("register_admin_menu_item")
def privacy_menu_item() -> MenuItem:
    """Add the desk to the menu."""
    return DeskMenuItem(_("People and privacy"), _DESK, name="privacy", icon_name="lock", order=170)


@hooks.register("register_admin_urls")
def privacy_urls() -> list[URLPattern]:
    """Add the pages of the desk below /admin/."""
    return [
        path("people/", reveal.people_search, name="people_search"),
        path("people/<uuid:uid>/", reveal.person_detail, name="person_detail"),
        path("people/<uuid:uid>/reveal/", reveal.person_reveal, name="person_reveal"),
        path("people/<uuid:uid>/consents/", consents.consent_desk, name="consent_desk"),
        path("people/<uuid:uid>/consents/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
        path("people/consents/<uuid:uid>/scan/", consents.consent_scan, name="consent_scan"),
        path("privacy/", requests.request_list, name="request_list"),
        path("privacy/<uuid:uid>/", requests.request_decide, name="request_decide"),
        path("privacy/exports/", exports.export_list, name="export_list"),
        path("privacy/exports/new/", exports.export_new, name="export_new"),
        path("privacy/exports/<uuid:uid>/", exports.export_detail, name="export_detail"),
        path("privacy/exports/<uuid:uid>/decide/", exports.export_decide, name="export_decide"),
        path("privacy/exports/<uuid:uid>/download/", exports.export_download, name="export_download"),
        path("audit/", audit.audit_search, name="audit_search"),
        path("privacy/retention/", retention.retention_list, name="retention_list"),
        path("privacy/retention/<slug:subject>/", retention.retention_hold, name="retention_hold"),
    ]
