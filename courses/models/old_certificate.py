"""Certificates handed out on paper before this site, as an old ledger names them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment
from registry.models import Region


class OldCertificate(models.Model):
    """The number of a paper certificate as it was written; it is none of ours and cannot be verified."""

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="old_certificate")
    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    number = models.CharField(_("number of the paper certificate"), max_length=60)

    class Meta:
        verbose_name = _("paper certificate")
        verbose_name_plural = _("paper certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["county", "number"], name="paper_certificate_is_given_once_in_a_county"
            ),
            models.CheckConstraint(name="paper_certificate_has_a_number", condition=~models.Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number
