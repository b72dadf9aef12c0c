"""The rows behind a figure: the person-times, and of one person what proves each of hers."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from certificates.permissions import can_download_certificate
from county.measures import BEHIND, EVERYBODY, OF_STATUS
from county.monthly_form import columns
from county.queries import people_behind, size_behind
from county.queries.evidence import evidence_of
from county.queries.regions import newest_version
from county.views.access import for_those_who_may
from county.views.asking import ask_again, asked_form, may_see_status, sees_status_in
from courses.permissions import can_see_class
from registry.capabilities import Capability
from registry.masking import mask_name
from registry.models import Person
from registry.permissions import capabilities_of
from registry.queries.people import root_of

PAGE_LENGTH = 50


@for_those_who_may(Capability.READ_FIGURES, Capability.READ_PEOPLE)
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List the person-times behind a figure, names masked."""
    form = asked_form(request, Capability.READ_PEOPLE)
    if not form.is_valid():
        return ask_again(request, form)
    question, sees_status = form.question, may_see_status(request, form)
    measure = request.GET.get("measure", EVERYBODY)
    if measure not in BEHIND or (measure in OF_STATUS and not sees_status):
        raise Http404
    asked = question.asked()
    size = size_behind(asked, measure)
    page = Paginator(range(size.person_times), PAGE_LENGTH).get_page(request.GET.get("page"))
    context = {
        "question": question,
        "region": newest_version(question.region),
        "size": size,
        "measure": {name: text for text, name in columns()}.get(measure, ""),
        "page_obj": page,
        "person_times": people_behind(
            asked, measure=measure, first=max(page.start_index() - 1, 0), most=PAGE_LENGTH
        ),
        "sees_status": sees_status,
    }
    return render(request, "county/people.html", context)


@for_those_who_may(Capability.READ_FIGURES, Capability.READ_PEOPLE)
@require_GET
def person(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what proves the person-times of one person, among those of the question; nobody else's."""
    form = asked_form(request, Capability.READ_PEOPLE)
    if not form.is_valid():
        return ask_again(request, form)
    question = form.question
    found = root_of(get_object_or_404(Person.objects.select_related("kept_as"), uid=uid))
    proven = evidence_of(question.asked(), found)
    if not proven:
        raise Http404
    context = {
        "question": question,
        "masked_name": mask_name(found.name),
        "person": found,
        "proven": [
            {
                "of": one,
                "may_see_class": one.person_time.training_class.is_taught
                and can_see_class(request.user, one.person_time.training_class),
                "certificates": [
                    (paper, paper.is_printed and can_download_certificate(request.user, paper))
                    for paper in one.certificates
                ],
            }
            for one in proven
        ],
        "sees_status": sees_status_in(request, question.region),
        "may_open_record": Capability.OPEN_ADMIN in capabilities_of(request.user)
        and sees_status_in(request, question.region),
    }
    return render(request, "county/person.html", context)
