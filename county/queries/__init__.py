from county.queries.classes import (
    CLASS_CHOICES,
    class_attendance,
    classes_in,
    classes_to_show,
    unprintable_in,
)
from county.queries.counts import GROUPINGS, answer, count, recount
from county.queries.people import PersonTime, people_behind, size_behind
from county.queries.regions import regions_to_read

__all__ = [
    "CLASS_CHOICES",
    "GROUPINGS",
    "PersonTime",
    "answer",
    "class_attendance",
    "classes_in",
    "classes_to_show",
    "count",
    "people_behind",
    "recount",
    "regions_to_read",
    "size_behind",
    "unprintable_in",
]
