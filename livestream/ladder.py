"""The live ladder: how ffmpeg is asked for it, and the playlists viewers read. No database.

ffmpeg cuts segments of one second; the playlists are ours, because only we know the clock of a frame and keep
the count going when an ffmpeg is replaced by the next. A ladder is disposable: the raw parts are the record.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.dateparse import parse_datetime

from livestream.playlists import Segment, Variant, master_playlist, media_playlist, read_segments, stretch

RUNGS = {"240p": (240, 27, 260, 32), "360p": (360, 25, 520, 48)}
AUDIO = "audio"
AUDIO_KBIT = 40
FRAMES = 20
SEGMENT_SECONDS = 1
# Seconds of sound to a packet of the stream: with one frame to each, sound alone takes 1.7 times the bytes.
SOUND_GATHERED = "0.2"
# A minute to go back in; files a little longer, for who is in the middle of one.
WINDOW = 60
KEPT = 120


def ladder_command(
    source: list[str], folder: Path, run: int, *, has_audio: bool, skip: float = 0.0
) -> list[str]:
    """Return the arguments after `ffmpeg`: every rung from one source, `skip` seconds of it left out.

    The short side is scaled, a keyframe starts every segment, and each rung carries its own sound.
    """
    command = ["-fflags", "+genpts+nobuffer", "-probesize", "200000", "-analyzeduration", "1000000"]
    command += ["-fpsprobesize", "0", *source]
    leave_out = ["-ss", f"{skip:.3f}"] if skip > 0 else []
    for kind, (lines, quality, most, voice) in RUNGS.items():
        command += [*leave_out, "-map", "0:v:0", *_picture(lines, quality, most)]
        command += ["-map", "0:a:0", *_sound(voice)] if has_audio else []
        command += _segments(folder / kind, run)
    if has_audio:
        command += [*leave_out, "-map", "0:a:0", "-vn", *_sound(AUDIO_KBIT), *_segments(folder / AUDIO, run)]
    return command


def _picture(lines: int, quality: int, most: int) -> list[str]:
    scale = f"scale='if(gt(iw,ih),-2,min({lines},iw))':'if(gt(iw,ih),min({lines},ih),-2)'"
    shape = f"fps={FRAMES},{scale},scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1,format=yuv420p"
    coding = ["-c:v", "libx264", "-preset", "veryfast", "-tune", "zerolatency", "-profile:v", "main"]
    limits = ["-crf", str(quality), "-maxrate", f"{most}k", "-bufsize", f"{most}k"]
    keyframes = ["-g", str(FRAMES * SEGMENT_SECONDS), "-keyint_min", str(FRAMES * SEGMENT_SECONDS)]
    return ["-vf", shape, *coding, *limits, *keyframes, "-sc_threshold", "0"]


def _sound(kbit: int) -> list[str]:
    even = "aresample=async=1000:first_pts=0"
    return ["-af", even, "-ac", "1", "-ar", "32000", "-c:a", "aac", "-b:a", f"{kbit}k"]


def _segments(folder: Path, run: int) -> list[str]:
    cutting = [
        "-f",
        "hls",
        "-hls_time",
        str(SEGMENT_SECONDS),
        "-hls_list_size",
        "0",
        "-muxdelay",
        SOUND_GATHERED,
    ]
    flags = ["-hls_flags", "temp_file+independent_segments"]
    return [
        *cutting,
        *flags,
        "-hls_segment_filename",
        f"{folder}/r{run}-%05d.ts",
        str(own_playlist(folder, run)),
    ]


def own_playlist(folder: Path, run: int) -> Path:
    """Return the playlist an ffmpeg writes for itself; viewers never see it."""
    return folder / f".r{run}.m3u8"


def write_master(folder: Path, width: int, height: int) -> None:
    """Write the master of the pictures; sound alone has its own address."""
    variants = [
        Variant(f"{kind}/live.m3u8", (most + voice) * 1100, *scaled(width, height, lines))
        for kind, (lines, _quality, most, voice) in RUNGS.items()
    ]
    _replace(folder / "master.m3u8", master_playlist(variants))


def scaled(width: int, height: int, lines: int) -> tuple[int, int]:
    """Return the size of a rung: the short side is `lines` at most, both sides even."""
    short = min(width, height)
    if short <= 0:
        return 0, 0
    share = min(1.0, lines / short)
    return int(width * share) // 2 * 2, int(height * share) // 2 * 2


@dataclass
class Published:
    """A rung as viewers see it: what the finished runs left and what the present one has made so far."""

    folder: Path
    first: int = 0
    breaks: int = 0
    before: list[Segment] = field(default_factory=list)
    now: list[Segment] = field(default_factory=list)

    @property
    def wall_end(self) -> datetime | None:
        """The clock at the end of what can be seen."""
        last = (self.before + self.now)[-1:]
        if not last or last[0].wall_start is None:
            return None
        return last[0].wall_start + timedelta(seconds=last[0].seconds)

    def follow(self, run: int, wall_start: datetime) -> bool:
        """Read what the present run has made since; tell whether it was something, and write the playlist."""
        listed = read_segments(own_playlist(self.folder, run))
        if len(listed) == len(self.now):
            return False
        self.now = stretch(listed, wall_start=wall_start, is_after_break=bool(self.before or self.first))
        self.write()
        return True

    def close_run(self) -> None:
        """The present run is over; the next one begins after a break."""
        self.before, self.now = self.before + self.now, []

    def write(self, *, is_ended: bool = False) -> None:
        """Write the playlist of the last minute, and delete what nobody can ask for any more."""
        segments = self.before + self.now
        dropped = max(0, len(segments) - WINDOW)
        breaks = self.breaks + sum(each.is_after_break for each in segments[:dropped])
        shown = segments[dropped:]
        if shown and dropped:
            # A break before the first one shown was counted with those that went.
            breaks += shown[0].is_after_break
            shown = [replace(shown[0], is_after_break=False), *shown[1:]]
        text = media_playlist(shown, is_ended=is_ended, first=self.first + dropped, breaks_before=breaks)
        _replace(self.folder / "live.m3u8", text)
        self._forget()

    def _forget(self) -> None:
        old = max(0, len(self.before) + len(self.now) - KEPT)
        going = self.before[:old]
        for each in going:
            (self.folder / each.uri).unlink(missing_ok=True)
        self.first += len(going)
        self.breaks += sum(each.is_after_break for each in going)
        self.before = self.before[len(going) :]


def published(folder: Path) -> Published:
    """Return a rung as the last agent left it, to be gone on with."""
    folder.mkdir(parents=True, exist_ok=True)
    found = Published(folder)
    try:
        lines = (folder / "live.m3u8").read_text().splitlines()
    except OSError:
        return found
    seconds, clock, is_after_break = 0.0, None, False
    for line in lines:
        tag, _colon, value = line.partition(":")
        match tag:
            case "#EXT-X-MEDIA-SEQUENCE":
                found.first = int(value)
            case "#EXT-X-DISCONTINUITY-SEQUENCE":
                found.breaks = int(value)
            case "#EXT-X-DISCONTINUITY":
                is_after_break = True
            case "#EXT-X-PROGRAM-DATE-TIME":
                clock = parse_datetime(value)
            case "#EXTINF":
                seconds = float(value.rstrip(","))
        if line and not line.startswith("#"):
            found.before.append(Segment(line, seconds, clock, is_after_break=is_after_break))
            is_after_break = False
    return found


def _replace(path: Path, text: str) -> None:
    """Write a file all at once: a viewer may be reading it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text)
    beside.replace(path)
