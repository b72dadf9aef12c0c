"""What courses announce to the apps above."""

from django.dispatch import Signal

# Sent once, inside the transaction in which an enrolment was completed (R4); argument: `enrolment`.
course_completed = Signal()

# Asked when somebody took a place herself, with person (Person): a receiver returns a sentence for
# her to read, such as about her name on a certificate, or an empty text.
place_taken = Signal()
