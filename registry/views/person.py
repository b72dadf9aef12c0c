"""After the first sign-in: is she on the county's list, and if not, who is she."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from registry.errors import LinkClosed, LinkWrong
from registry.forms.person import IntroductionForm, LinkForm
from registry.models import SentMessage, User
from registry.queries.people import people_to_link, person_of
from registry.services.sign_in import is_link_closed

_OUTBOX_SIZE = 30


@never_cache
@login_required
def link_person(request: HttpRequest) -> HttpResponse:
    """Ask for the last four characters of the ID number, if somebody on the list has this phone."""
    user = _user(request)
    onward = _onward(request)
    if person_of(user):
        return redirect(onward)
    if is_link_closed(user) or not people_to_link(user):
        return redirect(f"{reverse('registry:introduce')}?{urlencode({'next': onward})}")
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            form.save(user)
        except (LinkWrong, LinkClosed) as error:
            form.add_error("last_four", str(error))
        else:
            messages.success(request, _("You are linked to the county's list. Welcome!"))
            return redirect(onward)
    return render(request, "registry/link_person.html", {"form": form, "onward": onward})


@never_cache
@login_required
def introduce(request: HttpRequest) -> HttpResponse:
    """Ask for her name and village."""
    user = _user(request)
    onward = _onward(request)
    if person_of(user):
        return redirect(onward)
    form = IntroductionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        form.save(user)
        return redirect(onward)
    context = {"form": form, "onward": onward, "is_link_closed": is_link_closed(user)}
    return render(request, "registry/introduce.html", context)


@never_cache
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The demo's text messages, newest first; anywhere else this page does not exist."""
    if not settings.DEMO:
        raise Http404
    return render(request, "registry/outbox.html", {"sent": SentMessage.objects.all()[:_OUTBOX_SIZE]})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - behind login_required
    return request.user


def _onward(request: HttpRequest) -> str:
    """Where she was going: only ever a page of this site."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if is_ours else settings.LOGIN_REDIRECT_URL
