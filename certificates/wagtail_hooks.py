"""What certificates add to the Wagtail admin: the desk of clerk and office."""

from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from certificates.views import desk_classes, desk_designs, desk_papers
from registry.capabilities import Capability
from registry.permissions import capabilities_of


class DeskMenuItem(MenuItem):
    """A menu item for whoever may do what the page is for; the page asks again."""

    def __init__(self, *args: Any, capabilities: set[Capability], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._capabilities = capabilities

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user may do it somewhere."""
        return bool(self._capabilities & capabilities_of(request.user))


_READ = {Capability.READ_CERTIFICATES}
_DESK = Menu(
    register_hook_name="register_certificates_menu_item",
    items=[
        DeskMenuItem(
            _("Issue to classes"),
            reverse_lazy("certificate_classes"),
            name="certificate-classes",
            icon_name="group",
            order=1,
            capabilities=_READ,
        ),
        DeskMenuItem(
            _("All certificates"),
            reverse_lazy("certificate_papers"),
            name="certificate-papers",
            icon_name="doc-full",
            order=2,
            capabilities=_READ,
        ),
        DeskMenuItem(
            _("Revocations"),
            reverse_lazy("certificate_revocations"),
            name="certificate-revocations",
            icon_name="circle-xmark",
            order=3,
            capabilities=_READ,
        ),
        DeskMenuItem(
            _("Templates"),
            reverse_lazy("certificate_templates"),
            name="certificate-templates",
            icon_name="edit",
            order=4,
            capabilities={Capability.DESIGN_CERTIFICATE, Capability.APPROVE_DESIGN},
        ),
    ],
)


class DeskSubmenu(SubmenuMenuItem):
    """The desk of certificates."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Tell whether the signed-in user reads certificates anywhere."""
        return Capability.READ_CERTIFICATES in capabilities_of(request.user)


@hooks.register("register_admin_menu_item")
def certificates_menu_item() -> MenuItem:
    """Add the desk to the menu."""
    return DeskSubmenu(_("Certificates"), _DESK, name="certificates", icon_name="pick", order=145)


@hooks.register("register_admin_urls")
def certificate_urls() -> list[URLPattern]:
    """Add the desk below /admin/."""
    classes, papers, designs = desk_classes, desk_papers, desk_designs
    one, template = "<uuid:uid>/", "certificates/templates/<str:code>/<str:kind>/"
    return [
        path("certificates/", classes.class_list, name="certificate_classes"),
        path(f"certificates/class/{one}", classes.class_detail, name="certificate_class"),
        path(f"certificates/class/{one}issue/", classes.class_issue, name="certificate_issue"),
        path(f"certificates/class/{one}bundle/", classes.bundle_order, name="certificate_bundle_order"),
        path(f"certificates/class/{one}register.xlsx", classes.register, name="certificate_register"),
        path(f"certificates/class/{one}annul/", papers.class_annul, name="certificate_annul"),
        path(f"certificates/runs/{one}", classes.run_detail, name="certificate_run"),
        path(f"certificates/runs/{one}progress/", classes.run_progress, name="certificate_run_progress"),
        path(f"certificates/runs/{one}cancel/", classes.run_cancel, name="certificate_run_cancel"),
        path(f"certificates/bundles/{one}", classes.bundle_download, name="certificate_bundle"),
        path("certificates/papers/", papers.paper_list, name="certificate_papers"),
        path(f"certificates/papers/{one}", papers.paper_detail, name="certificate_paper"),
        path(f"certificates/papers/{one}reissue/", papers.paper_reissue, name="certificate_reissue"),
        path(f"certificates/papers/{one}revoke/", papers.paper_revoke, name="certificate_revoke"),
        path("certificates/revocations/", papers.revocation_list, name="certificate_revocations"),
        path(f"certificates/revocations/{one}", papers.revocation_detail, name="certificate_revocation"),
        path(
            f"certificates/revocations/{one}decide/",
            papers.revocation_decide,
            name="certificate_revocation_decide",
        ),
        path("certificates/templates/", designs.template_list, name="certificate_templates"),
        path(template, designs.template_edit, name="certificate_template"),
        path(f"{template}preview/", designs.template_preview, name="certificate_template_preview"),
        path(f"{template}approve/", designs.template_approve, name="certificate_template_approve"),
    ]
