"""What a watch page shows: the choices of picture and sound with what each costs."""

import json
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from livestream import raw
from livestream.models import Engine, Gap, LiveSession, MediaPart, RecordingBuild, Rendition
from livestream.signing import LIFE

MOST_BARS = 300
# What the live ladder costs, in MB a minute; measured with `make bench BENCH=live`.
LIVE_COSTS = {"direct": 7.0, "240p": 2.4, "360p": 4.2, "audio": 0.35}
STAY_SECONDS = 10
_ORDER = (Rendition.Kind.LOW, Rendition.Kind.MEDIUM, Rendition.Kind.AUDIO)


@dataclass(frozen=True)
class Choice:
    """One way of watching: where its playlist is below the base, what it costs."""

    kind: str
    playlist: str
    megabytes_per_minute: float


@dataclass(frozen=True)
class Bar:
    """The loudest moment of a stretch, drawn from the middle up and down; of 100."""

    top: int
    height: int


@dataclass(frozen=True)
class WatchPage:
    """A session as it can be watched now. `base` opens for a while; all files are named below it."""

    session: LiveSession
    base: str
    is_live: bool
    choices: list[Choice]
    file: str = ""
    sound: str = ""
    poster: str = ""
    waveform: str = ""
    seconds: float = 0
    gaps: list[Gap] = field(default_factory=list)
    parts: list[MediaPart] = field(default_factory=list)

    @property
    def is_direct(self) -> bool:
        """Whether it can be watched by WebRTC, less than a second late."""
        return self.is_live and any(choice.kind == "direct" for choice in self.choices)

    @property
    def stay_seconds(self) -> int:
        """How often such a viewer says that she is there."""
        return STAY_SECONDS

    @property
    def title(self) -> str:
        """What it is called: the title of the run-of-show it went by."""
        version = self.session.run_version
        if version:
            return version.title
        is_class = self.session.kind == LiveSession.Kind.CLASS
        return _("Live class") if is_class else _("Rehearsal")

    @property
    def address_seconds(self) -> int:
        """How long the base opens."""
        return int(LIFE.total_seconds())

    @property
    def bars(self) -> list[Bar]:
        """The sound as bars for drawing, at most MOST_BARS of them."""
        return _bars(self.session, self.waveform) if self.waveform else []

    @property
    def is_there(self) -> bool:
        """Whether there is something to play."""
        return bool(self.choices)


def note_watcher(session: LiveSession) -> None:
    """Remember for a while that somebody watches live by HLS; what nobody watches so is only recorded."""
    if session.is_on_air:
        cache.set(_watched_key(session), 1, int(LIFE.total_seconds()))


def watched_sessions(engine: str) -> list[LiveSession]:
    """Return the sessions on air that somebody watches; a class always counts as watched."""
    on_air = list(
        LiveSession.objects.filter(
            engine=engine, state__in=[LiveSession.State.LIVE, LiveSession.State.INTERRUPTED]
        ).order_by("started_at")
    )
    watched = cache.get_many([_watched_key(session) for session in on_air])
    return [
        session
        for session in on_air
        if session.kind == LiveSession.Kind.CLASS or _watched_key(session) in watched
    ]


def is_watched_directly(session: LiveSession) -> bool:
    """Tell whether WebRTC is offered: of a rehearsal that comes in by it. A class has too many viewers."""
    is_by_webrtc = session.engine == Engine.JANUS and Engine.JANUS in settings.LIVE_ENGINES
    return is_by_webrtc and session.kind == LiveSession.Kind.REHEARSAL and session.is_on_air


def _watched_key(session: LiveSession) -> str:
    return f"live-watched-{session.pk}"


def watch_page_of(session: LiveSession, base: str) -> WatchPage:
    """Return how a session can be watched now, in at most four queries."""
    if session.is_on_air:
        direct = [Choice("direct", "", LIVE_COSTS["direct"])] if is_watched_directly(session) else []
        choices = [
            Choice(kind, f"hls/{kind}/live.m3u8", LIVE_COSTS[kind]) for kind in ("240p", "360p", "audio")
        ]
        return WatchPage(session, base, True, direct + choices)
    if session.erased_at or not RecordingBuild.objects.filter(session=session).exclude(folder="").exists():
        return WatchPage(session, base, False, [])
    made = {each.kind: each for each in Rendition.objects.filter(session=session)}
    choices = [
        Choice(kind.value, made[kind].path, made[kind].megabytes_per_minute)
        for kind in _ORDER
        if kind in made
    ]
    files = {kind: made[kind].path for kind in made}
    return WatchPage(
        session,
        base,
        False,
        choices,
        file=files.get(Rendition.Kind.FILE, ""),
        sound=files.get(Rendition.Kind.SOUND_FILE, ""),
        poster=files.get(Rendition.Kind.POSTER, ""),
        waveform=files.get(Rendition.Kind.WAVEFORM, ""),
        seconds=made[Rendition.Kind.LOW].seconds if Rendition.Kind.LOW in made else 0,
        gaps=list(Gap.objects.filter(session=session)),
        parts=list(MediaPart.objects.filter(session=session)),
    )


def _bars(session: LiveSession, waveform: str) -> list[Bar]:
    """Return the drawn sound; none when its file is gone."""
    try:
        peaks = json.loads((raw.session_folder(session.uid) / waveform).read_text())["peaks"]
    except (OSError, ValueError, KeyError):
        return []
    each = max(1, -(-len(peaks) // MOST_BARS))
    loudest = [max(peaks[start : start + each]) for start in range(0, len(peaks), each)]
    return [Bar(50 - max(1, peak // 2), max(2, peak)) for peak in loudest]
