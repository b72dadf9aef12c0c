"""One world for all tests of a module, taken back at its end."""

import pytest
from django.db import transaction

from tests.permissions.world import World


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Everything of `World`, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
