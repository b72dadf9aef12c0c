"""What courses announce to the apps above."""

from django.dispatch import Signal

# Sent once, inside the transaction in which an enrolment was completed (R4); argument: `enrolment`.
course_completed = Signal()
