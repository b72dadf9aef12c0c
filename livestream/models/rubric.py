"""The sheet a rehearsal is marked by. One that was used stays as it is: other words are a new version.

The migration adds the trigger, and one that keeps given reviews as they were given.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def _in_use(words: dict[str, str]) -> str:
    """Return the words in the language in use, else in Chinese."""
    return words.get("en" if (get_language() or "").startswith("en") else "zh-hans") or words["zh-hans"]


class Rubric(models.Model):
    """One version of a sheet."""

    code = models.CharField(_("code"), max_length=8)
    version = models.PositiveSmallIntegerField(_("version"))
    titles = models.JSONField(_("title in each language"))
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="rubric_versions_are_numbered")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"

    @property
    def title(self) -> str:
        """Its title in the language in use."""
        return _in_use(self.titles)


class RubricLine(models.Model):
    """One line: its weight, a description of every level 0 to 4, and the red line if it has one."""

    rubric = models.ForeignKey(Rubric, models.PROTECT, related_name="lines")
    key = models.SlugField(_("key"), max_length=20)
    position = models.PositiveSmallIntegerField()
    weight = models.PositiveSmallIntegerField(_("weight"))
    titles = models.JSONField(_("title in each language"))
    descriptors = models.JSONField(_("levels 0 to 4 in each language"))
    red_lines = models.JSONField(_("red line in each language"), default=dict, blank=True)

    class Meta:
        verbose_name = _("rubric line")
        verbose_name_plural = _("rubric lines")
        ordering = ["rubric", "position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "key"], name="rubric_line_is_once_in_a_version"),
            models.CheckConstraint(
                name="rubric_line_weighs_something", condition=Q(weight__gte=1, weight__lte=100)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} {self.key}"

    @property
    def title(self) -> str:
        """Its title in the language in use."""
        return _in_use(self.titles)

    @property
    def levels(self) -> list[str]:
        """What each level 0 to 4 means, in the language in use."""
        words: list[str] = _in_use(self.descriptors)  # type: ignore[assignment]
        return words

    @property
    def red_line(self) -> str:
        """What fails a rehearsal whatever its mark; empty for a line without one."""
        return _in_use(self.red_lines) if self.red_lines else ""
