import pytest

from certificates import tasks
from certificates.models import Certificate
from certificates.services import init_signing
from certificates.signing import forget_keys

_TASKS = (
    tasks.issue_certificate_task,
    tasks.issue_to_class_task,
    tasks.print_certificates_task,
    tasks.make_bundle_task,
    tasks.tell_holders_task,
)


@pytest.fixture(autouse=True)
def private_files(monkeypatch, tmp_path):
    """The private storage in a folder of this test; a field keeps the storage it started with."""
    storage = Certificate._meta.get_field("pdf").storage
    for name in ("base_location", "location"):
        monkeypatch.setitem(storage.__dict__, name, str(tmp_path))
    return tmp_path


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory):
    """Where the keys of all tests lie: made once, because making RSA keys takes time."""
    return tmp_path_factory.mktemp("signing")


@pytest.fixture
def signing(settings, key_folder, db):
    """Keys that sign, published in this test's database."""
    settings.SIGNING_DIR = key_folder
    forget_keys()
    yield init_signing(bits=2048)
    forget_keys()


@pytest.fixture
def queued(monkeypatch):
    """What would be sent to the broker: nothing leaves the test."""
    sent = []
    for task in _TASKS:
        monkeypatch.setattr(task, "delay", lambda what, name=task.name: sent.append((name, what)))
        monkeypatch.setattr(task, "apply_async", lambda args, name=task.name, **_: sent.append((name, *args)))
    return sent
