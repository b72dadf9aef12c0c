"""What a watch page shows: the choices of picture and sound with what each costs."""

from dataclasses import dataclass, field

from livestream.models import Gap, LiveSession, MediaPart, RecordingBuild, Rendition

# What the live ladder costs, in MB a minute; measured with `make bench BENCH=live`.
LIVE_COSTS = {"240p": 2.4, "360p": 4.2, "audio": 0.35}
_ORDER = (Rendition.Kind.LOW, Rendition.Kind.MEDIUM, Rendition.Kind.AUDIO)


@dataclass(frozen=True)
class Choice:
    """One way of watching: where its playlist is below the base, what it costs."""

    kind: str
    playlist: str
    megabytes_per_minute: float


@dataclass(frozen=True)
class WatchPage:
    """A session as it can be watched now. `base` opens for a while; see `signing`."""

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
    def is_there(self) -> bool:
        """Whether there is something to play."""
        return bool(self.choices)


def watch_page_of(session: LiveSession, base: str) -> WatchPage:
    """Return how a session can be watched now, in at most four queries."""
    if session.is_on_air:
        choices = [
            Choice(kind, f"hls/{kind}/live.m3u8", LIVE_COSTS[kind]) for kind in ("240p", "360p", "audio")
        ]
        return WatchPage(session, base, True, choices)
    if session.erased_at or not RecordingBuild.objects.filter(session=session).exclude(folder="").exists():
        return WatchPage(session, base, False, [])
    made = {each.kind: each for each in Rendition.objects.filter(session=session)}
    choices = [
        Choice(kind.value, made[kind].path, made[kind].megabytes_per_minute)
        for kind in _ORDER
        if kind in made
    ]
    files = {kind: base + made[kind].path for kind in made}
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
