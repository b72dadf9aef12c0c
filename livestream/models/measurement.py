"""What a recording tells by itself: rebuilt at will by the analysis, never a grade."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.background import InBackground
from livestream.models.session import LiveSession


class Analysis(InBackground):
    """The work of measuring one recording; the row holds state, attempts and lease."""

    session = models.OneToOneField(LiveSession, models.CASCADE, related_name="analysis")
    asked_at = models.DateTimeField(_("asked at"))
    measured_at = models.DateTimeField(_("measured at"), null=True, blank=True)
    algorithm = models.PositiveSmallIntegerField(_("version of the algorithm"), default=0)

    class Meta:
        verbose_name = _("analysis of a recording")
        verbose_name_plural = _("analyses of recordings")
        ordering = ["asked_at"]

    def __str__(self) -> str:
        return f"{self.session_id} {self.state}"


class Measurement(models.Model):
    """One value of one recording, with its band; `detail` holds what is drawn on the timeline."""

    class Band(models.TextChoices):
        GOOD = "good", _("in the band")
        WATCH = "watch", _("worth a look")
        FAR = "far", _("far from the band")
        NONE = "", _("no band")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="measurements")
    name = models.SlugField(_("what"), max_length=24)
    algorithm = models.PositiveSmallIntegerField(_("version of the algorithm"))
    value = models.FloatField(_("value"), null=True)
    band = models.CharField(_("band"), max_length=5, choices=Band, blank=True)
    detail = models.JSONField(_("detail"), default=dict)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["session", "name"]
        constraints = [
            models.UniqueConstraint(fields=["session", "name"], name="value_is_measured_once_a_recording")
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.name} {self.value}"
