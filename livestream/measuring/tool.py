"""ffmpeg for measuring: one run, limited in time, in a process group of its own."""

import contextlib
import os
import signal
import subprocess

from courses.transcoding import ffmpeg_binary

TIME_LIMIT = 15 * 60


class MeasuringFailed(Exception):
    """The recording could not be measured; the text says why, in English, for the row."""


def run_ffmpeg(arguments: list[str]) -> str:
    """Run ffmpeg and return what it tells about its work; past the time limit its group is killed."""
    command = [ffmpeg_binary(), "-nostdin", "-hide_banner", "-loglevel", "info", "-nostats", "-y", *arguments]
    process = subprocess.Popen(  # noqa: S603 - fixed arguments, paths of our own making
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        _out, told = process.communicate(timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired as error:
        raise MeasuringFailed("took too long") from error
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    text = told.decode(errors="replace")
    if process.returncode:
        raise MeasuringFailed(text.strip().splitlines()[-1][:200] if text.strip() else "ffmpeg failed")
    return text
