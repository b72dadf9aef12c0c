from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CountyConfig(AppConfig):
    """Registers the `county` app."""

    name = "county"
    verbose_name = _("County desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the office's lists to the export desk."""
        from county.lists import add_lists

        add_lists()
