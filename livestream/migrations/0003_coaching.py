"""Rubric, reviews, remarks and measurements; rubric C in its first wording."""

from pathlib import Path

import yaml
import django.db.models.deletion
import livestream.models.remark
import registry.private_files
import uuid
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


KEPT = """
CREATE FUNCTION livestream_rubric_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE used bigint := CASE TG_TABLE_NAME WHEN 'livestream_rubric' THEN to_jsonb(OLD)->>'id'
                                          ELSE to_jsonb(OLD)->>'rubric_id' END;
BEGIN
    IF EXISTS (SELECT FROM livestream_review WHERE rubric_id = used) THEN
        RAISE EXCEPTION 'A rubric that was used is kept' USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rubric_is_kept BEFORE UPDATE OR DELETE ON livestream_rubric
    FOR EACH ROW EXECUTE FUNCTION livestream_rubric_is_kept();
CREATE TRIGGER rubric_line_is_kept BEFORE UPDATE OR DELETE ON livestream_rubricline
    FOR EACH ROW EXECUTE FUNCTION livestream_rubric_is_kept();

CREATE FUNCTION livestream_rubric_is_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM livestream_review WHERE rubric_id = NEW.rubric_id) THEN
        RAISE EXCEPTION 'A rubric that was used takes no more lines' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rubric_is_whole BEFORE INSERT ON livestream_rubricline
    FOR EACH ROW EXECUTE FUNCTION livestream_rubric_is_whole();

CREATE FUNCTION livestream_review_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(OLD) - 'comment' = to_jsonb(NEW) - 'comment' THEN
        RETURN NEW;  -- a deleted host's words are taken out
    END IF;
    RAISE EXCEPTION 'A given review is corrected by a new one' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER given_review_is_kept BEFORE UPDATE OR DELETE ON livestream_review
    FOR EACH ROW WHEN (OLD.state = 'given') EXECUTE FUNCTION livestream_review_is_kept();
"""
NOT_KEPT = """
DROP TRIGGER given_review_is_kept ON livestream_review;
DROP TRIGGER rubric_is_whole ON livestream_rubricline;
DROP TRIGGER rubric_line_is_kept ON livestream_rubricline;
DROP TRIGGER rubric_is_kept ON livestream_rubric;
DROP FUNCTION livestream_review_is_kept();
DROP FUNCTION livestream_rubric_is_whole();
DROP FUNCTION livestream_rubric_is_kept();
"""
LANGUAGES = ("zh-hans", "en")


