"""`make bench [BENCH=name]`: measures and prints one JSON object a line, nothing else on standard output.

Every subject is one module beside this one with a function `measure() -> Iterator[Figure]`.
Everything runs on a site of its own in `.local/bench`, set up like the real one.
"""

import importlib
import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
NOT_SUBJECTS = {
    *("__init__", "prepare", "run", "settings", "urls", "load", "phone", "server"),
    *("clock", "webrtc", "anchors", "nation_set", "bulk"),
}
PARTS_OF_LIVE = {"engines", "janus"}  # to be named alone; `live` measures them too
ON_DEMAND = {"counting_nation"}  # to be named alone: it takes an hour


@dataclass(frozen=True)
class Figure:
    """One measured number; `ratio` is value / against, a bar to stay under or a thing to compare with."""

    name: str
    value: float
    unit: str
    against: float | None = None
    ratio: float | None = None
    n: int = 1
    size: str = ""


def figure(
    name: str, value: float, unit: str, *, against: float | None = None, n: int = 1, size: str = ""
) -> Figure:
    """Return a `Figure` with its numbers rounded and the ratio worked out."""
    ratio = round(value / against, 4) if against else None
    return Figure(name, round(value, 4), unit, against, ratio, n, size)


def main(names: list[str]) -> int:
    """Measure the named subjects, or all of them; return the exit code."""
    subjects = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_SUBJECTS)
    unknown = set(names) - set(subjects)
    if unknown:
        print(f"No benchmark {', '.join(sorted(unknown))}; there are: {', '.join(subjects)}", file=sys.stderr)
        return 1
    _set_up()
    for name in names or [each for each in subjects if each not in PARTS_OF_LIVE | ON_DEMAND]:
        subject = importlib.import_module(f"tests.bench.{name}")
        for each in subject.measure():
            print(json.dumps(asdict(each), ensure_ascii=False), flush=True)
    return 0


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
    os.environ.setdefault("CUNBO_LOCAL", str(FOLDER.parents[1] / ".local" / "bench"))
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps a loop in this thread
    import django

    from config import embedded, memory

    embedded.ensure_started()
    django.setup()
    # In a process of its own: what we start later would count our peak of memory as its own.
    subprocess.run([sys.executable, "-m", "tests.bench.prepare"], cwd=FOLDER.parents[1], check=True)
    # On a new machine the files were collected only now, after this process had looked for their names.
    from django.contrib.staticfiles.storage import staticfiles_storage

    staticfiles_storage.hashed_files = staticfiles_storage.load_manifest()[0]
    memory.settle()  # as the site's processes do


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
