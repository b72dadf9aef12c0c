"""One ffmpeg: in a process group of its own, bounded, stopped with one signal and patience."""

import contextlib
import hashlib
import os
import resource
import signal
import subprocess
import time
from pathlib import Path

from courses.transcoding import ffmpeg_binary

# ffmpeg 5.1 empties every playlist at a second SIGTERM: it gets one, and time.
PATIENCE = 15.0
MOST_CPU_SECONDS = 6 * 3600
_QUIETLY = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y", "-threads", "2"]


class Child:
    """A running ffmpeg that reads what it is fed."""

    def __init__(self, arguments: list[str], errors: Path) -> None:
        command = [ffmpeg_binary(), *_QUIETLY, *arguments]
        self.command_hash = hashlib.sha256("\0".join(command).encode()).hexdigest()
        self._errors = errors
        with errors.open("wb") as stderr:
            self._process = subprocess.Popen(  # noqa: S603 - fixed arguments, paths of our own making
                command,
                stdin=subprocess.PIPE,
                bufsize=0,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                start_new_session=True,
            )
        self.pid = self._process.pid
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.pid, 5)
        if hasattr(resource, "prlimit"):
            with contextlib.suppress(OSError):
                resource.prlimit(self.pid, resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 5))

    def feed(self, content: bytes) -> None:
        """Give it all of `content`; raises BrokenPipeError when it has ended."""
        if self._process.stdin is None:
            raise BrokenPipeError
        left = memoryview(content)
        while left:
            left = left[self._process.stdin.write(left) :]

    @property
    def exit_code(self) -> int | None:
        """How it ended; None while it runs."""
        return self._process.poll()

    @property
    def complaint(self) -> str:
        """The last line it wrote about its trouble."""
        lines = self._errors.read_text(errors="replace").strip().splitlines() if self._errors.exists() else []
        return lines[-1][:200] if lines else ""

    def finish(self) -> int:
        """Tell it that there is no more, and wait until it has written what it has; then `stop`."""
        self._close_feed()
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            return self.stop()

    def stop(self) -> int:
        """End it: one SIGTERM, 15 seconds, then SIGKILL to the group."""
        if self._process.poll() is None:
            _signal(self.pid, signal.SIGTERM)
            self._close_feed()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                _signal(self.pid, signal.SIGKILL)
        self._close_feed()
        return self._process.wait()

    def _close_feed(self) -> None:
        if self._process.stdin is not None:
            with contextlib.suppress(OSError):
                self._process.stdin.close()


def process_start(pid: int) -> str:
    """Return when a process began, as the kernel counts it; empty when there is none or it is a zombie.

    Together with the number it names one process: numbers are used again.
    """
    try:
        line = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return _start_by_ps(pid)
    fields = line.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def end_stranger(pid: int, started: str) -> bool:
    """End what an earlier agent left running, if it is still that process; tell whether it was."""
    if not started or process_start(pid) != started:
        return False
    _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while process_start(pid) == started:
        if time.monotonic() > deadline:
            _signal(pid, signal.SIGKILL)
            break
        time.sleep(0.1)
    return True


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _start_by_ps(pid: int) -> str:
    if Path("/proc/self/stat").exists():
        return ""
    asked = subprocess.run(  # noqa: S603 - a number of our own
        ["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip()
