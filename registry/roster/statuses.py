"""What the values of 脱贫属性 say about a household."""

import re
import unicodedata
from functools import lru_cache

from registry.models import StatusPeriod

_REGISTERED = frozenset({StatusPeriod.Kind.REGISTERED})
_LIFTED = frozenset({StatusPeriod.Kind.LIFTED})
_MONITORED = frozenset({StatusPeriod.Kind.MONITORED})

# By how the value begins; what follows in brackets (享受政策 …) does not matter.
_KINDS_BY_BEGINNING = (
    ("未脱贫", _REGISTERED),
    ("返贫", _REGISTERED),
    ("已脱贫", _LIFTED),
    ("稳定脱贫", _LIFTED),
    # Was registered, was lifted, is at risk again: counts as lifted (R10) and as monitored (R11).
    ("脱贫不稳定", _LIFTED | _MONITORED),
    # Need never have been registered (case E9).
    ("边缘易致贫", _MONITORED),
    ("突发严重困难", _MONITORED),
)


@lru_cache(maxsize=1_000)
def kinds_of(label: str) -> frozenset[StatusPeriod.Kind] | None:
    """Return the kinds of status a label stands for; None for a label nobody knows."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", label))
    return next((kinds for beginning, kinds in _KINDS_BY_BEGINNING if text.startswith(beginning)), None)
