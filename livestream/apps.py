from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivestreamConfig(AppConfig):
    """Registers the `livestream` app."""

    name = "livestream"
    verbose_name = _("Livestream coaching")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to people who are deleted and to recordings; tell what is held about somebody."""
        from livestream.queries.held import reviews_of
        from livestream.receivers import forget_erased_person, measure_recording
        from livestream.signals import recording_built
        from registry.held_data import add_part
        from registry.signals import person_erased

        person_erased.connect(forget_erased_person, dispatch_uid="livestream.forget_erased_person")
        recording_built.connect(measure_recording, dispatch_uid="livestream.measure_recording")
        add_part("rehearsal_reviews", reviews_of)
