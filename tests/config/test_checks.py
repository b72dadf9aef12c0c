"""The checks themselves: skips fail `make test`, an untranslated text is found."""

import os
import subprocess
import sys

import polib
import pytest
from django.conf import settings

from tests import translations


@pytest.mark.slow
@pytest.mark.parametrize(("no_skips", "code"), [("1", 1), ("", 0)])
def test_skipped_test_fails_the_run_of_make_test(tmp_path, no_skips, code):
    test = tmp_path / "test_skip.py"
    test.write_text("import pytest\n\n@pytest.mark.skip(reason='not today')\ndef test_x(): ...\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.skips",
        "-c",
        "pyproject.toml",
        str(test),
    ]

    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**os.environ, "CUNBO_NO_SKIPS": no_skips},
        capture_output=True,
        text=True,
    )

    assert done.returncode == code, done.stdout + done.stderr
    assert "1 skipped" in done.stdout.splitlines()[-1]


def test_untranslated_finds_missing_empty_and_fuzzy_texts(tmp_path, monkeypatch):
    monkeypatch.setattr(translations, "_CHECKOUT", tmp_path)
    monkeypatch.setattr(translations, "_CATALOGUES", tmp_path)
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid="Sign in", msgstr="登录"))
    catalogue.append(polib.POEntry(msgid="Empty", msgstr=""))
    catalogue.append(polib.POEntry(msgid="Guessed", msgstr="猜", flags=["fuzzy"]))
    (tmp_path / "zh_Hans" / "LC_MESSAGES").mkdir(parents=True)
    catalogue.save(str(tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    texts = [polib.POEntry(msgid=text) for text in ("Sign in", "Empty", "Guessed", "New")]

    assert translations.untranslated("zh_Hans", texts) == [
        "zh_Hans: 'Empty'",
        "zh_Hans: 'Guessed'",
        "zh_Hans: 'New'",
    ]
