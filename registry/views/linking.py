"""Who a new login is: on the county's list, or registered by herself. Both can be skipped."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registry.errors import LinkClosed, LinkNeedsName, LinkWrong
from registry.forms.linking import LinkForm, RegisterForm
from registry.models import User
from registry.queries.people import is_link_closed, person_of
from registry.services import link_person as link
from registry.services import register_self
from registry.views.consents import asking_consent
from registry.views.sign_in import SignedInRequest, onward


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link_person(request: SignedInRequest) -> HttpResponse:
    """Ask for the last four characters; the page is the same whether or not anybody fits."""
    if person_of(request.user):
        return redirect(onward(request))
    form = LinkForm(request.POST or None)
    if form.is_valid() and _is_linked(request, form):
        return redirect(asking_consent(request))
    is_closed = is_link_closed(request.user, timezone.now())
    return render(
        request, "registry/link_person.html", {"form": form, "is_closed": is_closed, "next": onward(request)}
    )


def _is_linked(request: SignedInRequest, form: LinkForm) -> bool:
    try:
        person = link(user=request.user, **form.cleaned_data)
    except LinkNeedsName as error:
        form.ask_name()
        form.add_error("name", str(error))
    except LinkWrong as error:
        form.add_error("last_four", str(error))
    except LinkClosed:
        request.user.refresh_from_db()
    else:
        if person.user_id != request.user.pk:  # her login is the one of her card; the number is its own now
            get_adapter(request).login(request, User.objects.get(person=person))
        messages.success(request, _("Welcome, %(name)s. You are on the list.") % {"name": person.name})
        return True
    return False


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: SignedInRequest) -> HttpResponse:
    """Ask who somebody is who stands on no list, and lead her on to `next`."""
    if person_of(request.user):
        return redirect(onward(request))
    form = RegisterForm(request.POST or None)
    if form.is_valid() and not form.asks_village:
        _register(request, form)
        return redirect(asking_consent(request))
    return render(request, "registry/register.html", {"form": form, "next": onward(request)})


def _register(request: SignedInRequest, form: RegisterForm) -> None:
    answers = form.cleaned_data
    person = register_self(
        user=request.user,
        name=answers["name"],
        village=form.chosen_village,
        sex=answers["sex"],
        birth_year=answers["birth_year"],
    )
    messages.success(request, _("Welcome, %(name)s.") % {"name": person.name})
