"""Reading a course folder: YAML and drawings in, plain objects and a digest out. No database."""

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

LANGUAGES = ("zh-hans", "en")
# Every key below is made from names, so that a lesson is the same lesson on every machine.
NAMESPACE = uuid.UUID("6f0f4f0a-3f55-4ad5-9d4a-2f1b8f6b7a10")


def key_of(*names: str) -> uuid.UUID:
    """Return the key that these names always have."""
    return uuid.uuid5(NAMESPACE, "/".join(names))


@dataclass(frozen=True)
class CourseFolder:
    """One folder of course content."""

    path: Path

    @cached_property
    def course(self) -> dict[str, Any]:
        """The content of course.yaml."""
        return _read(self.path / "course.yaml")

    @property
    def slug(self) -> str:
        """The course's slug in every language."""
        return str(self.course["slug"])

    @property
    def hours(self) -> Decimal:
        """The class hours of the course."""
        return Decimal(str(self.course["hours"]))

    def lesson(self, key: str, language: str) -> dict[str, Any]:
        """Return the content of one lesson in one language."""
        return _read(self.path / f"{key}.{language}.yaml")

    def file(self, name: str) -> Path:
        """Return the path of a picture or video; a name that leads out of the folder is refused."""
        path = self.path / name
        if path.resolve().parent != self.path.resolve():
            raise ValueError(f"{name} is not in {self.path.name}")
        return path

    def digest(self, content: dict[str, Any]) -> str:
        """Return a hash of `content` and of every file it names."""
        digest = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
        for name in sorted(set(_files_in(content))):
            digest.update(name.encode() + self.file(name).read_bytes())
        return digest.hexdigest()


def folders_in(path: Path) -> list[CourseFolder]:
    """Return the course folders below `path`, the shortest course first: that is where one begins."""
    folders = [CourseFolder(each.parent) for each in path.glob("*/course.yaml")]
    return sorted(folders, key=lambda folder: (folder.hours, folder.course["code"]))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def _files_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, each in value.items():
            if name in {"file", "cover", "poster", "captions"} and isinstance(each, str):
                yield each
            else:
                yield from _files_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from _files_in(each)
