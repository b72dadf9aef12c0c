"""The finished recording, made by ffmpeg from the raw parts, within limits. No database.

Each part becomes a stretch of its own in every rung, so that a gap, another phone's picture or a turned tape
is a break in the playlist and the clock stays true; and one plain file joins them for browsers without HLS.
The short side is scaled: villagers hold their phones upright.
"""

import json
import shutil
import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import av

from courses.transcoding import TranscodingFailed, run_ffmpeg
from livestream.playlists import Segment, Variant, master_playlist, media_playlist, read_segments, stretch
from livestream.timeline import place_parts

SEGMENT_SECONDS = 4
FRAMES = 24
LENGTH_MAY_DIFFER = 1.0
PEAKS_PER_SECOND = 10
_PEAK_RATE = 4000
# At most 2.5 MB a minute for the small picture and 0.4 MB for sound alone.
RUNGS = {"240p": (240, 30, 235, 32), "360p": (360, 27, 480, 48)}
AUDIO_KBIT = 40
_MOST_COPIED_KBIT = 900
_LONGEST_BETWEEN_KEYFRAMES = 6.0
_AUDIO_ONLY = ["-vn", "-ac", "1", "-ar", "32000", "-c:a", "aac", "-b:a", f"{AUDIO_KBIT}k"]
Beat = Callable[[], None]


@dataclass(frozen=True)
class RawPart:
    """A part's file on disk, joined from its pieces, and when its first frame was."""

    number: int
    path: Path
    wall_start: datetime


@dataclass(frozen=True)
class Probed:
    """What is in a part, found by reading its packets without decoding them."""

    has_video: bool
    has_audio: bool
    codec: str
    width: int
    height: int
    kbit: float
    longest_between_keyframes: float
    seconds: float


