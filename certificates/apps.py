from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CertificatesConfig(AppConfig):
    """Registers the `certificates` app and its ear for completed courses."""

    name = "certificates"
    verbose_name = _("Certificates")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to `course_completed`."""
        from certificates.receivers import queue_certificate
        from courses.signals import course_completed

        course_completed.connect(queue_certificate, dispatch_uid="certificates.queue_certificate")
