from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """Registers the `certificates` app and its ear for completed courses."""

    name = "certificates"
    verbose_name = _("Certificates")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to `course_completed`; show the duplicate desk and a copy of her data what lies here."""
        from certificates.held import papers_of
        from certificates.queries import certificates_preview
        from certificates.receivers import forget_erased_person, queue_certificate, warn_of_name
        from courses.signals import course_completed, place_taken
        from registry.held_data import add_part
        from registry.queries.merge_preview import SECTIONS
        from registry.signals import person_erased

        course_completed.connect(queue_certificate, dispatch_uid="certificates.queue_certificate")
        place_taken.connect(warn_of_name, dispatch_uid="certificates.warn_of_name")
        person_erased.connect(forget_erased_person, dispatch_uid="certificates.forget_erased_person")
        SECTIONS.append(certificates_preview)
        add_part("certificates", papers_of)
