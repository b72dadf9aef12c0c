"""What can go wrong with the embedded servers."""

from pathlib import Path


class EmbeddedServiceError(RuntimeError):
    """An embedded server does not start; the text is one line for the person at the keyboard."""


def start_failure(name: str, log: Path) -> EmbeddedServiceError:
    """Return the error for a server that did not start, with the last line of its log."""
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    last = lines[-1].strip() if lines else "it said nothing"
    return EmbeddedServiceError(f"The embedded {name} did not start ({log}): {last}")
