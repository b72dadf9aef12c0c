"""What is written in a live class, raised hands, quick checks, and what the teacher did about any of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from livestream.models.live_class import LiveClass
from registry.models import Person, User

MAX_MESSAGE_LENGTH = 200
MAX_OPTIONS = 6


class ChatMessage(models.Model):
    """One message. Hidden is not deleted: it can be shown again. What is hidden stays out of the lesson."""

    live_class = models.ForeignKey(LiveClass, models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="chat_messages", null=True, blank=True)
    is_staff = models.BooleanField(_("of the teachers"), default=False)
    is_question = models.BooleanField(_("a question to the teacher"), default=False)
    text = models.CharField(_("message"), max_length=MAX_MESSAGE_LENGTH, blank=True)
    client_token = models.UUIDField(_("token of the sender"))
    sent_at = models.DateTimeField(_("sent at"))
    held_for = models.CharField(
        _("held back for"), max_length=10, blank=True, help_text=_("A key of chat_words.REASONS.")
    )
    hidden_at = models.DateTimeField(_("hidden at"), null=True, blank=True)
    hidden_by = models.ForeignKey(
        User,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text=_("Nobody while the word list holds it back."),
    )

    class Meta:
        verbose_name = _("chat message")
        verbose_name_plural = _("chat messages")
        ordering = ["sent_at", "pk"]
        indexes = [models.Index(fields=["live_class", "author", "sent_at"], name="messages_of_author")]
        constraints = [
            models.UniqueConstraint(
                fields=["live_class", "author", "client_token"], name="message_is_sent_once"
            ),
            models.CheckConstraint(
                name="hidden_by_somebody_is_hidden",
                condition=Q(hidden_by__isnull=True) | Q(hidden_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sent_at:%H:%M:%S}"


class ModerationAction(models.Model):
    """What was done about the chat, by whom and when. Lines are only ever added; a trigger sees to it."""

    class Kind(models.TextChoices):
        SLOW = "slow", _("slow mode set")
        QUESTIONS_ONLY = "questions_only", _("questions only switched")
        LOCK = "lock", _("chat closed or opened")
        WORDS = "words", _("word list changed")
        HIDE = "hide", _("message hidden")
        RESTORE = "restore", _("message shown again")
        MUTE = "mute", _("person muted")
        UNMUTE = "unmute", _("person may write again")
        HIT = "hit", _("held back by the word list")
        REPORT = "report", _("reported by a participant")

    live_class = models.ForeignKey(LiveClass, models.PROTECT, related_name="moderation")
    kind = models.CharField(_("what"), max_length=16, choices=Kind)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    message = models.ForeignKey(ChatMessage, models.PROTECT, related_name="moderation", null=True, blank=True)
    target = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    value = models.CharField(_("value"), max_length=40, blank=True)
    at = models.DateTimeField(_("done at"))

    class Meta:
        verbose_name = _("moderation")
        verbose_name_plural = _("moderation")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["live_class", "target", "kind"], name="moderation_of_target")]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "by"], condition=Q(kind="report"), name="message_is_reported_once_by_one"
            ),
            models.CheckConstraint(
                name="moderation_names_what_it_is_about",
                condition=Q(kind__in=["hide", "restore", "hit", "report"], message__isnull=False)
                | Q(kind__in=["mute", "unmute"], target__isnull=False)
                | Q(kind__in=["slow", "questions_only", "lock", "words"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}".strip()


class RaisedHand(models.Model):
    """Somebody wants to speak: up until she or the teacher takes the hand down."""

    live_class = models.ForeignKey(LiveClass, models.PROTECT, related_name="hands")
    person = models.ForeignKey(Person, models.PROTECT, related_name="raised_hands")
    raised_at = models.DateTimeField(_("raised at"))
    lowered_at = models.DateTimeField(_("taken down at"), null=True, blank=True)
    lowered_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        verbose_name = _("raised hand")
        verbose_name_plural = _("raised hands")
        ordering = ["raised_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["live_class", "person"],
                condition=Q(lowered_at__isnull=True),
                name="person_raises_one_hand",
            ),
            models.CheckConstraint(
                name="hand_is_lowered_after_it_was_raised",
                condition=Q(lowered_at__isnull=True) | Q(lowered_at__gte=F("raised_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.raised_at:%H:%M:%S}"


class QuickCheck(models.Model):
    """One question to everybody at once, open until the teacher closes it; then all see how it came out."""

    live_class = models.ForeignKey(LiveClass, models.PROTECT, related_name="checks")
    question = models.CharField(_("question"), max_length=120)
    options = models.JSONField(_("answers to choose from"))
    right_option = models.PositiveSmallIntegerField(
        _("right answer"), null=True, blank=True, help_text=_("Empty for an opinion.")
    )
    client_token = models.UUIDField(_("token of the sender"))
    opened_at = models.DateTimeField(_("asked at"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("quick check")
        verbose_name_plural = _("quick checks")
        ordering = ["opened_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["live_class"],
                condition=Q(closed_at__isnull=True),
                name="one_quick_check_at_a_time",
            ),
            models.UniqueConstraint(fields=["live_class", "client_token"], name="quick_check_is_asked_once"),
            models.CheckConstraint(
                name="quick_check_has_two_to_six_answers",
                condition=Q(options__0__isnull=False)
                & Q(options__1__isnull=False)
                & Q(options__6__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.question


class QuickCheckAnswer(models.Model):
    """What one person chose; the first answer counts."""

    check_asked = models.ForeignKey(QuickCheck, models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="quick_answers")
    choice = models.PositiveSmallIntegerField(_("chosen"))
    answered_at = models.DateTimeField(_("answered at"))

    class Meta:
        verbose_name = _("answer to a quick check")
        verbose_name_plural = _("answers to quick checks")
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_asked", "person"], name="person_answers_once"),
        ]

    def __str__(self) -> str:
        return str(self.choice)
