import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("livestream", "0001_run_of_show"),
        ("registry", "0010_privacy_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LiveSession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("rehearsal", "rehearsal"), ("class", "live class")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "attempt",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Which rehearsal of this run-of-show it is.",
                        null=True,
                        verbose_name="attempt",
                    ),
                ),
                ("client_token", models.UUIDField(default=uuid.uuid4, verbose_name="token of the sender")),
                (
                    "engine",
                    models.CharField(
                        choices=[
                            ("chunks", "pieces over HTTPS"),
                            ("nginx-rtmp", "RTMP"),
                            ("janus", "WebRTC"),
                        ],
                        default="chunks",
                        max_length=12,
                        verbose_name="engine",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("scheduled", "planned"),
                            ("ready", "ready to begin"),
                            ("live", "on air"),
                            ("interrupted", "interrupted"),
                            ("ended", "ended, parts still arriving"),
                            ("processing", "being made ready to watch"),
                            ("published", "ready to watch"),
                            ("partial", "ready to watch, a part is missing"),
                            ("failed", "nothing to watch"),
                        ],
                        default="ready",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("grace_seconds", models.PositiveIntegerField(default=300, verbose_name="grace in seconds")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("scheduled_at", models.DateTimeField(blank=True, null=True, verbose_name="planned for")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="began at")),
                (
                    "last_media_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last heard of at"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("host", "by the host"),
                            ("grace", "stayed away too long"),
                            ("staff", "by the office"),
                            ("quota", "as long as it may be"),
                            ("never_begun", "never begun"),
                            ("forgotten", "its data were deleted"),
                        ],
                        max_length=12,
                        verbose_name="how it ended",
                    ),
                ),
                (
                    "is_declared",
                    models.BooleanField(
                        default=False,
                        help_text="The sender has said how many pieces there are.",
                        verbose_name="whole",
                    ),
                ),
                ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="bytes received")),
                (
                    "raw_erased_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="raw recording removed at"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="recording removed at"),
                ),
                ("hold_reason", models.CharField(blank=True, max_length=300, verbose_name="kept because")),
                ("held_since", models.DateTimeField(blank=True, null=True, verbose_name="kept since")),
                (
                    "held_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="live_sessions",
                        to="registry.person",
                        verbose_name="host",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.regionversion",
                        verbose_name="place",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sessions",
                        to="livestream.runofshow",
                    ),
                ),
                (
                    "run_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="sessions",
                        to="livestream.runversion",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="live_sessions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="login",
                    ),
                ),
            ],
            options={
                "verbose_name": "live session",
                "verbose_name_plural": "live sessions",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("person", "client_token"), name="session_is_begun_once"),
                    models.UniqueConstraint(
                        fields=("run", "attempt"), name="rehearsals_of_a_run_are_numbered"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "rehearsal"), _negated=True),
                            models.Q(
                                ("attempt__gte", 1), ("attempt__isnull", False), ("person__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="rehearsal_has_host_and_attempt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["live", "interrupted"]), _negated=True),
                            ("started_at__isnull", False),
                            _connector="OR",
                        ),
                        name="session_on_air_has_begun",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("end_reason", ""),
                                ("ended_at__isnull", True),
                                ("state__in", ["scheduled", "ready", "live", "interrupted"]),
                            ),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["ended", "processing", "published", "partial", "failed"]),
                                models.Q(("end_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="session_over_has_its_end",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("started_at__isnull", True),
                            ("ended_at__isnull", True),
                            ("ended_at__gte", models.F("started_at")),
                            _connector="OR",
                        ),
                        name="session_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_since__isnull", True), ("hold_reason", "")),
                            models.Q(
                                models.Q(("hold_reason", ""), _negated=True), ("held_since__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="session_is_held_with_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IngestAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "engine",
                    models.CharField(
                        choices=[
                            ("chunks", "pieces over HTTPS"),
                            ("nginx-rtmp", "RTMP"),
                            ("janus", "WebRTC"),
                        ],
                        max_length=12,
                        verbose_name="engine",
                    ),
                ),
                ("external_id", models.CharField(max_length=120, verbose_name="name at the engine")),
                (
                    "client",
                    models.CharField(blank=True, max_length=200, verbose_name="program of the sender"),
                ),
                ("started_at", models.DateTimeField(verbose_name="began at")),
                ("last_media_at", models.DateTimeField(verbose_name="last media at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("finished", "finished"),
                            ("lost", "connection lost"),
                            ("replaced", "the sender came back on another connection"),
                            ("kicked", "cut off"),
                            ("engine", "the engine stopped"),
                        ],
                        max_length=10,
                        verbose_name="how it ended",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ingest_attempts",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "connection of a sender",
                "verbose_name_plural": "connections of senders",
                "ordering": ["started_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Gap",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("wall_from", models.DateTimeField(verbose_name="from")),
                ("wall_to", models.DateTimeField(verbose_name="to")),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("between_parts", "the sender was away"),
                            ("missing_chunks", "pieces never arrived"),
                            ("damaged_part", "a part cannot be read"),
                            ("engine", "the engine stopped"),
                        ],
                        max_length=16,
                        verbose_name="cause",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="gaps",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "gap",
                "verbose_name_plural": "gaps",
                "ordering": ["wall_from"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "wall_from", "cause"), name="gap_is_noted_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("wall_to__gt", models.F("wall_from"))),
                        name="gap_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MediaEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "engine",
                    models.CharField(
                        choices=[
                            ("chunks", "pieces over HTTPS"),
                            ("nginx-rtmp", "RTMP"),
                            ("janus", "WebRTC"),
                        ],
                        max_length=12,
                        verbose_name="engine",
                    ),
                ),
                ("external_id", models.CharField(max_length=120, verbose_name="name at the engine")),
                ("type", models.CharField(max_length=40, verbose_name="event")),
                ("occurred_at", models.DateTimeField(verbose_name="occurred at")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                ("detail", models.JSONField(default=dict, verbose_name="detail")),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="media_events",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "media event",
                "verbose_name_plural": "media events",
                "ordering": ["occurred_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engine", "external_id", "type", "occurred_at"),
                        name="media_event_is_noted_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MediaPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="part")),
                (
                    "state",
                    models.CharField(
                        choices=[("receiving", "arriving"), ("complete", "complete"), ("damaged", "damaged")],
                        default="receiving",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("mime", models.CharField(blank=True, max_length=80, verbose_name="type")),
                (
                    "path",
                    models.CharField(
                        blank=True,
                        help_text="In the private storage; empty for chunks.",
                        max_length=200,
                        verbose_name="file",
                    ),
                ),
                (
                    "chunk_count",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="As the sender declared; unknown before.",
                        null=True,
                        verbose_name="chunks",
                    ),
                ),
                ("wall_start", models.DateTimeField(verbose_name="first frame at")),
                (
                    "media_start",
                    models.FloatField(blank=True, null=True, verbose_name="second of the recording"),
                ),
                ("seconds", models.FloatField(blank=True, null=True, verbose_name="length in seconds")),
                ("bytes", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                ("sha256", models.CharField(blank=True, editable=False, max_length=64)),
                ("error", models.CharField(blank=True, max_length=300, verbose_name="what is wrong with it")),
                (
                    "attempt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="parts",
                        to="livestream.ingestattempt",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a recording",
                "verbose_name_plural": "parts of a recording",
                "ordering": ["session", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "number"), name="part_is_in_a_session_once"),
                    models.CheckConstraint(
                        condition=models.Q(("seconds__isnull", True), ("seconds__gte", 0), _connector="OR"),
                        name="part_is_not_of_negative_length",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "complete"), _negated=True),
                            models.Q(("sha256", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="complete_part_has_its_hash",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MediaChunk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.PositiveIntegerField(verbose_name="place in the part")),
                ("sha256", models.CharField(editable=False, max_length=64)),
                ("bytes", models.PositiveIntegerField(verbose_name="bytes")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="chunks",
                        to="livestream.mediapart",
                    ),
                ),
            ],
            options={
                "verbose_name": "piece of a part",
                "verbose_name_plural": "pieces of a part",
                "ordering": ["part", "seq"],
                "constraints": [
                    models.UniqueConstraint(fields=("part", "seq"), name="chunk_is_in_a_part_once"),
                    models.CheckConstraint(condition=models.Q(("bytes__gt", 0)), name="chunk_is_not_empty"),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecordingBuild",
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
                ("number", models.PositiveIntegerField(default=0, verbose_name="build")),
                ("folder", models.CharField(blank=True, max_length=200, verbose_name="folder")),
                ("asked_at", models.DateTimeField(verbose_name="asked for at")),
                ("built_at", models.DateTimeField(blank=True, null=True, verbose_name="built at")),
                ("seconds", models.FloatField(default=0, verbose_name="length in seconds")),
                (
                    "session",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="build",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "making of a recording",
                "verbose_name_plural": "making of recordings",
                "ordering": ["asked_at"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "ready"), _negated=True),
                            models.Q(("built_at__isnull", False), models.Q(("folder", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="finished_build_has_its_files",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Rendition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("240p", "small picture"),
                            ("360p", "larger picture"),
                            ("audio", "sound only"),
                            ("mp4", "one file, small picture"),
                            ("m4a", "one file, sound only"),
                            ("poster", "still picture"),
                            ("waveform", "drawn sound"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                (
                    "path",
                    models.CharField(
                        help_text="Below the session's folder; of HLS the playlist.",
                        max_length=200,
                        verbose_name="file",
                    ),
                ),
                ("bytes", models.PositiveBigIntegerField(verbose_name="bytes")),
                ("seconds", models.FloatField(default=0, verbose_name="length in seconds")),
                ("width", models.PositiveSmallIntegerField(default=0)),
                ("height", models.PositiveSmallIntegerField(default=0)),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="renditions",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "rendition",
                "verbose_name_plural": "renditions",
                "ordering": ["session", "kind"],
                "constraints": [
                    models.UniqueConstraint(fields=("session", "kind"), name="rendition_is_of_a_kind_once"),
                    models.CheckConstraint(
                        condition=models.Q(("bytes__gt", 0)), name="rendition_is_not_empty"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StreamCredential",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[("publish", "to send"), ("play", "to watch")],
                        max_length=8,
                        verbose_name="purpose",
                    ),
                ),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("expires_at", models.DateTimeField(verbose_name="expires at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="credentials",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "stream credential",
                "verbose_name_plural": "stream credentials",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="credential_expires_after_it_began",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="ingestattempt",
            name="credential",
            field=models.ForeignKey(
                blank=True,
                help_text="Only who holds the same one may take over from a connection that hangs.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="ingest_attempts",
                to="livestream.streamcredential",
            ),
        ),
        migrations.CreateModel(
            name="TranscodeRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(help_text="Names its segments.", verbose_name="run")),
                ("pid", models.PositiveIntegerField()),
                (
                    "process_start",
                    models.CharField(
                        help_text="As the kernel tells it: a number of a process is used again.",
                        max_length=40,
                    ),
                ),
                ("command_hash", models.CharField(max_length=64)),
                (
                    "skipped_seconds",
                    models.FloatField(
                        default=0,
                        help_text="What an earlier run of the part had shown already.",
                        verbose_name="skipped",
                    ),
                ),
                ("restarts", models.PositiveSmallIntegerField(default=0, verbose_name="restarts")),
                ("started_at", models.DateTimeField(verbose_name="began at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("exit_code", models.IntegerField(blank=True, null=True, verbose_name="exit code")),
                (
                    "part",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="transcode_runs",
                        to="livestream.mediapart",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transcode_runs",
                        to="livestream.livesession",
                    ),
                ),
            ],
            options={
                "verbose_name": "run of the transcoder",
                "verbose_name_plural": "runs of the transcoder",
                "ordering": ["session", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("session", "number"), name="transcoder_runs_are_numbered"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("session",),
                        name="session_has_one_transcoder",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(
                condition=models.Q(("state__in", ["published", "partial", "failed"]), _negated=True),
                fields=["state", "last_media_at"],
                name="sessions_under_way",
            ),
        ),
        migrations.AddIndex(
            model_name="livesession",
            index=models.Index(fields=["kind", "scheduled_at"], name="sessions_by_plan"),
        ),
        migrations.AddConstraint(
            model_name="ingestattempt",
            constraint=models.UniqueConstraint(
                fields=("engine", "external_id"), name="connection_is_noted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestattempt",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("session",),
                name="session_has_one_sender",
            ),
        ),
        migrations.AddConstraint(
            model_name="ingestattempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at__isnull", True)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="connection_ends_as_a_whole",
            ),
        ),
    ]
