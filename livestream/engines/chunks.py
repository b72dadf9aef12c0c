"""The engine that is no server: pieces of the recording come over HTTPS with the sender's own session.

Its door is the site's sign-in, so a credential opens nothing here; its list of what is on air is our own.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from livestream import raw
from livestream.engines.base import (
    Action,
    Active,
    AuthRequest,
    Capabilities,
    Decision,
    Health,
    Latency,
    Provision,
    RawAsset,
    SeenEvent,
    Untrusted,
)
from livestream.engines.doors import authorise_by_credential
from livestream.models import Engine, IngestAttempt, LiveSession, MediaPart
from livestream.signing import media_base

# Pieces come every second; a sender silent for longer is away.
SILENCE = timedelta(seconds=10)


class ChunksEngine:
    """The embedded default."""

    name = Engine.CHUNKS.value

    def capabilities(self) -> Capabilities:
        """Tell what it can do."""
        return Capabilities(
            ingest=frozenset({"chunks"}),
            play=frozenset({"hls"}),
            raw_format="webm or mp4 in pieces",
            latency=Latency.SECONDS,
            can_kick=True,
            can_list=True,
            emits_end_event=False,
        )

    def provision(self, session: LiveSession, secret: str, expires_at: datetime) -> Provision:
        """Tell the addresses; the pieces are let in by who is signed in."""
        address = reverse("livestream:chunk", args=[session.uid, 0, 0])
        base = media_base(session.uid, timezone.now())
        play = {"hls": f"{base}hls/master.m3u8"}
        return Provision(address.removesuffix("parts/0/chunks/0/"), secret, play, expires_at)

    def authorise(self, request: AuthRequest) -> Decision:
        """Decide by the credential, for senders that cannot sign in."""
        if request.action not in Action:
            return Decision(False, "unknown")
        return authorise_by_credential(request)

    def parse_webhook(self, request: HttpRequest) -> list[SeenEvent]:
        """Believe nobody: nothing outside can know what happened here."""
        raise Untrusted

    def list_active(self) -> list[Active]:
        """Return the connections of which a piece came lately."""
        heard = timezone.now() - SILENCE
        sending = IngestAttempt.objects.filter(engine=self.name, ended_at__isnull=True).select_related(
            "session"
        )
        return [
            Active(
                each.external_id,
                each.session.uid.hex,
                is_receiving=(each.session.last_media_at or each.started_at) >= heard,
            )
            for each in sending
        ]

    def disconnect(self, external_id: str, reason: str) -> bool:
        """Tell whether there is such a connection; its next piece is refused by the session's state."""
        return IngestAttempt.objects.filter(
            engine=self.name, external_id=external_id, ended_at__isnull=True
        ).exists()

    def raw_assets(self, session: LiveSession) -> list[RawAsset]:
        """Name the pieces that are there, in order."""
        parts = MediaPart.objects.filter(session=session, path="").prefetch_related("chunks")
        return [
            RawAsset(part.number, self._files(session, part), part.wall_start)
            for part in parts.order_by("number")
        ]

    def finalise(self, session: LiveSession) -> list[RawAsset]:
        """Return the pieces: nothing has to be closed."""
        return self.raw_assets(session)

    def health(self) -> Health:
        """Tell whether there is room for another recording."""
        try:
            raw.check_free_space()
        except raw.DiskNearlyFull:
            return Health(False, "less than a tenth of the disk is free")
        return Health(True)

    @staticmethod
    def _files(session: LiveSession, part: MediaPart) -> tuple[Path, ...]:
        sequence = sorted(chunk.seq for chunk in part.chunks.all())
        return tuple(raw.chunk_path(session.uid, part.number, seq) for seq in sequence)
