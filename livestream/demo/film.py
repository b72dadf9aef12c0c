"""The demo's moving pictures: drawn scenes of a host at her table, one for each segment. No database."""

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from courses.transcoding import ffmpeg_binary
from livestream.demo.story import Voice

WIDTH, HEIGHT = 270, 480
FRAMES = 8  # a second
WALL, TABLE, SKIN, HAIR, SHIRT = "#d6c7a6", "#9b6b3f", "#e8b88f", "#2f2a27", "#1c6b46"
NUT, NUT_DARK, KERNEL = "#b98a55", "#8a6238", "#f2dfb8"

Draw = ImageDraw.ImageDraw


def _host(draw: Draw, sway: int) -> None:
    draw.rectangle((0, 330, WIDTH, HEIGHT), fill=TABLE)
    draw.rectangle((122 + sway, 170, 148 + sway, 215), fill=SKIN)
    draw.rounded_rectangle((75 + sway, 200, 195 + sway, 345), 40, fill=SHIRT)
    for shoulder, hand in ((88, 62), (182, 208)):
        draw.line((shoulder + sway, 225, hand, 330, hand, 345), fill=SHIRT, width=26, joint="curve")
        draw.ellipse((hand - 14, 335, hand + 14, 363), fill=SKIN)
    draw.ellipse((97 + sway, 92, 173 + sway, 178), fill=HAIR)
    draw.ellipse((103 + sway, 105, 167 + sway, 190), fill=SKIN)
    draw.ellipse((120 + sway, 138, 127 + sway, 146), fill=HAIR)
    draw.ellipse((144 + sway, 138, 151 + sway, 146), fill=HAIR)
    draw.chord((122 + sway, 150, 149 + sway, 172), 10, 170, fill="#b8433a")


def _nut(draw: Draw, x: int, y: int, r: int = 26) -> None:
    draw.ellipse((x - r, y - r, x + r, y + r), fill=NUT, outline=NUT_DARK, width=3)
    draw.arc((x - r // 2, y - r, x + r // 2, y + r), 90, 270, fill=NUT_DARK, width=2)


def _hook(draw: Draw, sway: int) -> None:
    _nut(draw, 135, 390, 34)
    draw.rectangle((150, 330 - 2 * sway, 160, 380 - 2 * sway), fill="#6d4a2a")
    draw.rectangle((136, 318 - 2 * sway, 178, 336 - 2 * sway), fill="#777")


def _who(draw: Draw, sway: int) -> None:
    draw.chord((75, 350, 195, 450), 0, 180, fill="#f7f3ea")
    draw.ellipse((75, 385, 195, 415), fill="#fff8e3")
    for x in (110, 135, 160):
        draw.arc((x - 8, 350 - sway, x + 8, 380 - sway), 270, 90, fill="#cfc6b4", width=3)


def _proof(draw: Draw, sway: int) -> None:
    _nut(draw, 95, 400)
    draw.rectangle((60, 366, 66, 434), fill="#888")
    draw.rectangle((124 + sway, 366, 130 + sway, 434), fill="#888")
    draw.rectangle((60, 360, 150, 370), fill="#aaa")
    draw.ellipse((165, 375, 225, 430), fill=KERNEL, outline=NUT_DARK, width=4)
    draw.text((160, 436), "32 mm", fill="white", font=ImageFont.load_default(22))


def _price(draw: Draw, sway: int) -> None:
    draw.rounded_rectangle((55, 355 + sway, 215, 440 + sway), 10, fill="#fff6e0", outline="#b3480b", width=4)
    draw.text((88, 376 + sway), "29.9", fill="#b3480b", font=ImageFont.load_default(44))


def _order(draw: Draw, sway: int) -> None:
    draw.rounded_rectangle((95, 345, 175, 465), 10, fill="#222")
    draw.rectangle((101, 357, 169, 450), fill="#e5f1e8")
    draw.rounded_rectangle((110, 425, 160, 443), 6, fill="#b3480b")
    draw.polygon(((185, 430 + sway), (165, 436 + sway), (183, 446 + sway)), fill=SKIN)


def _questions(draw: Draw, sway: int) -> None:
    for x, y in ((80, 410), (130, 425), (185, 405), (105, 440)):
        _nut(draw, x, y, 20)
    draw.rounded_rectangle((20, 40 + sway, 120, 78 + sway), 12, fill="#ffffff")
    draw.text((60, 42 + sway), "?", fill=SHIRT, font=ImageFont.load_default(30))


SCENES: Sequence[Callable[[Draw, int], None]] = (_hook, _who, _proof, _price, _order, _questions)


def make_film(voice: Voice, first: int, last: int, target: Path) -> Path:
    """Make a recording of segments `first` to `last` (without it) as a phone's browser would send it."""
    bounds = [*voice.starts, voice.seconds]
    with tempfile.TemporaryDirectory(prefix="film-") as name:
        folder = Path(name)
        listing = _scenes(folder, first, bounds[first : last + 1])
        cut = ["-ss", str(bounds[first]), "-t", str(bounds[last] - bounds[first])]
        picture = ["-f", "concat", "-safe", "0", "-i", str(listing)]
        video = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "300k", "-g", "16"]
        size = ["-vf", f"fps={FRAMES},format=yuv420p"]
        sound = ["-c:a", "libopus", "-b:a", "24k"]
        quiet = ["-nostdin", "-v", "error", "-y"]
        command = [
            *quiet,
            *picture,
            *cut,
            "-i",
            str(voice.path),
            *video,
            *size,
            *sound,
            "-shortest",
            str(target),
        ]
        subprocess.run([ffmpeg_binary(), *command], check=True, timeout=120)  # noqa: S603 - paths of our own
    return target


def _scenes(folder: Path, first: int, bounds: Sequence[float]) -> Path:
    """Draw each scene twice, swaying, and list them for as long as each segment takes."""
    lines = []
    for number, (begin, end) in enumerate(pairwise(bounds), first):
        pictures = [_drawn(folder / f"{number}-{sway}.png", SCENES[number], sway) for sway in (0, 3)]
        for half in range(max(1, round((end - begin) * 2))):
            lines += [f"file '{pictures[half % 2]}'", "duration 0.5"]
    listing = folder / "scenes.txt"
    listing.write_text("\n".join([*lines, lines[-2]]) + "\n")
    return listing


def _drawn(path: Path, scene: Callable[[Draw, int], None], sway: int) -> Path:
    picture = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((24, 30, 110, 130), fill="#d7e7f2", outline="#c7b792", width=5)
    _host(draw, sway)
    scene(draw, sway)
    picture.save(path)
    return path
