"""Small renditions of a video by ffmpeg, within limits of time and length, in a process group of its own."""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av

TIME_LIMIT = 30 * 60
MAX_SECONDS = 60 * 60


class TranscodingFailed(Exception):
    """ffmpeg could not make something of the file; the text says why, in English, for the row."""


@dataclass(frozen=True)
class Renditions:
    """What was made of a video, and what the player has to know beforehand."""

    low: Path
    medium: Path
    audio: Path | None
    poster: Path
    seconds: int
    width: int
    height: int


@dataclass(frozen=True)
class Probe:
    """What is in a video file."""

    seconds: int
    width: int
    height: int
    has_audio: bool


def probe(path: Path) -> Probe:
    """Look into a video file; raises TranscodingFailed when there is no video in it or it is too long."""
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise TranscodingFailed("no picture in the file")
            stream = container.streams.video[0]
            seconds = round((container.duration or 0) / av.time_base)
            found = Probe(seconds, stream.width, stream.height, bool(container.streams.audio))
    except (av.FFmpegError, ValueError) as error:
        raise TranscodingFailed("not a video") from error
    if found.seconds > MAX_SECONDS:
        raise TranscodingFailed("longer than an hour")
    return found


def make_renditions(original: Path, folder: Path) -> Renditions:
    """Make 240p, 360p, sound only and a poster of `original` in `folder`. Raises TranscodingFailed."""
    found = probe(original)
    low, medium = folder / "240p.mp4", folder / "360p.mp4"
    audio, poster = folder / "sound.m4a", folder / "poster.jpg"
    _encode(original, low, lines=240, crf=30, audio="32k")
    _encode(original, medium, lines=360, crf=28, audio="48k")
    if found.has_audio:
        run_ffmpeg(["-i", str(original), "-vn", "-ac", "1", "-c:a", "aac", "-b:a", "32k", *_TAIL, str(audio)])
    at = str(min(3, found.seconds / 2))
    run_ffmpeg(["-ss", at, "-i", str(medium), "-frames:v", "1", "-q:v", "6", str(poster)])
    final = probe(medium)
    return Renditions(
        low, medium, audio if found.has_audio else None, poster, final.seconds, final.width, final.height
    )


# Picture and sound as they are; if the container cannot hold the sound, that is encoded anew.
_COPIES = {
    ".mp4": (["-c", "copy", "-f", "mp4"], ["-c:v", "copy", "-c:a", "aac", "-b:a", "96k", "-f", "mp4"]),
    ".webm": (["-c", "copy", "-f", "webm"], ["-c", "copy", "-f", "matroska"]),
}
# Nothing of the file, its tracks or its chapters; no other tracks (phones keep a track of places); and
# nothing of the program that writes.
_BARE = [
    *("-map", "0:v:0", "-map", "0:a:0?", "-map_metadata", "-1", "-map_metadata:s", "-1"),
    *("-map_chapters", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-movflags", "+faststart"),
]


def strip_metadata(original: Path, target: Path) -> None:
    """Write the video anew without place, device and time; its suffix says the container.

    Raises TranscodingFailed.
    """
    ways = _COPIES[target.suffix]
    for way in ways:
        try:
            return run_ffmpeg(["-i", str(original), *_BARE, *way, str(target)])
        except TranscodingFailed:
            if way is ways[-1]:
                raise
    return None


_TAIL = ["-map_metadata", "-1", "-movflags", "+faststart"]


def _encode(original: Path, target: Path, *, lines: int, crf: int, audio: str) -> None:
    scale = f"scale='if(gt(iw,ih),-2,min({lines},iw))':'if(gt(iw,ih),min({lines},ih),-2)'"
    even = "scale=trunc(iw/2)*2:trunc(ih/2)*2,fps=24,format=yuv420p"
    video = ["-vf", f"{scale},{even}", "-c:v", "libx264", "-preset", "fast", "-crf", str(crf)]
    sound = ["-ac", "1", "-c:a", "aac", "-b:a", audio]
    run_ffmpeg(["-i", str(original), *video, *sound, *_TAIL, str(target)])


def ffmpeg_binary() -> str:
    """Return the path of ffmpeg: the system's, else the one of a wheel."""
    found = shutil.which("ffmpeg")
    if found:
        return found
    import imageio_ffmpeg

    return str(imageio_ffmpeg.get_ffmpeg_exe())


def run_ffmpeg(arguments: list[str], *, while_running: Callable[[], None] | None = None) -> None:
    """Run ffmpeg; past the time limit its whole process group is killed. Raises TranscodingFailed.

    `while_running` is called every few seconds; what it raises ends ffmpeg too.
    """
    command = [ffmpeg_binary(), *_QUIETLY, "-threads", "2", *arguments]
    process = subprocess.Popen(  # noqa: S603 - fixed arguments, paths of our own making
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    _limit(process.pid)
    try:
        errors = _wait(process, while_running)
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode:
        lines = errors.decode(errors="replace").strip().splitlines()
        raise TranscodingFailed(lines[-1][:200] if lines else f"ffmpeg ended with {process.returncode}")


_QUIETLY = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
_CALL_EVERY = 5


def _limit(pid: int) -> None:
    """Bound the processor time, so that ffmpeg ends even when whoever started it was killed."""
    if hasattr(resource, "prlimit"):
        with contextlib.suppress(ProcessLookupError):
            seconds = 2 * TIME_LIMIT
            resource.prlimit(pid, resource.RLIMIT_CPU, (max(1, int(seconds)), max(1, int(seconds)) + 5))


def _wait(process: subprocess.Popen[bytes], while_running: Callable[[], None] | None) -> bytes:
    deadline = time.monotonic() + TIME_LIMIT
    while True:
        left = deadline - time.monotonic()
        try:
            _out, errors = process.communicate(timeout=min(left, _CALL_EVERY))
        except subprocess.TimeoutExpired as error:
            if left <= _CALL_EVERY:
                raise TranscodingFailed("took too long") from error
            if while_running is not None:
                while_running()
        else:
            return errors
