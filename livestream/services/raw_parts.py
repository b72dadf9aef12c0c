"""Looking through the raw parts before a recording is made of them: what is whole, what has holes."""

from pathlib import Path

from livestream import raw
from livestream.engines import RawAsset, engine_of
from livestream.models import LiveSession, MediaPart
from livestream.rendering import RawPart


def check_parts(*, session: LiveSession, folder: Path) -> list[RawPart]:
    """Join each part's pieces into one file in `folder`, and note its hash, its size and whether it is whole.

    A part without its first piece cannot be read at all; one with a hole plays on after it.
    """
    parts = {part.number: part for part in session.parts.all()}
    found = []
    for asset in engine_of(session).finalise(session):
        part = parts.pop(asset.number, None)
        if part is None:
            part = MediaPart(session=session, number=asset.number, wall_start=asset.wall_start)
        files = [each for each in asset.files if each.exists()]
        error = _what_is_wrong(part, files, asset)
        _note(part, files, folder, error)
        if files and error != NO_BEGINNING:
            found.append(RawPart(part.number, folder / str(part.number), part.wall_start))
    for part in parts.values():
        _note(part, [], folder, NOTHING)
    return sorted(found, key=lambda each: (each.wall_start, each.number))


NO_BEGINNING = "its first piece never arrived"
HOLE = "pieces of it never arrived"
NOTHING = "nothing of it arrived"


def _what_is_wrong(part: MediaPart, files: list[Path], asset: RawAsset) -> str:
    if not files:
        return NOTHING
    if part.path or not all(each.name.isdigit() for each in files):
        return ""
    held = {int(each.name) for each in files}
    if 0 not in held:
        return NO_BEGINNING
    expected = part.chunk_count if part.chunk_count is not None else max(held) + 1
    return HOLE if any(seq not in held for seq in range(expected)) else ""


def _note(part: MediaPart, files: list[Path], folder: Path, error: str) -> None:
    target = folder / str(part.number)
    part.sha256 = raw.joined(files, target) if files else ""
    part.bytes = target.stat().st_size if files else 0
    part.state = MediaPart.State.DAMAGED if error else MediaPart.State.COMPLETE
    part.error, part.media_start = error, None
    part.save()
