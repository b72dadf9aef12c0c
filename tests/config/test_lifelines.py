"""What tests start ends with them; what their servers say is read for anything personal."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from django.conf import settings

from tests.factories.registry import PersonFactory
from tests.lifelines import end_with_parent
from tests.personal import personal_in, personal_texts

PARENT = """
import subprocess, sys
from tests.lifelines import end_with_parent
child = subprocess.Popen(["sleep", "60"], start_new_session=True, preexec_fn=end_with_parent)
print(child.pid, flush=True)
child.wait()
"""


def test_server_ends_when_its_parent_is_killed():
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent,
    )
    child = int(parent.stdout.readline())
    assert psutil.pid_exists(child)

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()

    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "line",
    [
        "GET /people/?name=%E5%AD%A6%E5%91%98%E7%94%B2",
        "row 990000199001010017 refused",
        "sent to +8619900000001",
        "学员甲 signed in",
    ],
)
def test_personal_lines_are_found(line):
    PersonFactory(name="学员甲")

    assert personal_in(["GET /learn/", line], personal_texts()) != []


@pytest.mark.django_db
def test_lines_without_anything_personal_are_let_through():
    PersonFactory(name="学员甲")

    assert personal_in(["GET /county/?region=431125 200", "task 1f0a done"], personal_texts()) == []
