"""Building a run-of-show. Every step is a page of its own: light, and it works without JavaScript."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from livestream.blueprints import BLUEPRINTS
from livestream.errors import LivestreamError
from livestream.forms import ProductForm, SegmentForm, StartRunForm, TitleForm
from livestream.models import ProductCard, RunOfShow, RunSegment
from livestream.queries import run_of, run_sheet, runs_of
from livestream.services import (
    move_segment,
    put_away,
    remove_product,
    remove_segment,
    rename_run,
    save_product,
    save_segment,
    start_run,
)
from registry.queries.people import introduction_of, person_of

View = Callable[..., HttpResponseBase]


def of_owner(view: View) -> View:
    """Give the view the visitor's own run-of-show; another's and none at all look the same."""

    @login_required
    @wraps(view)
    def with_run(request: HttpRequest, uid: uuid.UUID, **kwargs: Any) -> HttpResponseBase:
        person = person_of(request.user)
        run = run_of(person, uid) if person else None
        if run is None:
            raise Http404
        return view(request, run, **kwargs)

    return with_run


@require_http_methods(["GET", "POST"])
@login_required
def runs(request: HttpRequest) -> HttpResponse:
    """Show her runs-of-show, and begin one; one without a person says first who she is."""
    person = person_of(request.user)
    if person is None:
        return redirect(f"{reverse(introduction_of(request.user))}?{urlencode({'next': request.path})}")
    if request.method == "POST":
        form = StartRunForm(request.POST)
        if form.is_valid():
            blueprint = BLUEPRINTS[form.cleaned_data["blueprint"]]
            token = form.cleaned_data["client_token"]
            return redirect(
                "livestream:run", start_run(person=person, blueprint=blueprint, client_token=token).uid
            )
        messages.error(request, _("Something was missing. Please try again."))
    context = {"runs": runs_of(person), "blueprints": BLUEPRINTS.values(), "client_token": uuid.uuid4()}
    return render(request, "livestream/runs.html", context)


@require_GET
@of_owner
def run(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Show a run-of-show piece by piece, with what to mend."""
    sheet = run_sheet(run)
    context = {
        "run": run,
        "sheet": sheet,
        "title_form": TitleForm(initial={"title": sheet.version.title}),
        "client_token": uuid.uuid4(),
    }
    return render(request, "livestream/run.html", context)


@require_GET
@of_owner
def print_run(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Show the sheet that lies beside the phone: one page of paper."""
    return render(request, "livestream/run_print.html", {"run": run, "sheet": run_sheet(run)})


@require_POST
@of_owner
def rename(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Give it another title."""
    form = TitleForm(request.POST)
    if form.is_valid():
        rename_run(run=run, title=form.cleaned_data["title"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("A title is needed, of at most 80 characters."))
    return redirect("livestream:run", run.uid)


@require_http_methods(["GET", "POST"])
@of_owner
def discard(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Ask, then take it out of the list."""
    if request.method == "GET":
        return render(request, "livestream/run_discard.html", {"run": run, "sheet": run_sheet(run)})
    put_away(run=run)
    messages.success(request, _("Taken out of your list."))
    return redirect("livestream:runs")


@require_GET
@of_owner
def add_segment(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Lead to an empty segment with a key of its own, so that saving it twice makes one."""
    return redirect("livestream:segment", run.uid, uuid.uuid4())


@require_http_methods(["GET", "POST"])
@of_owner
def segment(request: HttpRequest, run: RunOfShow, key: uuid.UUID) -> HttpResponse:
    """Show and save one segment."""
    sheet = run_sheet(run)
    line = next((line for line in sheet.lines if line.segment.key == key), None)
    instance = line.segment if line else RunSegment(key=key, kind=RunSegment.Kind.HOOK)
    form = SegmentForm(request.POST or None, instance=instance, products=sheet.products)
    if request.method == "POST" and form.is_valid():
        try:
            save_segment(run=run, key=key, values=form.values())
        except LivestreamError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('livestream:run', args=[run.uid])}#segment-{key}")
    context = {"run": run, "form": form, "line": line, "key": key, "can_go": line and len(sheet.lines) > 1}
    return render(request, "livestream/segment.html", context)


@require_POST
@of_owner
def change_segment(request: HttpRequest, run: RunOfShow, key: uuid.UUID) -> HttpResponse:
    """Move a segment up or down, or take it out."""
    step = request.POST.get("step")
    try:
        if step in {"up", "down"}:
            move_segment(run=run, key=key, places=-1 if step == "up" else 1)
        elif step == "remove":
            remove_segment(run=run, key=key)
            messages.success(request, _("The segment is out."))
    except LivestreamError as error:
        messages.error(request, str(error))
    anchor = "" if step == "remove" else f"#segment-{key}"
    return redirect(f"{reverse('livestream:run', args=[run.uid])}{anchor}")


@require_GET
@of_owner
def add_product(request: HttpRequest, run: RunOfShow) -> HttpResponse:
    """Lead to an empty product card with a key of its own."""
    return redirect("livestream:product", run.uid, uuid.uuid4())


@require_http_methods(["GET", "POST"])
@of_owner
def product(request: HttpRequest, run: RunOfShow, key: uuid.UUID) -> HttpResponse:
    """Show and save one product card."""
    card = next((card for card in run_sheet(run).products if card.key == key), None)
    form = ProductForm(request.POST or None, request.FILES or None, instance=card or ProductCard(key=key))
    if request.method == "POST" and form.is_valid():
        try:
            save_product(run=run, key=key, values=form.values(), picture=form.cleaned_data["photo"])
        except LivestreamError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('livestream:run', args=[run.uid])}#products")
    return render(request, "livestream/product.html", {"run": run, "form": form, "card": card, "key": key})


@require_POST
@of_owner
def discard_product(request: HttpRequest, run: RunOfShow, key: uuid.UUID) -> HttpResponse:
    """Take a product card out; its segments stay."""
    remove_product(run=run, key=key)
    messages.success(request, _("The product card is out."))
    return redirect(f"{reverse('livestream:run', args=[run.uid])}#products")


@require_GET
@of_owner
def product_picture(request: HttpRequest, run: RunOfShow, key: uuid.UUID) -> FileResponse:
    """Send a product's picture to its owner."""
    card = next((card for card in run_sheet(run).products if card.key == key), None)
    if card is None or not card.picture:
        raise Http404
    return FileResponse(card.picture.open(), content_type="image/jpeg")
