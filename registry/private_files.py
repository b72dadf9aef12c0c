"""Where files live that only a permission check may hand out: rosters, trainees' work, certificates."""

from django.core.files.storage import Storage, storages


def private_storage() -> Storage:
    """Return the storage that no web address serves (`STORAGES["private"]`)."""
    return storages["private"]
