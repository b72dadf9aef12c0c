"""Changing the keys of sealed columns while the site stays open.

A batch is one short transaction. Rows that somebody is using are left out and done one by one at the end, so
that we never hold rows while we wait for others. What is under the key in use is not touched: running the
rotation again, after a kill or just so, does only what is left.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from psycopg2.extras import execute_values

from registry import sealing
from registry.errors import IndexKeyMissing
from registry.models import AuditAction, Person, PrivacyRequest, RosterEdit, SentMessage, User
from registry.services.audit import record

_WAIT_FOR_ROW = "10s"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column `<name>_sealed`, bound to `<table>.<name>.<uid>`, with its `<name>_hash` if `has_index`."""

    model: type[models.Model]
    name: str
    has_index: bool = False

    def __str__(self) -> str:
        return f"{self.model._meta.db_table}.{self.name}"

    @property
    def sealed(self) -> str:
        return f"{self.name}_sealed"

    @property
    def index(self) -> str:
        return f"{self.name}_hash"

    @property
    def rows(self) -> QuerySet[Any]:
        """Every row that holds a value, hidden by no manager."""
        return self.model._base_manager.filter(**{f"{self.sealed}__isnull": False})


# Every sealed column of the site; a test compares. An app above adds its own when it starts.
SEALED_COLUMNS = [
    SealedColumn(User, "phone", has_index=True),
    SealedColumn(Person, "id_number", has_index=True),
    SealedColumn(Person, "phone", has_index=True),
    SealedColumn(SentMessage, "phone"),
    SealedColumn(RosterEdit, "phone"),
    SealedColumn(PrivacyRequest, "wish"),
]


@dataclass(slots=True)
class RotationReport:
    """What a rotation did to one column; rows are named by primary key only."""

    column: str
    resealed: int = 0
    reindexed: int = 0
    unreadable: list[object] = field(default_factory=list)
    conflicts: list[object] = field(default_factory=list)
    busy: list[object] = field(default_factory=list)
    under: dict[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        in_use = str(sealing.sealing_key_id())
        return not (self.unreadable or self.conflicts or self.busy) and set(self.under) <= {in_use}


Progress = Callable[[SealedColumn, int, int], None]


def rotate_keys(
    *,
    batch: int = 1000,
    is_index_wanted: bool = False,
    progress: Progress = lambda column, done, total: None,
) -> list[RotationReport]:
    """Bring every sealed value under the key in use, and with `is_index_wanted` every hash too.

    Two rows that turn out to hold the same unique value (one came in under the new key while the other still
    bore the old) are reported as conflicts and left for the duplicate desk. Raises `IndexKeyMissing` when
    the index is to change but no second index key is in the settings: lookups would fail meanwhile.
    """
    if is_index_wanted and not settings.SEAL_INDEX_KEYS_ALSO:
        raise IndexKeyMissing
    reports = [_rotate_column(column, batch, is_index_wanted, progress) for column in SEALED_COLUMNS]
    changed = {one.column: [one.resealed, one.reindexed] for one in reports if one.resealed or one.reindexed}
    if changed:
        record(actor=None, action=AuditAction.KEYS_ROTATED, detail={"resealed_reindexed": changed})
    return reports


def _rotate_column(
    column: SealedColumn, batch: int, is_index_wanted: bool, progress: Progress
) -> RotationReport:
    report, done = RotationReport(str(column)), 0
    reindex = is_index_wanted and column.has_index
    todo = column.rows if reindex else _under_another_key(column)
    total = todo.count()
    busy: list[object] = []
    for window in _windows(todo, batch):
        busy += _rotate_rows(column, window, report, reindex=reindex)
        done += len(window)
        progress(column, done, total)
    for pk in busy:
        _rotate_busy_row(column, pk, report, reindex=reindex)
    report.under = _count_by_key(column)
    return report


def _under_another_key(column: SealedColumn) -> QuerySet[Any]:
    key_id = sealing.sealing_key_id().to_bytes(sealing.KEY_ID_BYTES, "big")
    return _with_key_id(column).exclude(key_id=key_id)


def _with_key_id(column: SealedColumn) -> QuerySet[Any]:
    return column.rows.annotate(
        key_id=Substr(column.sealed, 1, sealing.KEY_ID_BYTES, output_field=models.BinaryField())
    )


def _count_by_key(column: SealedColumn) -> dict[str, int]:
    rows = _with_key_id(column).order_by().values_list("key_id").annotate(Count("pk"))
    return {str(int.from_bytes(bytes(key_id), "big")): count for key_id, count in rows}


def _windows(todo: QuerySet[Any], batch: int) -> Iterator[list[object]]:
    """Primary keys in order, `batch` at a time; each window starts after the last one's end."""
    ordered = todo.order_by("pk").values_list("pk", flat=True)
    window = list(ordered[:batch])
    while window:
        yield window
        window = list(ordered.filter(pk__gt=window[-1])[:batch])


@transaction.atomic
def _rotate_rows(
    column: SealedColumn,
    window: list[object],
    report: RotationReport,
    *,
    reindex: bool,
    is_patient: bool = False,
) -> list[object]:
    """Rotate what can be locked at once, or with `is_patient` waited for; return what could not."""
    fields = ["pk", "uid", column.sealed, *([column.index] if reindex else [])]
    locked = column.rows.filter(pk__in=window).select_for_update(skip_locked=not is_patient, no_key=True)
    rows = list(locked.order_by("pk").values_list(*fields))
    changes = [change for row in rows if (change := _change(column, row, report))]
    _write(column, changes, report, reindex=reindex)
    missed = set(window) - {row[0] for row in rows}
    return sorted(missed, key=window.index) if missed else []


def _rotate_busy_row(column: SealedColumn, pk: object, report: RotationReport, *, reindex: bool) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_WAIT_FOR_ROW}'")
            _rotate_rows(column, [pk], report, reindex=reindex, is_patient=True)
    except OperationalError:
        report.busy.append(pk)


