from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivestreamConfig(AppConfig):
    """Registers the `livestream` app."""

    name = "livestream"
    verbose_name = _("Livestream coaching")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to people who are deleted, and tell what we hold about somebody."""
        from livestream.queries.class_held import visits_of, words_of
        from livestream.receivers import forget_erased_person
        from registry.held_data import add_part
        from registry.signals import person_erased

        add_part("livestream.class_visits", visits_of)
        add_part("livestream.class_words", words_of)
        person_erased.connect(forget_erased_person, dispatch_uid="livestream.forget_erased_person")
