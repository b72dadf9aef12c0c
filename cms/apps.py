from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CmsConfig(AppConfig):
    """Registers the `cms` app and what it changes in Wagtail's admin."""

    name = "cms"
    verbose_name = _("Site")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep Wagtail's widgets from rendering inline scripts."""
        from cms import wagtail_patches

        wagtail_patches.apply()