def _change(column: SealedColumn, row: tuple[Any, ...], report: RotationReport) -> tuple[Any, ...] | None:
    """Return what the row becomes; None when it is as it should be or cannot be opened."""
    pk, uid, sealed, *index = row
    context = f"{column}.{uid}"
    try:
        value = sealing.unseal(sealed, context=context)
    except (InvalidTag, KeyError):
        report.unreadable.append(pk)
        return None
    is_current = sealing.key_id_of(sealed) == sealing.sealing_key_id()
    new_index = [sealing.lookup_hash(value, purpose=column.name) for _old in index]
    is_indexed = [bytes(old) for old in index] == new_index
    if is_current and is_indexed:
        return None
    report.resealed += not is_current
    report.reindexed += not is_indexed
    return pk, bytes(sealed) if is_current else sealing.seal(value, context=context), *new_index


def _write(
    column: SealedColumn, changes: list[tuple[Any, ...]], report: RotationReport, *, reindex: bool
) -> None:
    try:
        with transaction.atomic():
            _update(column, changes, reindex=reindex)
    except IntegrityError:
        _write_one_by_one(column, changes, report)


def _write_one_by_one(column: SealedColumn, changes: list[tuple[Any, ...]], report: RotationReport) -> None:
    for change in changes:
        try:
            with transaction.atomic():
                _update(column, [change], reindex=True)
        except IntegrityError:
            report.conflicts.append(change[0])
            report.reindexed -= 1
            _update(column, [change[:2]], reindex=False)


def _update(column: SealedColumn, changes: list[tuple[Any, ...]], *, reindex: bool) -> None:
    if not changes:
        return
    names = [column.sealed, *([column.index] if reindex else [])]
    quote = connection.ops.quote_name
    assignments = ", ".join(f"{quote(name)} = new.{quote(name)}" for name in names)
    key = quote(column.model._meta.pk.attname)
    statement = (
        f"UPDATE {quote(column.model._meta.db_table)} AS old SET {assignments} "  # noqa: S608 - our own names
        f"FROM (VALUES %s) AS new (pk, {', '.join(map(quote, names))}) "
        f"WHERE old.{key} = new.pk"
    )
    # Past Django's cursor, hence its error classes have to be asked for.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        execute_values(cursor.cursor, statement, changes, page_size=len(changes))
