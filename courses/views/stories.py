"""The office tells what a trainee achieved, when she agrees to it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.stories import StoryForm
from courses.permissions import follow_up_scopes
from courses.queries.follow_up import trained_people, verified_outcomes
from courses.queries.stories import stories_shown, story_of
from courses.services.stories import publish_story, take_off_stories
from courses.views.class_door import StaffRequest
from registry.capabilities import Capability
from registry.models import Consent, Person
from registry.queries.consent import has_consent
from registry.queries.people import records_of


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def story(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Write and publish her story; the page says what is missing for it."""
    person = _person(request, uid)
    told = story_of(person)
    form = StoryForm(
        request.POST if request.method == "POST" else None, instance=None if request.POST else told
    )
    if request.method == "POST" and form.is_valid() and _published(request, person, form):
        return redirect("courses:story", uid)
    today = timezone.localdate()
    context = {
        "person": person,
        "form": form,
        "story": told,
        "is_shown": bool(told and stories_shown(today).filter(pk=told.pk).exists()),
        "agrees": has_consent(person, Consent.Item.SUCCESS_STORY, today),
        "verified": verified_outcomes().filter(person__in=records_of(person)),
    }
    return render(request, "courses/follow_up/story.html", context)


@login_required
@require_POST
def take_off(request: StaffRequest, uid: UUID) -> HttpResponse:
    """Take her story off the site."""
    take_off_stories(person=_person(request, uid), by=request.user)
    messages.success(request, _("The story is no longer on the site."))
    return redirect("courses:story", uid)


def _person(request: StaffRequest, uid: UUID) -> Person:
    scopes = follow_up_scopes(request.user, Capability.VERIFY_OUTCOME)
    return get_object_or_404(trained_people(scopes, timezone.localdate()), uid=uid)


def _published(request: StaffRequest, person: Person, form: StoryForm) -> bool:
    try:
        publish_story(person=person, by=request.user, **form.cleaned_data)
    except CourseError as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("The story is on the site."))
    return True
