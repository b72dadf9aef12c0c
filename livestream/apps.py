from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivestreamConfig(AppConfig):
    """Registers the `livestream` app."""

    name = "livestream"
    verbose_name = _("Livestream coaching")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to people who are deleted."""
        from livestream.receivers import forget_erased_person
        from registry.signals import person_erased

        person_erased.connect(forget_erased_person, dispatch_uid="livestream.forget_erased_person")
