"""The audit of packages: a hole fails the run, the network does not."""

import json
import subprocess

import pytest

from tests import audit


@pytest.fixture
def pip_audit(monkeypatch):
    """Return a function that sets what pip-audit answers to each question."""
    asked = []

    def answers(*outputs):
        waiting = list(outputs)

        def run(command, **options):
            asked.append(command)
            output = waiting.pop(0)
            if isinstance(output, Exception):
                raise output
            return subprocess.CompletedProcess(command, 0, stdout=json.dumps({"dependencies": output}))

        monkeypatch.setattr(audit.subprocess, "run", run)
        return asked

    return answers


SOUND = {"name": "django", "version": "5.2.19", "vulns": []}
HOLED = {"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-2026-1"}]}
UNKNOWN = {"name": "django", "skip_reason": "not found"}


def test_hole_fails_the_run(pip_audit, capsys):
    pip_audit([SOUND], [SOUND, HOLED])

    assert audit.main() == 1
    assert capsys.readouterr().out == (
        "pillow 1.0: PYSEC-2026-1\n2 of 2 packages audited, 1 with a known hole.\n"
    )


def test_accepted_hole_does_not(pip_audit, monkeypatch):
    monkeypatch.setattr(audit, "ACCEPTED", {"PYSEC-2026-1": "not reachable; 2026-11-22"})
    pip_audit([SOUND], [SOUND, HOLED])

    assert audit.main() == 0


@pytest.mark.parametrize("answer", [[UNKNOWN], subprocess.TimeoutExpired("pip-audit", 30), OSError()])
def test_nobody_to_ask_is_said_in_one_line_after_one_question(pip_audit, capsys, answer):
    asked = pip_audit(answer)

    assert audit.main() == 0
    assert "were not audited" in capsys.readouterr().out
    assert len(asked) == 1
