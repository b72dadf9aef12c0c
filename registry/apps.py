from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """Registers the `registry` app."""

    name = "registry"
    verbose_name = _("Registry")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, and offer the log to the export desk."""
        from registry import checks  # noqa: F401
        from registry.audit_list import add_audit_list

        add_audit_list()
