"""A table without its indexes while it is filled: they are quicker made at once than kept row by row."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

# Unique constraints by their definition; other indexes that no constraint stands on. The primary key stays.
_FOUND = """
SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', c.conrelid::regclass, c.conname),
       format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', c.conrelid::regclass, c.conname,
              pg_get_constraintdef(c.oid))
FROM pg_constraint c WHERE c.conrelid = %(table)s::regclass AND c.contype = 'u'
UNION ALL
SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
FROM pg_index i WHERE i.indrelid = %(table)s::regclass AND NOT i.indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""


@contextmanager
def bare(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Take the indexes of `table` away and make them again afterwards, in the transaction of the caller."""
    cursor.execute(_FOUND, {"table": table})
    found = cursor.fetchall()
    for drop, _make in found:
        cursor.execute(drop)
    yield
    for _drop, make in found:
        cursor.execute(make)
