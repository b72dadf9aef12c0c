"""Makes one playable file of what Janus recorded of a connection; the tracks stay as they are."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from courses.transcoding import TranscodingFailed, run_ffmpeg
from livestream.engines.mjr import Take, Track

_TIME_LIMIT = 10 * 60


def converted(take: Take, folder: Path) -> Path:
    """Return the take as Matroska in `folder`, frames as they came; made only when a track has grown since.

    Raises TranscodingFailed.
    """
    target = folder / f"{take.name}.mkv"
    newest = max(track.path.stat().st_mtime for track in take.tracks)
    if target.exists() and target.stat().st_mtime >= newest:
        return target
    with tempfile.TemporaryDirectory(dir=folder) as workplace:
        made = [(track, _unpacked(track, Path(workplace))) for track in take.tracks]
        joined = Path(workplace) / "joined.mkv"
        inputs = [
            argument
            for track, path in made
            for argument in ("-itsoffset", f"{_late(take, track):.6f}", "-i", str(path))
        ]
        maps = [argument for number in range(len(made)) for argument in ("-map", str(number))]
        run_ffmpeg([*inputs, *maps, "-c", "copy", str(joined)])
        joined.replace(target)
    return target


def _late(take: Take, track: Track) -> float:
    return (track.began_at - take.began_at).total_seconds()


def _unpacked(track: Track, workplace: Path) -> Path:
    """Run janus-pp-rec; its second argument is what it writes, so it works on a copy."""
    source = Path(shutil.copy2(track.path, workplace))
    target = workplace / track.converted
    binary = shutil.which("janus-pp-rec")
    if binary is None:
        raise TranscodingFailed("janus-pp-rec is not installed")
    try:
        done = subprocess.run(  # noqa: S603 - paths of our own making
            [binary, "--debug-level=2", str(source), str(target)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIME_LIMIT,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise TranscodingFailed("janus-pp-rec took too long") from error
    if done.returncode or not target.exists():
        raise TranscodingFailed(f"janus-pp-rec ended with {done.returncode}")
    return target
