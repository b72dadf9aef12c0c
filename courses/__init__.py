"""What is taught and who learns it: courses and their Wagtail pages, classes, enrolments, progress, marks.

May import registry. Knows nothing of certificates: it sends `signals.course_completed`.
Start reading at `models/course.py` and `models/enrolment.py`, then `services/`.
"""