def publish(apps, schema_editor):
    """Publish version 1 of rubric C."""
    path = Path(__file__).parent.parent / "data" / "rubric-c-1.yaml"
    sheet = yaml.safe_load(path.read_text())
    rubric = apps.get_model("livestream", "Rubric").objects.create(
        code=sheet["code"],
        version=sheet["version"],
        titles={language: sheet[language]["title"] for language in LANGUAGES},
        published_at=timezone.now(),
    )
    line = apps.get_model("livestream", "RubricLine")
    for position, each in enumerate(sheet["lines"], 1):
        line.objects.create(
            rubric=rubric,
            key=each["key"],
            position=position,
            weight=each["weight"],
            titles={language: each[language]["title"] for language in LANGUAGES},
            descriptors={language: each[language]["levels"] for language in LANGUAGES},
            red_lines={
                language: each[language]["red_line"] for language in LANGUAGES if "red_line" in each[language]
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("livestream", "0002_sessions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Analysis",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting to be made small"),
                            ("working", "being made small"),
                            ("ready", "ready"),
                            ("failed", "could not be read"),
                        ],
                        default="waiting",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "error",
                    models.CharField(
                        blank=True, editable=False, max_length=300, verbose_name="why it could not be read"
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("lease_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("measured_at", models.DateTimeField(blank=True, null=True, verbose_name="measured at")),
                (
                    "algorithm",
                    models.PositiveSmallIntegerField(default=0, verbose_name="version of the algorithm"),
                ),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="analysis",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "analysis of a recording",
                "verbose_name_plural": "analyses of recordings",
                "ordering": ["asked_at"],
            },
        ),
        migrations.CreateModel(
            name="Rubric",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=8, verbose_name="code")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                ("titles", models.JSONField(verbose_name="title in each language")),
                ("published_at", models.DateTimeField(verbose_name="published at")),
            ],
            options={
                "verbose_name": "rubric",
                "verbose_name_plural": "rubrics",
                "ordering": ["code", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "version"), name="rubric_versions_are_numbered")
                ],
            },
        ),
        migrations.CreateModel(
            name="TimelineComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[("coach", "coach"), ("peer", "fellow trainee")],
                        default="coach",
                        max_length=5,
                        verbose_name="said as",
                    ),
                ),
                ("client_token", models.UUIDField(verbose_name="token of the sender")),
                ("wall_time", models.DateTimeField(verbose_name="moment it is about")),
                ("seconds", models.PositiveSmallIntegerField(default=0, verbose_name="how long it is about")),
                ("segment_key", models.UUIDField(blank=True, null=True, verbose_name="segment")),
                ("line_key", models.SlugField(blank=True, max_length=20, verbose_name="rubric line")),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="remark")),
                (
                    "voice",
                    models.FileField(
                        blank=True,
                        max_length=200,
                        storage=registry.private_files.private_storage,
                        upload_to=livestream.models.remark.voice_path,
                        verbose_name="voice note",
                    ),
                ),
                ("voice_sha256", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "voice_seconds",
                    models.PositiveSmallIntegerField(default=0, verbose_name="length of the voice note"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "not shown yet"),
                            ("shown", "shown to the host"),
                            ("withdrawn", "taken back"),
                        ],
                        default="draft",
                        max_length=9,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("shown_at", models.DateTimeField(blank=True, null=True, verbose_name="shown at")),
                (
                    "resolved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="settled by the host at"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="remarks",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "remark",
                "verbose_name_plural": "remarks",
                "ordering": ["wall_time", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("author", "client_token"), name="remark_is_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("text", ""), _negated=True),
                            models.Q(("voice_sha256", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="remark_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("voice_seconds__lte", 60)), name="voice_note_lasts_a_minute"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "shown"), _negated=True),
                            ("shown_at__isnull", False),
                            _connector="OR",
                        ),
                        name="shown_remark_has_its_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved_at__isnull", True), ("shown_at__isnull", False), _connector="OR"
                        ),
                        name="settled_remark_was_shown",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CommentAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("client_token", models.UUIDField(verbose_name="token of the sender")),
                ("text", models.CharField(max_length=500, verbose_name="answer")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="livestream.timelinecomment",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a remark",
                "verbose_name_plural": "answers to remarks",
                "ordering": ["made_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("author", "client_token"), name="answer_is_sent_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="answer_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Measurement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.SlugField(max_length=24, verbose_name="what")),
                ("algorithm", models.PositiveSmallIntegerField(verbose_name="version of the algorithm")),
                ("value", models.FloatField(null=True, verbose_name="value")),
                (
                    "band",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("good", "in the band"),
                            ("watch", "worth a look"),
                            ("far", "far from the band"),
                            ("", "no band"),
                        ],
                        max_length=5,
                        verbose_name="band",
                    ),
                ),
                ("detail", models.JSONField(default=dict, verbose_name="detail")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measurements",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "measurement",
                "verbose_name_plural": "measurements",
                "ordering": ["session", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "name"), name="value_is_measured_once_a_recording"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("went_well", models.CharField(max_length=300, verbose_name="what went well")),
                ("was_hard", models.CharField(max_length=300, verbose_name="what was hard")),
                (
                    "watch_for",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what the coach should look at"
                    ),
                ),
                ("wanted", models.PositiveSmallIntegerField(default=1, verbose_name="coaches needed")),
                (
                    "is_for_peers",
                    models.BooleanField(default=False, verbose_name="fellow trainees may comment"),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="fully reviewed at")),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_request",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "request for a review",
                "verbose_name_plural": "requests for reviews",
                "ordering": ["asked_at", "pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["asked_at"],
                        name="review_requests_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("wanted__in", [1, 2])), name="one_or_two_coaches_review"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "being reviewed"), ("given", "given"), ("released", "put back")],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("levels", models.JSONField(default=dict, verbose_name="level 0-4 of each rubric line")),
                ("red_lines", models.JSONField(default=list, verbose_name="red lines crossed")),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "mark",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=5, null=True, verbose_name="mark, 0-100"
                    ),
                ),
                ("has_red_line", models.BooleanField(default=False, verbose_name="red line crossed")),
                ("claimed_at", models.DateTimeField(verbose_name="taken at")),
                ("lease_until", models.DateTimeField(verbose_name="kept for her until")),
                ("given_at", models.DateTimeField(blank=True, null=True, verbose_name="given at")),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="livestream.review",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "marker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="livestream.livesession",
                    ),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="livestream.rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
                "ordering": ["-given_at", "-pk"],
                "indexes": [models.Index(fields=["marker", "state"], name="reviews_of_a_marker")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "draft")),
                        fields=("session", "marker"),
                        name="one_draft_of_a_coach",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", True), ("state", "given")),
                        fields=("session", "marker"),
                        name="coach_reviews_once_then_corrects",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mark__isnull", True), ("mark__range", (0, 100)), _connector="OR"
                        ),
                        name="review_mark_is_a_percentage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "given"), _negated=True),
                            models.Q(("given_at__isnull", False), ("mark__isnull", False)),
                            _connector="OR",
                        ),
                        name="given_review_has_a_mark",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("corrects__isnull", True),
                            models.Q(("corrects", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="review_corrects_another",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RubricLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(max_length=20, verbose_name="key")),
                ("position", models.PositiveSmallIntegerField()),
                ("weight", models.PositiveSmallIntegerField(verbose_name="weight")),
                ("titles", models.JSONField(verbose_name="title in each language")),
                ("descriptors", models.JSONField(verbose_name="levels 0 to 4 in each language")),
                (
                    "red_lines",
                    models.JSONField(blank=True, default=dict, verbose_name="red line in each language"),
                ),
                (
                    "rubric",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="livestream.rubric",
                    ),
                ),
            ],
            options={
                "verbose_name": "rubric line",
                "verbose_name_plural": "rubric lines",
                "ordering": ["rubric", "position"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rubric", "key"), name="rubric_line_is_once_in_a_version"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__gte", 1), ("weight__lte", 100)),
                        name="rubric_line_weighs_something",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="timelinecomment",
            index=models.Index(fields=["session", "wall_time"], name="remarks_on_the_timeline"),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunPython(publish, migrations.RunPython.noop),
    ]
