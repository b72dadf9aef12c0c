"""Where files live that only a permission check may hand out: rosters, trainees' work, certificates."""

from functools import cache
from typing import Any

from django.core.files import File
from django.core.files.storage import Storage, storages


@cache
def private_storage() -> Storage:
    """Return the storage that no web address serves (`STORAGES["private"]`), the same one for every field."""
    return storages["private"]


class StoredFile(File):
    """A file of a storage that no row has a field for; opened when it is read, as a field's is."""

    def __init__(self, storage: Storage, name: str) -> None:
        super().__init__(None, name)
        self._storage = storage

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Return the opened file."""
        return self._storage.open(str(self.name), mode or "rb")

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return self._storage.size(str(self.name))