@dataclass
class RenderedPart:
    """A part as it is in the recording: where its first frame belongs, and how long it is."""

    number: int
    wall_start: datetime
    media_start: float
    seconds: float
    trimmed: float
    files: dict[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Rendered:
    """Everything that was made: files by kind, below `folder`."""

    parts: list[RenderedPart]
    broken: dict[int, str]
    seconds: float
    files: dict[str, tuple[Path, int, int]]


class NothingToShow(TranscodingFailed):
    """No part can be read."""


def probe_part(path: Path) -> Probed:
    """Look into a part; raises TranscodingFailed when nothing can be read, as without its first piece."""
    try:
        with av.open(str(path)) as container:
            video = container.streams.video[0] if container.streams.video else None
            has_audio = bool(container.streams.audio)
            if video is None and not has_audio:
                raise TranscodingFailed("nothing in it")
            keyframes: list[float] = []
            last, size = 0.0, 0
            for packet in container.demux(*([video] if video else container.streams.audio[:1])):
                if packet.pts is None or packet.time_base is None:
                    continue
                last = max(last, float(packet.pts * packet.time_base))
                size += packet.size
                if packet.is_keyframe:
                    keyframes.append(float(packet.pts * packet.time_base))
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise TranscodingFailed("cannot be read") from error
    if last <= 0:
        raise TranscodingFailed("nothing in it")
    between = max((b - a for a, b in pairwise([*keyframes, last])), default=last)
    width, height = (video.width, video.height) if video else (0, 0)
    codec = video.codec_context.name if video else ""
    kbit = size * 8 / 1000 / last
    return Probed(video is not None, has_audio, codec, width, height, kbit, between, last)


def render(raw_parts: list[RawPart], folder: Path, beat: Beat) -> Rendered:
    """Make everything of the parts in `folder`; `beat` is called now and then while it works.

    A part that cannot be read is left out and named in `broken`. Raises NothingToShow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    done: list[RenderedPart] = []
    broken: dict[int, str] = {}
    for raw_part in raw_parts:
        beat()
        try:
            done.append(_render_part(raw_part, done, folder, beat))
        except TranscodingFailed as error:
            broken[raw_part.number] = str(error)
    if not done:
        raise NothingToShow("no part can be read")
    files = _assemble(done, folder, beat)
    return Rendered(done, broken, done[-1].media_start + done[-1].seconds, files)


def _render_part(part: RawPart, before: list[RenderedPart], folder: Path, beat: Beat) -> RenderedPart:
    found = probe_part(part.path)
    work = folder / f"part{part.number}"
    work.mkdir()
    trimmed = _overlap(part, before)
    files = {kind: work / f"{kind}.mp4" for kind in (*RUNGS, "audio")}
    run_ffmpeg(_encoding(part.path, files, found, trimmed), while_running=beat)
    shown = _seconds(files["240p"])
    starts = place_parts(
        [*((each.wall_start, each.seconds) for each in before), (part.wall_start, shown + trimmed)]
    )
    return RenderedPart(part.number, part.wall_start, starts[-1], shown + trimmed, trimmed, files)


def _overlap(part: RawPart, before: list[RenderedPart]) -> float:
    """Return how much of the part the one before has shown already."""
    if not before:
        return 0.0
    last = before[-1]
    again = (last.wall_start - part.wall_start).total_seconds() + last.seconds
    starts = place_parts([(last.wall_start, last.seconds), (part.wall_start, again + 1)])
    return max(0.0, last.seconds - starts[-1]) if again > 0 else 0.0


def _encoding(source: Path, files: dict[str, Path], found: Probed, trimmed: float) -> list[str]:
    """Return one command that decodes the part once and writes every rung of it.

    Sound is stretched over lost pieces and missing sound made silence; so is a missing picture made black.
    """
    command = ["-fflags", "+genpts+discardcorrupt", "-i", str(source)]
    # Without a length these go on for ever: in the file of sound alone nothing shorter ends them.
    made_up = ["-f", "lavfi", "-t", f"{found.seconds:.3f}", "-i"]
    if not found.has_audio:
        command += [*made_up, "anullsrc=r=32000:cl=mono"]
    if not found.has_video:
        command += [*made_up, f"color=black:s=426x240:r={FRAMES}"]
    sound = "0:a:0" if found.has_audio else "1:a:0"
    picture = "0:v:0" if found.has_video else "1:v:0"
    skip = ["-ss", f"{trimmed:.3f}"] if trimmed else []
    shortest = [] if found.has_audio and found.has_video else ["-shortest"]
    for kind, (lines, quality, most, voice) in RUNGS.items():
        command += [*skip, "-map", picture, "-map", sound, *shortest]
        is_copied = kind == "360p" and not trimmed and _is_copyable(found)
        command += ["-c:v", "copy"] if is_copied else _picture(lines, quality, most)
        command += [*_even_sound(found), "-ac", "1", "-ar", "32000", "-c:a", "aac", "-b:a", f"{voice}k"]
        command += ["-map_metadata", "-1", "-f", "mp4", str(files[kind])]
    command += [*skip, "-map", sound, *shortest, *_even_sound(found), *_AUDIO_ONLY]
    return [*command, "-map_metadata", "-1", "-f", "mp4", str(files["audio"])]


def _is_copyable(found: Probed) -> bool:
    """Tell whether the picture can stay as it came: made for this size, not larger than ours would be."""
    return (
        found.codec == "h264"
        and min(found.width, found.height) <= 360
        and found.kbit <= _MOST_COPIED_KBIT
        and found.longest_between_keyframes <= _LONGEST_BETWEEN_KEYFRAMES
    )


def _even_sound(found: Probed) -> list[str]:
    return ["-af", "aresample=async=1000:first_pts=0"] if found.has_audio else []


def _picture(lines: int, quality: int, most: int) -> list[str]:
    scale = f"scale='if(gt(iw,ih),-2,min({lines},iw))':'if(gt(iw,ih),min({lines},ih),-2)'"
    even = f"fps={FRAMES}:start_time=0,{scale},scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1,format=yuv420p"
    limits = ["-crf", str(quality), "-maxrate", f"{most}k", "-bufsize", f"{2 * most}k"]
    keyframes = ["-g", str(2 * FRAMES), "-keyint_min", str(2 * FRAMES), "-sc_threshold", "0"]
    return ["-vf", even, "-c:v", "libx264", "-preset", "fast", "-profile:v", "main", *limits, *keyframes]


def _seconds(path: Path) -> float:
    try:
        with av.open(str(path)) as container:
            seconds = float((container.duration or 0) / av.time_base)
    except (av.FFmpegError, ValueError) as error:
        raise TranscodingFailed("came out empty") from error
    if seconds <= 0.1:
        raise TranscodingFailed("came out empty")
    return seconds


def _assemble(parts: list[RenderedPart], folder: Path, beat: Beat) -> dict[str, tuple[Path, int, int]]:
    files: dict[str, tuple[Path, int, int]] = {}
    variants = []
    for kind in (*RUNGS, "audio"):
        beat()
        playlist = _cut(parts, kind, folder)
        width, height = _size(parts[0].files[kind])
        files[kind] = (playlist, width, height)
        if kind != "audio":
            variants.append(Variant(f"{kind}/index.m3u8", _bandwidth(playlist), width, height))
    (folder / "master.m3u8").write_text(master_playlist(variants))
    plain = folder / "240p.mp4"
    _join([part.files["240p"] for part in parts], plain)
    files["mp4"] = (plain, *_size(plain))
    sound = folder / "sound.m4a"
    _join([part.files["audio"] for part in parts], sound)
    files["m4a"] = (sound, 0, 0)
    files["poster"] = (_poster(parts[0].files["360p"], folder), *_size(parts[0].files["360p"]))
    files["waveform"] = (_waveform(parts, folder), 0, 0)
    for part in parts:
        shutil.rmtree(part.files["240p"].parent)
    return files


def _cut(parts: list[RenderedPart], kind: str, folder: Path) -> Path:
    """Cut a rung of every part into segments, and write the playlist that strings them together."""
    rung = folder / kind
    rung.mkdir()
    segments: list[Segment] = []
    for part in parts:
        name = f"p{part.number}"
        made = rung / f"{name}.ffmpeg.m3u8"
        cutting = ["-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"]
        form = ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename", f"{name}-init.mp4"]
        target = ["-hls_segment_filename", str(rung / f"{name}-%05d.m4s"), str(made)]
        run_ffmpeg(["-i", str(part.files[kind]), "-c", "copy", *cutting, *form, *target])
        begins = part.wall_start + timedelta(seconds=part.trimmed)
        segments += stretch(
            read_segments(made), wall_start=begins, init=f"{name}-init.mp4", is_after_break=bool(segments)
        )
        made.unlink()
    _check_length(segments, parts)
    playlist = rung / "index.m3u8"
    playlist.write_text(media_playlist(segments, is_ended=True))
    return playlist


def _check_length(segments: list[Segment], parts: list[RenderedPart]) -> None:
    """Raise TranscodingFailed unless all of the parts is there: the raw recording may be removed one day."""
    cut, shown = sum(each.seconds for each in segments), sum(part.seconds - part.trimmed for part in parts)
    if abs(cut - shown) > LENGTH_MAY_DIFFER:
        raise TranscodingFailed(f"came out {cut:.1f} s long instead of {shown:.1f} s")


def _bandwidth(playlist: Path) -> int:
    """Return the peak bits a second over the segments, as a master has to say."""
    rates = [
        (playlist.parent / uri).stat().st_size * 8 / max(seconds, 0.5)
        for uri, seconds in read_segments(playlist)
    ]
    return int(max(rates, default=1))


def _join(files: list[Path], target: Path) -> None:
    """Join files of one rung; where the picture changes its size, it is fitted into the first one's."""
    if len(files) == 1:
        run_ffmpeg(["-i", str(files[0]), "-c", "copy", "-movflags", "+faststart", str(target)])
        return
    if len({_size(each) for each in files}) > 1:
        _join_different(files, target)
        return
    listed = target.with_suffix(".txt")
    listed.write_text("".join(f"file '{each}'\n" for each in files))
    joining = ["-f", "concat", "-safe", "0", "-i", str(listed)]
    run_ffmpeg([*joining, "-c", "copy", "-movflags", "+faststart", str(target)])
    listed.unlink()


def _join_different(files: list[Path], target: Path) -> None:
    width, height = _size(files[0])
    fit = f"scale={width}:{height}:force_original_aspect_ratio=decrease,pad={width}:{height}:-1:-1,setsar=1"
    inputs = [word for each in files for word in ("-i", str(each))]
    fitted = "".join(f"[{n}:v]{fit}[v{n}];" for n in range(len(files)))
    pairs = "".join(f"[v{n}][{n}:a]" for n in range(len(files)))
    graph = f"{fitted}{pairs}concat=n={len(files)}:v=1:a=1[v][a]"
    _lines, quality, most, voice = RUNGS["240p"]
    coding = ["-c:v", "libx264", "-preset", "fast", "-crf", str(quality), "-maxrate", f"{most}k"]
    coding += ["-bufsize", f"{2 * most}k", "-c:a", "aac", "-b:a", f"{voice}k", "-movflags", "+faststart"]
    run_ffmpeg([*inputs, "-filter_complex", graph, "-map", "[v]", "-map", "[a]", *coding, str(target)])


def _size(path: Path) -> tuple[int, int]:
    with av.open(str(path)) as container:
        streams = container.streams.video
        return (streams[0].width, streams[0].height) if streams else (0, 0)


def _poster(source: Path, folder: Path) -> Path:
    target = folder / "poster.jpg"
    taking = ["-vf", "thumbnail=72", "-frames:v", "1", "-q:v", "5", "-map_metadata", "-1", str(target)]
    run_ffmpeg(["-t", "30", "-i", str(source), *taking])
    return target


def _waveform(parts: list[RenderedPart], folder: Path) -> Path:
    """Write the loudest sample of every tenth of a second of the recording, from 0 to 100."""
    peaks: list[int] = []
    for part in parts:
        raw = folder / "peaks.raw"
        form = ["-ac", "1", "-ar", str(_PEAK_RATE), "-f", "s16le", str(raw)]
        run_ffmpeg(["-i", str(part.files["audio"]), *form])
        peaks += _peaks(raw)
        raw.unlink()
    target = folder / "waveform.json"
    target.write_text(json.dumps({"per_second": PEAKS_PER_SECOND, "peaks": peaks}, separators=(",", ":")))
    return target


def _peaks(raw: Path) -> list[int]:
    block = _PEAK_RATE // PEAKS_PER_SECOND * 2
    peaks = []
    with raw.open("rb") as file:
        while piece := file.read(block):
            samples = struct.unpack(f"<{len(piece) // 2}h", piece[: len(piece) // 2 * 2])
            peaks.append(round(max((abs(each) for each in samples), default=0) * 100 / 32768))
    return peaks
