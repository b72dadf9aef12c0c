"""What of small figures the public may see (E24). Pure: no database, no clock.

A figure from 1 to 4 is "<5": it could point at a household. Because the total stands beside the rows, a
single hidden row could be worked out; so the next smallest are hidden too, until what is hidden is at least
two rows and five people (complementary suppression), and the total with them where nothing else is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from county.counting import CountRow, share

SMALL = 5


@dataclass(frozen=True, slots=True)
class PublicRow:
    """One row as anybody may read it; None: hidden."""

    label: str
    heads: int | None
    poor_share: Decimal | None
    is_small: bool
    is_share_hidden: bool


def public_rows(total: CountRow, rows: Sequence[CountRow]) -> tuple[PublicRow, list[PublicRow]]:
    """Return the total and the rows with what could name somebody taken out."""
    heads = hidden([row.heads for row in rows], total.heads)
    unsafe = {n for n, row in enumerate(rows) if n in heads or _is_telling(row)}
    poor = hidden([row.share_poor_heads for row in rows], total.share_poor_heads, unsafe)
    is_total_hidden = len(rows) in heads
    is_share_hidden = is_total_hidden or len(rows) in poor or _is_telling(total)
    shown = [_public(row, n in heads, n in poor) for n, row in enumerate(rows)]
    return _public(total, is_total_hidden, is_share_hidden), shown


def hidden(values: Sequence[int], total: int, also: set[int] | None = None) -> set[int]:
    """Return the places of the values to hide, `len(values)` standing for the total."""
    found = {n for n, value in enumerate(values) if 0 < value < SMALL} | (also or set())
    if 0 < total < SMALL:
        return found | {len(values)}
    if not found:
        return found
    left = sorted((n for n, value in enumerate(values) if value and n not in found), key=lambda n: values[n])
    while len(found) < 2 or sum(values[n] for n in found) < SMALL:
        if not left:
            return found | {len(values)}
        found.add(left.pop(0))
    return found


def _is_telling(row: CountRow) -> bool:
    """Whether a share would say of fewer than five people what they are, or are not."""
    others = row.share_heads - row.share_poor_heads
    return 0 < row.share_poor_heads < SMALL or 0 < others < SMALL or 0 < row.share_heads < SMALL


def _public(row: CountRow, is_hidden: bool, is_share_hidden: bool) -> PublicRow:
    poor_share = None if is_share_hidden else share(row.share_poor_heads, row.share_heads)
    heads = None if is_hidden else row.heads
    return PublicRow(row.label, heads, poor_share, 0 < row.heads < SMALL, is_share_hidden)
