from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivestreamConfig(AppConfig):
    """Registers the `livestream` app."""

    name = "livestream"
    verbose_name = _("Livestream coaching")
    default_auto_field = "django.db.models.BigAutoField"
