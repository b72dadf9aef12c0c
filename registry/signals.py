"""Finished facts that apps above may act on."""

from django.dispatch import Signal

# Sent in the withdrawing transaction with person (Person) and items (list of Consent.Item values): whoever
# publishes or hands on by that consent takes it back.
consent_withdrawn = Signal()
