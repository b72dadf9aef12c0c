"""Which person-times stand behind each figure, so that a number always leads to exactly its rows.

Pieces of SQL about `f`, the facts of a question. A figure of heads has as many different people among its
rows as it says; one of person-times as many rows.
"""

from county.ledger import (
    COMPLETED,
    CONVERTED_OR_SOLD_BEFORE,
    DUE_OR_SOLD_BEFORE,
    SOLD_BEFORE,
    UNVERIFIED,
)

_AGED = """f.counts AND f.person_id IN (
    SELECT person_id FROM counted WHERE counts GROUP BY person_id HAVING min(aged) %% 4 = {group})"""
# The readings of conversion (R13), of a human being's person-times together.
_FOLLOWED = """f.is_completed AND f.person_id IN (
    SELECT person_id FROM counted WHERE counts GROUP BY person_id
    HAVING bit_or(flags) & {those} > 0 AND bit_or(flags) & {others} = 0)"""
_CADRES = "(%(with_cadres)s OR NOT f.is_for_cadres)"

BEHIND = {
    "enrolled": "f.is_closed",
    "in_training": "NOT f.is_closed",
    "person_times": "f.counts",
    "heads": "f.counts",
    "hours_shown": "f.counts",
    "days": "f.counts",
    "poor_person_times": "f.counts AND f.was_registered",
    "poor_heads": "f.counts AND f.was_registered",
    "registered_heads": "f.counts AND f.was_ever_registered",
    "monitored_heads": "f.counts AND f.was_monitored",
    "aided_heads": "f.counts AND (f.was_ever_registered OR f.was_monitored)",
    "poor_at_completion": "f.completed_registered",
    "poor_share_person_times": f"f.counts AND f.was_registered AND {_CADRES}",
    "poor_share_heads": f"f.counts AND f.was_registered AND {_CADRES}",
    "women": "f.counts AND f.sex = 'F'",
    "under_35": _AGED.format(group=0),
    "from_35_to_59": _AGED.format(group=1),
    "from_60": _AGED.format(group=2),
    "unverified": f"f.counts AND f.flags & {UNVERIFIED} > 0",
    "completed": "f.is_completed",
    "certificates": "f.is_certified",
    "repeats": "f.is_repeat",
    "conversion": _FOLLOWED.format(those=CONVERTED_OR_SOLD_BEFORE, others=SOLD_BEFORE),
    "cohort": _FOLLOWED.format(those=DUE_OR_SOLD_BEFORE, others=SOLD_BEFORE),
    "watching": _FOLLOWED.format(those=COMPLETED, others=DUE_OR_SOLD_BEFORE),
}
# Whose rows say of people whether they are poor.
OF_STATUS = frozenset(
    name for name in BEHIND if name.split("_")[0] in {"poor", "registered", "monitored", "aided"}
)
EVERYBODY = "person_times"
