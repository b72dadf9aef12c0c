from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """Registers the `certificates` app and its ear for completed courses."""

    name = "certificates"
    verbose_name = _("Certificates")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to `course_completed`, and show the duplicate desk what it would change here."""
        from certificates.queries import certificates_preview
        from certificates.receivers import queue_certificate
        from courses.signals import course_completed
        from registry.queries.merge_preview import SECTIONS

        course_completed.connect(queue_certificate, dispatch_uid="certificates.queue_certificate")
        SECTIONS.append(certificates_preview)
