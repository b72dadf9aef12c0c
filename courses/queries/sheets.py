"""What is printed on the sign-in sheet of a sitting and site."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from courses.models import Enrolment, SittingSite
from courses.queries.sittings import roster_of
from courses.sheet_printing import SheetLine, SignInSheet
from registry.masking import mask_phone


def sheet_of(site: SittingSite) -> SignInSheet:
    """Return the sheet of a site: the roster, with the last four of each ID and masked phones."""
    sitting, training_class = site.sitting, site.sitting.training_class
    begins, ends = timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)
    with translation.override("zh-hans"):
        kind = str(sitting.get_kind_display())
        number = _("sitting %(number)s, %(kind)s") % {"number": sitting.number, "kind": kind}
        address = reverse("courses:site_sheet", args=[site.uid])
        return SignInSheet(
            course=training_class.course.name,
            class_label=training_class.label,
            sitting=number,
            topic=sitting.topic,
            when=f"{begins:%Y-%m-%d %H:%M} – {ends:%H:%M}",
            site=site.name,
            lead_teacher=training_class.lead_teacher,
            tutor=site.tutor_label,
            address=f"{settings.SITE_URL.rstrip('/')}{address}",
            day=sitting.on_date,
            lines=[_line(place) for place in roster_of(training_class)],
        )


def _line(place: Enrolment) -> SheetLine:
    person = place.person
    return SheetLine(
        seat=place.seat or 0,
        name=person.name,
        place=place.village_version.name if place.village_version else "",
        last_four=person.id_number[-4:],
        phone=mask_phone(person.phone) if person.phone_sealed else "",
    )
