"""How far a trainee has come: a lesson counts once, every quiz attempt is kept."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.enrolment import Enrolment


class LessonProgress(models.Model):
    """One lesson of one enrolment; the lesson is known by its `translation_key` in every language."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="lesson_progress")
    lesson_key = models.UUIDField(_("lesson"))
    opened_at = models.DateTimeField(_("opened at"))
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("lesson progress")
        verbose_name_plural = _("lesson progress")
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson_key"], name="lesson_counts_once")]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.lesson_key}"


class QuizAttempt(models.Model):
    """One sent-in quiz with its answers and score; `client_token` makes a repeated send the same attempt."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="quiz_attempts")
    lesson_key = models.UUIDField(_("lesson"))
    quiz_key = models.CharField(_("quiz"), max_length=40)
    client_token = models.UUIDField(default=uuid.uuid4)
    answers = models.JSONField(_("answers"))
    score = models.DecimalField(_("score, percent"), max_digits=5, decimal_places=2)
    is_passed = models.BooleanField(_("passed"))
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("quiz attempt")
        verbose_name_plural = _("quiz attempts")
        ordering = ["sent_at"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "client_token"], name="quiz_attempt_is_sent_once")
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} {self.quiz_key} {self.score}"
