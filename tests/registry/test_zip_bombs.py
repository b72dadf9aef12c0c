import io
import zipfile
import zlib

import pytest

from registry import zip_bombs
from registry.zip_bombs import unpacks_safely


def archive(**parts: bytes) -> io.BytesIO:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return content


def test_workbook_unpacks_safely_and_is_left_at_its_beginning():
    file = archive(sheet=b"<row/>" * 1000)

    assert unpacks_safely(file)
    assert file.tell() == 0


def test_bomb_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(zip_bombs, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda self: pytest.fail("it was unpacked"))

    assert not unpacks_safely(archive(a=b"0" * 600_000, b=b"0" * 600_000))


def test_bomb_that_lies_about_its_size_is_refused(monkeypatch):
    monkeypatch.setattr(zip_bombs, "MOST_BYTES", 1_000_000)
    file = archive(sheet=b"0" * 5_000_000)
    size = (5_000_000).to_bytes(4, "little")
    told = file.getvalue().replace(size, (1000).to_bytes(4, "little"))

    assert told != file.getvalue()
    assert not unpacks_safely(io.BytesIO(told))


def test_archive_of_very_many_parts_is_refused(monkeypatch):
    monkeypatch.setattr(zip_bombs, "MOST_PARTS", 2)

    assert not unpacks_safely(archive(a=b"", b=b"", c=b""))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", zlib.compress(b"x" * 100)])
def test_what_is_no_archive_is_refused(content):
    assert not unpacks_safely(io.BytesIO(content))
