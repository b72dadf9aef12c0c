from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LivestreamConfig(AppConfig):
    """Registers the `livestream` app."""

    name = "livestream"
    verbose_name = _("Livestream coaching")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to people who go or take back a consent, say what is held about them, clean what is old."""
        from livestream.queries.class_held import visits_of, words_of
        from livestream.queries.held import rehearsals_of
        from livestream.queries.held_reviews import reviews_of
        from livestream.receivers import (
            forget_erased_person,
            forget_withdrawn_recordings,
            measure_recording,
        )
        from livestream.services.retention import clean_raw_parts, clean_recordings
        from livestream.signals import recording_built
        from registry.held_data import add_part
        from registry.models import RetentionRule
        from registry.services import add_cleaner
        from registry.signals import consent_withdrawn, person_erased

        add_part("livestream", rehearsals_of)
        add_part("livestream.class_visits", visits_of)
        add_part("livestream.class_words", words_of)
        add_cleaner(RetentionRule.Subject.RAW_RECORDINGS, clean_raw_parts)
        add_cleaner(RetentionRule.Subject.REHEARSAL_RECORDINGS, clean_recordings)
        person_erased.connect(forget_erased_person, dispatch_uid="livestream.forget_erased_person")
        recording_built.connect(measure_recording, dispatch_uid="livestream.measure_recording")
        add_part("livestream_reviews", reviews_of)
        consent_withdrawn.connect(
            forget_withdrawn_recordings, dispatch_uid="livestream.forget_withdrawn_recordings"
        )
