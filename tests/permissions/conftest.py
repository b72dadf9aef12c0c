"""One world for all tests of this folder, taken back at its end."""

import pytest
from django.db import transaction

from tests.permissions.world import World


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker):
    """Everything of `World`, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
