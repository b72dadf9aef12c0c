"""Sound and pictures with known truths, made by ffmpeg."""

import subprocess

from livestream.demo.story import COACH_NOTE, voices

SPEECH = COACH_NOTE  # about nine seconds of a synthetic voice


def make(path, *arguments):
    """Run ffmpeg into `path` and return it."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(path)], check=True)
    return path


def picture(path, source, *, seconds=1):
    """Make a video of a drawn source."""
    return make(path, "-f", "lavfi", "-t", str(seconds), "-i", source, "-pix_fmt", "yuv420p")


def moving(path, crop, *, seconds=2):
    """Make a video of one still drawing, seen through a frame that moves by `crop`."""
    return make(
        path,
        *("-f", "lavfi", "-t", str(seconds), "-i", "mandelbrot=s=640x360:r=24:maxiter=60:end_scale=0.3"),
        *("-vf", f"trim=end_frame=1,loop=-1:1,crop=426:240:{crop},trim=duration={seconds}"),
        *("-pix_fmt", "yuv420p"),
    )


__all__ = ["SPEECH", "make", "moving", "picture", "voices"]
