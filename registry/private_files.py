"""Where files live that only a permission check may hand out: rosters, trainees' work, certificates."""

from functools import cache

from django.core.files.storage import Storage, storages


@cache
def private_storage() -> Storage:
    """Return the storage that no web address serves (`STORAGES["private"]`), the same one for every field."""
    return storages["private"]
