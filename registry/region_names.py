"""Names of villages as compared: offices write the committee or leave it out. Pure: no database."""

import re
import unicodedata

_COMMITTEE = re.compile(r"(村民委员会|居民委员会|村委会|居委会)$")
_KIND = re.compile(r"(社区|村)$")


def village_key(name: str) -> str:
    """Return what 张坡村村委会, 张坡村 and 张坡 have in common."""
    bare = _COMMITTEE.sub("", re.sub(r"\s", "", unicodedata.normalize("NFKC", name)))
    return _KIND.sub("", bare) or bare
