"""Servers that tests start end with the tests, even when those are killed with -9."""

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent() -> None:
    """For `preexec_fn`: have the kernel send this process SIGTERM when the one that started it ends.

    A server's own children follow it, as they do when it is stopped. Linux only; elsewhere nothing happens.
    """
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() == 1:  # it ended before we asked
            os.kill(os.getpid(), signal.SIGTERM)
