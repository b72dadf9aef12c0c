from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegistryConfig(AppConfig):
    """Registers the `registry` app."""

    name = "registry"
    verbose_name = _("Registry")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks, listen for links to WeChat, offer the log to the export desk."""
        from allauth.socialaccount.signals import social_account_added

        from registry import checks, receivers  # noqa: F401
        from registry.audit_list import add_audit_list

        social_account_added.connect(receivers.log_wechat_link)
        add_audit_list()
