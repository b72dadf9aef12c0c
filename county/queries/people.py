"""The person-times behind the figures, one by one."""

from dataclasses import dataclass

from django.db import connection

from county.facts import refresh_facts
from county.maps import Asked
from county.queries.regions import place_names
from courses.models import TrainingClass
from registry.masking import mask_name


@dataclass(frozen=True)
class PersonTime:
    """One counted person-time as staff may see it: who (masked), from where, in which class."""

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


def people_behind(asked: Asked, *, first: int = 0, most: int = 50) -> list[PersonTime]:
    """Return the person-times behind the figures of a question, names masked, newest first.

    `first` is how many to leave out, `most` how many to return at most.
    """
    refresh_facts(asked.today)
    place, within = asked.columns()
    sql = f"""SELECT p.name, f.{place}, f.training_class_id, f.minutes,
        f.was_registered, f.was_ever_registered, f.was_monitored, f.is_completed, f.is_certified, f.person_id
        FROM county_countedplace f JOIN registry_person p ON p.id = f.person_id
        WHERE f.counts AND {asked.condition(within)}
        ORDER BY f.ends_on DESC, f.training_class_id, f.person_id LIMIT %(most)s OFFSET %(first)s"""  # noqa: S608 - constants of `maps`
    with connection.cursor() as cursor:
        cursor.execute(sql, {**asked.parameters, "most": most, "first": first})
        found = cursor.fetchall()
    classes = TrainingClass.objects.select_related("course").in_bulk({row[2] for row in found})
    names = place_names({row[1] for row in found if row[1]})
    return [
        PersonTime(mask_name(name), names.get(place, ""), classes[class_id], *facts)
        for name, place, class_id, *facts in found
    ]
