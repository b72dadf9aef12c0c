"""Who may read the county's figures, people and classes, who may close a class, what a token may read."""

from datetime import date

from django.utils import timezone

from county.models import ApiToken
from courses.models import TrainingClass
from registry.capabilities import Capability
from registry.permissions import may, scope_codes
from registry.queries.places import version_on

_OF_FIGURES = (Capability.READ_FIGURES, Capability.EXPORT)
# What the owner of a token must be able to do herself for it to read something.
_NEEDED = {
    ApiToken.Reads.COUNTS: _OF_FIGURES,
    ApiToken.Reads.RETURNS: _OF_FIGURES,
    ApiToken.Reads.LINES: (*_OF_FIGURES, Capability.READ_PEOPLE),
}


def can_close_class(user: object, training_class: TrainingClass) -> bool:
    """Whether `user` may close this class; whether she has another duty in it, the service looks."""
    return may(user, Capability.CLOSE_CLASS, code=training_class.county_code)


def token_scopes(token: ApiToken, reads: str, on: date | None = None) -> list[str]:
    """Return the codes of the regions of which a token may read this.

    They lie in its own region as it is coded that day, and wherever its owner may read the same herself: a
    token dies with the appointment of who made it.
    """
    day = on or timezone.localdate()
    version = version_on(token.region, day)
    if reads not in token.reads or version is None:
        return []
    scopes = [version.code]
    for capability in _NEEDED[ApiToken.Reads(reads)]:
        scopes = _overlap(scopes, scope_codes(token.owner, capability, day))
    return scopes


def _overlap(some: list[str], others: list[str]) -> list[str]:
    """Return the regions that lie in both, as codes: the longer of two where one begins with the other."""
    both = {max(a, b, key=len) for a in some for b in others if a.startswith(b) or b.startswith(a)}
    return sorted(both)
