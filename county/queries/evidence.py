"""What proves one person's person-times: minutes with their sheets, and the papers she earned."""

from dataclasses import dataclass, field

from django.db.models import Q

from certificates.models import Certificate
from county.maps import Asked
from county.queries.people import PersonTime, people_behind
from courses.models import Attendance
from registry.models import Person
from registry.queries.people import records_of

_MOST = 200  # classes of one person


@dataclass(frozen=True)
class Proven:
    """A person-time with the rows of the ledger and the certificates behind it."""

    person_time: PersonTime
    attendances: list[Attendance] = field(default_factory=list)
    certificates: list[Certificate] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """The sum of the rows, corrections included; of several records it may be more than is counted."""
        return sum(row.minutes for row in self.attendances)


def evidence_of(asked: Asked, person: Person) -> list[Proven]:
    """Return the person-times of one human being among those of a question, each with its evidence."""
    root = person.kept_as_id or person.pk
    found = people_behind(asked, measure="", person=root, most=_MOST)
    proven = {one.training_class.pk: Proven(one) for one in found}
    hers = Q(person__in=records_of(person), training_class__in=proven)
    rows = Attendance.objects.filter(
        enrolment__person__in=records_of(person), enrolment__training_class__in=proven
    )
    for row in rows.select_related("enrolment", "sitting", "site").order_by("on_date", "pk"):
        proven[row.enrolment.training_class_id].attendances.append(row)
    for certificate in Certificate.objects.filter(hers).order_by("issued_at", "version"):
        proven[certificate.training_class_id].certificates.append(certificate)
    return list(proven.values())
