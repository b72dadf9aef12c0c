"""The person-times behind the figures, one by one."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from county.facts import refresh_facts
from county.maps import Asked
from county.measures import BEHIND, EVERYBODY
from county.queries.regions import place_names
from courses.models import TrainingClass
from registry.masking import mask_name


@dataclass(frozen=True)
class PersonTime:
    """One person-time as staff may see it: who (masked), from where, in which class."""

    masked_name: str
    village: str
    training_class: TrainingClass
    minutes: int
    was_registered: bool
    was_ever_registered: bool
    was_monitored: bool
    is_completed: bool
    is_certified: bool
    person_id: int
    person_uid: UUID


@dataclass(frozen=True, slots=True)
class Size:
    """How many person-times stand behind a figure, and how many different people."""

    person_times: int
    people: int


def people_behind(
    asked: Asked, *, measure: str = EVERYBODY, person: int | None = None, first: int = 0, most: int = 50
) -> list[PersonTime]:
    """Return the person-times behind a figure of a question, names masked, newest first.

    Without a measure places in open classes are among them. `person` narrows them to one human being, `first`
    is how many to leave out, `most` how many to return at most.
    """
    place, _within = asked.columns()
    sql = f"""{_counted(asked)}
        SELECT p.name, f.{place}, f.training_class_id, f.minutes, f.was_registered, f.was_ever_registered,
               f.was_monitored, f.is_completed, f.is_certified, f.person_id, p.uid
        FROM counted f JOIN registry_person p ON p.id = f.person_id
        WHERE {BEHIND[measure] if measure else "true"}
          AND (%(person)s::bigint IS NULL OR f.person_id = %(person)s)
        ORDER BY f.ends_on DESC, f.training_class_id, f.person_id LIMIT %(most)s OFFSET %(first)s"""  # noqa: S608 - constants of `maps` and `measures`
    values = asked.parameters | {"person": person, "most": most, "first": first}
    refresh_facts(asked.today)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found = cursor.fetchall()
    classes = TrainingClass.objects.select_related("course").in_bulk({row[2] for row in found})
    names = place_names({row[1] for row in found if row[1]})
    return [
        PersonTime(mask_name(name), names.get(place, ""), classes[class_id], *facts)
        for name, place, class_id, *facts in found
    ]


def size_behind(asked: Asked, measure: str = EVERYBODY) -> Size:
    """Return how many rows `people_behind` has for a figure, and of how many people."""
    sql = f"""{_counted(asked)}
        SELECT count(*), count(DISTINCT f.person_id) FROM counted f WHERE {BEHIND[measure]}"""  # noqa: S608 - constants
    refresh_facts(asked.today)
    with connection.cursor() as cursor:
        cursor.execute(sql, asked.parameters)
        return Size(*cursor.fetchone())


def _counted(asked: Asked) -> str:
    """Return the facts of a question under the name `counted`."""
    _place, within = asked.columns()
    return f"WITH counted AS (SELECT f.* FROM county_countedplace f WHERE {asked.condition(within)})"  # noqa: S608 - constants of `maps`
