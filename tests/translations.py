"""Checks that every text of the code is in both catalogues, translated and not guessed (fuzzy).

Extraction runs on a copy of the tree, so that a check never changes a file.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import polib

_CHECKOUT = Path(__file__).resolve().parent.parent
_CATALOGUES = Path("config") / "locale"
LANGUAGES = ["zh_Hans", "en"]
# Nothing is asked of them; without addresses the copy would start servers of its own and leave them behind.
_NO_SERVICES = {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}


def main() -> int:
    """Print what is missing, one text a line; return 1 when anything is."""
    texts = extracted_texts()
    missing = [line for language in LANGUAGES for line in untranslated(language, texts)]
    for line in missing:
        print(line)
    if missing:
        print(f"{len(missing)} texts are not translated: run `make messages` and fill the catalogues.")
    return 1 if missing else 0


def extracted_texts() -> list[polib.POEntry]:
    """Return what makemessages finds in the tracked (and not yet tracked) files."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _listed_files():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(_CHECKOUT / name, copy / name)
        (copy / _CATALOGUES).mkdir(parents=True, exist_ok=True)
        extract = [
            "manage.py",
            "makemessages",
            "-l",
            "en",
            "--keep-pot",
            "--no-location",
            "--no-wrap",
            "-v",
            "0",
        ]
        subprocess.run([sys.executable, *extract], cwd=copy, env=os.environ | _NO_SERVICES, check=True)
        return list(polib.pofile(str(copy / _CATALOGUES / "django.pot")))


def untranslated(language: str, texts: list[polib.POEntry]) -> list[str]:
    """Return a line for every text that the catalogue lacks, leaves empty or marks as fuzzy."""
    path = _CHECKOUT / _CATALOGUES / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return [f"{language}: there is no catalogue"]
    catalogue = {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(path))}
    return [
        f"{language}: {text.msgid!r}"
        for text in texts
        if not (entry := catalogue.get((text.msgctxt, text.msgid))) or not entry.translated()
    ]


def _listed_files() -> list[str]:
    command = [
        "git",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "*.py",
        "*.html",
        "*.txt",
        "*.po",
    ]
    listed = subprocess.run(command, cwd=_CHECKOUT, check=True, capture_output=True, text=True).stdout
    return [
        name for name in listed.splitlines() if not name.startswith("tests/") and (_CHECKOUT / name).is_file()
    ]


if __name__ == "__main__":
    sys.exit(main())
