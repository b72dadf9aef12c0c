import pytest

from certificates.models import Certificate
from certificates.tasks import issue_certificate_task, render_certificate_task


@pytest.fixture(autouse=True)
def private_files(monkeypatch, tmp_path):
    """The private storage in a folder of this test; a field keeps the storage it started with."""
    storage = Certificate._meta.get_field("pdf").storage
    for name in ("base_location", "location"):
        monkeypatch.setitem(storage.__dict__, name, str(tmp_path))
    return tmp_path


@pytest.fixture
def queued(monkeypatch):
    """What would be sent to the broker: nothing leaves the test."""
    sent = []
    for task in (issue_certificate_task, render_certificate_task):
        monkeypatch.setattr(task, "delay", lambda pk, name=task.name: sent.append((name, pk)))
        monkeypatch.setattr(task, "apply_async", lambda args, name=task.name, **_: sent.append((name, *args)))
    return sent
