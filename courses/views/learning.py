"""My learning, and taking a place in a course."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from courses.queries import enrolment_of_user, learning_rows, recent_work
from courses.services import enrol_person
from courses.signals import place_taken
from courses.views.answers import done, published_course
from registry.queries.people import introduction_of, person_of


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
    """Give the visitor a place; one without a person says first who she is: nobody is made twice."""
    page = published_course(slug)
    if enrolment_of_user(request.user, page.course):
        return redirect("courses:course", slug)
    person = person_of(request.user)
    if person is None:
        return redirect(f"{reverse(introduction_of(request.user))}?{urlencode({'next': request.path})}")
    if request.method == "POST":
        enrolment = enrol_person(person=person, course=page.course)
        for _receiver, advice in place_taken.send(sender=type(enrolment), person=person):
            if advice:
                messages.warning(request, advice)
        return done(request, page.plain_path(), _("You have a place. Begin with the first lesson."))
    return render(request, "courses/enrol.html", {"page": page})
