"""What a host did in the rehearsal room besides speaking: went on, was asked, answered."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from livestream.models.session import LiveSession


class RoomMark(models.Model):
    """A moment of the clock in a rehearsal; the phone may send it twice. Lines are only ever added."""

    class Kind(models.TextChoices):
        SEGMENT = "segment", _("went on to a segment")
        ASKED = "asked", _("was asked by the practice audience")
        ANSWERED = "answered", _("answered the practice audience")

    session = models.ForeignKey(LiveSession, models.CASCADE, related_name="room_marks")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    key = models.CharField(_("of what"), max_length=60, help_text=_("The segment's or the remark's key."))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mark of a rehearsal")
        verbose_name_plural = _("marks of a rehearsal")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "key", "at"], name="room_mark_is_noted_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
