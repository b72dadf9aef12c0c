"""Asks whether a pinned package has a known hole; says so in one line where nobody can be asked.

The network never fails a run, a hole does. One package is asked for first: where the registry is a mirror
without advisories, that is the only question.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
_PIP_AUDIT = Path(sys.executable).parent / "pip-audit"
_SECONDS = 30
# Accepted holes by their number, each with the reason and the day it was looked at.
ACCEPTED: dict[str, str] = {}


def main() -> int:
    """Audit constraints.txt; return 1 when a package has a known hole."""
    pins = (_CHECKOUT / "constraints.txt").read_text().splitlines()
    deadline = time.monotonic() + _SECONDS
    probe = [line for line in pins if line.lower().startswith("django==")]
    answer = ask(probe, deadline) and ask(pins, deadline)
    print("\n".join(said(answer)))
    return int(bool(answer) and any(holes(each) for each in answer))


def ask(pins: list[str], deadline: float) -> list[dict] | None:
    """Return what pip-audit knows of each pin; None when it reached nobody in time or knew none of them."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        options = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "5", "-f", "json"]
        try:
            done = subprocess.run(
                [_PIP_AUDIT, "-r", file.name, *options],
                capture_output=True,
                timeout=max(deadline - time.monotonic(), 1),
                check=False,
            )
            found: list[dict] = json.loads(done.stdout)["dependencies"]
        except (OSError, subprocess.TimeoutExpired, ValueError, KeyError):
            return None
    return found if any("vulns" in each for each in found) else None


def said(answer: list[dict] | None) -> list[str]:
    """Return what is printed of an answer."""
    if answer is None:
        return ["Packages were not audited: no advisory service could be reached from here."]
    audited = [each for each in answer if "vulns" in each]
    found = [f"{each['name']} {each['version']}: {', '.join(holes(each))}" for each in answer if holes(each)]
    return [*found, f"{len(audited)} of {len(answer)} packages audited, {len(found)} with a known hole."]


def holes(dependency: dict) -> list[str]:
    """Return the numbers of the holes of one package that nobody accepted."""
    return [hole["id"] for hole in dependency.get("vulns", []) if hole["id"] not in ACCEPTED]


if __name__ == "__main__":
    sys.exit(main())
