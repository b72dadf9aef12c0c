"""A trainee's story for everybody to read, with her consent and under the name she chose."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from registry.models import Person


class Story(models.Model):
    """Shown while she agrees to it and something she achieved is verified; a new telling is a new story."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="stories")
    public_name = models.CharField(_("the name she wants to be called by"), max_length=40, blank=True)
    title = models.CharField(_("title"), max_length=80, blank=True)
    text = models.TextField(_("story"), max_length=3000, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"))
    taken_off_at = models.DateTimeField(_("taken off at"), null=True, blank=True)

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(taken_off_at__isnull=True),
                name="trainee_has_one_story_at_a_time",
            ),
            models.CheckConstraint(
                name="shown_story_says_something",
                condition=Q(taken_off_at__isnull=False) | ~Q(public_name="") & ~Q(title="") & ~Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title
