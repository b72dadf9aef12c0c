"""Finished facts that apps above may act on."""

from django.dispatch import Signal

# Sent in the withdrawing transaction with person (Person) and items (list of Consent.Item values): whoever
# publishes or hands on by that consent takes it back.
consent_withdrawn = Signal()

# Sent in the recording transaction with change (RegionChange) and replaced (dict: id of the RegionVersion
# that ended to the id of the one its region has since; places that ended are not in it). Who keeps the
# version in force on a fact's day moves facts dated on or after change.on: decisions are recorded late.
regions_changed = Signal()

# Sent in the deleting transaction with person (Person), her name and numbers gone: whoever keeps texts or
# files of hers that no count and no certificate rests on takes them away.
person_erased = Signal()
