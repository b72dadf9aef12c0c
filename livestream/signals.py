"""Finished facts of livestream coaching."""

from django.dispatch import Signal

# Sent in the transaction that puts a new recording in place, with session (LiveSession): whoever measures
# recordings measures this one.
recording_built = Signal()
