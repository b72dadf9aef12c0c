from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CountyConfig(AppConfig):
    """Registers the `county` app."""

    name = "county"
    verbose_name = _("County desk")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the office's lists to the export desk, tell what is held about people, and listen."""
        from county.held import calls_about
        from county.lists import add_lists
        from county.receivers import forget_erased_person
        from registry.held_data import add_part
        from registry.signals import person_erased

        add_lists()
        add_part("county.audit_calls", calls_about)
        person_erased.connect(forget_erased_person, dispatch_uid="county.forget_erased_person")
