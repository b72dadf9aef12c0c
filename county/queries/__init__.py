from county.queries.classes import class_attendance, classes_in, unprintable_in
from county.queries.counts import GROUPINGS, answer, count, recount
from county.queries.people import PersonTime, people_behind
from county.queries.regions import regions_to_read

__all__ = [
    "GROUPINGS",
    "PersonTime",
    "answer",
    "class_attendance",
    "classes_in",
    "count",
    "people_behind",
    "recount",
    "regions_to_read",
    "unprintable_in",
]
