"""My learning, and taking a place in a course."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.forms import IntroductionForm
from courses.queries import enrolment_of_user, learning_rows, recent_work
from courses.services import enrol_person
from courses.views.answers import done, published_course
from registry.queries.people import person_of
from registry.queries.places import villages_by_town
from registry.services import register_self


@require_GET
@login_required
def my_learning(request: HttpRequest) -> HttpResponse:
    """Show the visitor's courses with her progress, and what became of her work."""
    person = person_of(request.user)
    context = {
        "rows": learning_rows(person) if person else [],
        "work": recent_work(person) if person else [],
    }
    return render(request, "courses/my_learning.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def enrol(request: HttpRequest, slug: str) -> HttpResponse:
    """Give the visitor a place; one who is on no roster introduces herself first."""
    page = published_course(slug)
    if enrolment_of_user(request.user, page.course):
        return redirect("courses:course", slug)
    person = person_of(request.user)
    form = None if person else IntroductionForm(request.POST or None, villages=_villages())
    if request.method == "POST" and (form is None or form.is_valid()):
        person = person or register_self(user=request.user, **form.cleaned_data)  # type: ignore[union-attr, arg-type]
        enrol_person(person=person, course=page.course)
        return done(request, page.plain_path(), _("You have a place. Begin with the first lesson."))
    return render(request, "courses/enrol.html", {"page": page, "form": form})


def _villages() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the villages of the home county by town, as choices of a form."""
    return [
        (town.name, [(str(village.region_id), village.name) for village in villages])
        for town, villages in villages_by_town(settings.HOME_COUNTY)
    ]
