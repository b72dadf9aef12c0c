"""Sittings added, moved, cancelled and confirmed; one sitting with its sites, people and photos."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from courses.errors import CourseError
from courses.forms.classes import CorrectionForm, MoveForm, PhotoForm, ReasonForm, SiteForm, SittingForm
from courses.models import Sitting, SittingPhoto, TrainingClass
from courses.permissions import may_in_class, sees_names_in
from courses.queries.sittings import heads_at, presence_at
from courses.queries.teachers import accounts_to_teach
from courses.services import (
    SitePlan,
    add_photo,
    add_site,
    add_sitting,
    cancel_sitting,
    confirm_sitting,
    correct_minutes,
    move_sitting,
    play_recording,
    remove_sitting,
)
from courses.uploads import thumbnail
from courses.views.class_door import StaffRequest, attempt, for_class, for_sitting
from courses.views.classes import show_class
from registry.capabilities import Capability

C = Capability
_THUMBNAIL = 480


@for_class(C.ENTER_CLASS_DATA)
@require_POST
def add(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """Add a sitting to the plan."""
    form = SittingForm(request.POST)
    if not form.is_valid():
        return show_class(request, training_class, sitting_form=form)
    room = SitePlan(
        training_class.venue,
        training_class.place_region,
        training_class.room_capacity,
        tutor_name=form.cleaned_data["tutor_name"],
    )
    return attempt(
        request,
        lambda: add_sitting(training_class=training_class, plan=form.plan, site=room, by=request.user),
        _("The sitting is in the timetable."),
        "courses:class",
        training_class.uid,
    )


@for_sitting()
@require_GET
def sitting(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Show one sitting: its sites with their sheets, who was there, the photos."""
    return _show(request, sitting)


@for_sitting(C.ENTER_CLASS_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Hold the sitting at another time."""
    form = MoveForm(request.POST or None, initial=_times_of(sitting))
    if form.is_valid():
        try:
            new = move_sitting(
                sitting=sitting,
                starts_at=form.moment("begins"),
                ends_at=form.moment("ends"),
                reason=form.cleaned_data["reason"],
                by=request.user,
            )
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The sitting is moved. Print its sheet anew."))
            return redirect("courses:sitting", new.uid)
    return render(request, "courses/classes/move.html", {"sitting": sitting, "form": form})


@for_sitting(C.ENTER_CLASS_DATA)
@require_POST
def drop(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Take a sitting out of the plan, or cancel it with a reason once the plan is submitted."""
    uid = sitting.training_class.uid
    if sitting.training_class.state == TrainingClass.State.PLANNED:
        said = _("The sitting is out of the timetable.")
        return attempt(
            request, lambda: remove_sitting(sitting=sitting, by=request.user), said, "courses:class", uid
        )
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _show(request, sitting, reason_form=form)
    reason = form.cleaned_data["reason"]
    return attempt(
        request,
        lambda: cancel_sitting(sitting=sitting, reason=reason, by=request.user),
        _("The sitting is cancelled."),
        "courses:class",
        uid,
    )


@for_sitting(C.ENTER_CLASS_DATA)
@require_POST
def site(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Add a receiving site, or name its tutor."""
    form = SiteForm(request.POST, tutors=accounts_to_teach(sitting.training_class))
    if not form.is_valid():
        return _show(request, sitting, site_form=form)
    return attempt(
        request,
        lambda: add_site(
            sitting=sitting, site=form.site, to_all=form.cleaned_data["to_all"], by=request.user
        ),
        _("The site is there."),
        "courses:sitting",
        sitting.uid,
    )


@for_sitting(C.ENTER_CLASS_DATA)
@require_POST
def recording(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Note that a site plays the recording because the link was lost."""
    chosen = request.POST.get("site", "")
    where = next((each for each in sitting.sites.all() if str(each.uid) == chosen), None)
    if where is None:
        messages.error(request, _("Choose a site."))
        return redirect("courses:sitting", sitting.uid)
    return attempt(
        request,
        lambda: play_recording(site=where, since=timezone.now(), by=request.user),
        _("Noted: this site plays the recording."),
        "courses:sitting",
        sitting.uid,
    )


@for_sitting(C.ENTER_CLASS_DATA)
@require_POST
def confirm(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Confirm the sitting: the keyed-in people are as many as the sheets say."""
    return attempt(
        request,
        lambda: confirm_sitting(sitting=sitting, by=request.user),
        _("The sitting is confirmed."),
        "courses:sitting",
        sitting.uid,
    )


@for_sitting(C.ENTER_CLASS_DATA)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: StaffRequest, sitting: Sitting, place: UUID) -> HttpResponse:
    """Correct somebody's minutes of the sitting, with the reason."""
    enrolment = get_object_or_404(sitting.training_class.enrolments.select_related("person"), uid=place)
    row = next((each for each in presence_at(sitting) if each.enrolment == enrolment), None)
    minutes = row.minutes if row else 0
    form = CorrectionForm(request.POST or None, initial={"minutes": minutes})
    if form.is_valid():
        try:
            correct_minutes(enrolment=enrolment, sitting=sitting, by=request.user, **form.cleaned_data)
        except CourseError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The minutes are corrected; what was there before stays in the log."))
            return redirect("courses:sitting", sitting.uid)
    context = {"sitting": sitting, "enrolment": enrolment, "minutes": minutes, "form": form}
    return render(request, "courses/classes/correct.html", context)


@for_sitting(C.ENTER_CLASS_DATA)
@require_POST
def photo(request: StaffRequest, sitting: Sitting) -> HttpResponse:
    """Keep a photo of the sitting."""
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, sitting, photo_form=form)
    given = form.cleaned_data
    return attempt(
        request,
        lambda: add_photo(sitting=sitting, file=given["photo"], view=given["view"], by=request.user),
        _("The photo is kept."),
        "courses:sitting",
        sitting.uid,
    )


@for_sitting()
@require_GET
def photo_file(request: StaffRequest, sitting: Sitting, pk: int) -> HttpResponse:
    """Hand out a photo, small unless the whole is asked for."""
    found: SittingPhoto = get_object_or_404(sitting.photos.exclude(file=""), pk=pk)
    with found.file.open() as kept:
        content = kept.read() if "whole" in request.GET else thumbnail(kept, _THUMBNAIL)
    return HttpResponse(content, content_type="image/jpeg")


def _show(request: StaffRequest, sitting: Sitting, **forms: object) -> HttpResponse:
    names = sees_names_in(request.user, sitting.training_class)
    rows = presence_at(sitting, sees_names=names)
    context = {
        "sitting": sitting,
        "training_class": sitting.training_class,
        "successor": Sitting.objects.filter(moved_from=sitting).first(),
        "sites": [(each, heads_at(each)) for each in sitting.sites.select_related("tutor")],
        "rows": rows,
        "present": sum(row.is_present for row in rows),
        "photos": sitting.photos.select_related("sitting"),
        "may_enter": may_in_class(request.user, C.ENTER_CLASS_DATA, sitting.training_class),
        "is_open": sitting.state in ("planned", "held") and sitting.training_class.state == "open",
        "has_begun": sitting.starts_at <= timezone.now(),
        "site_form": SiteForm(tutors=accounts_to_teach(sitting.training_class)),
        "photo_form": PhotoForm(),
        "reason_form": ReasonForm(),
        **forms,
    }
    return render(request, "courses/classes/sitting.html", context)


def _times_of(sitting: Sitting) -> dict[str, object]:
    begins, ends = timezone.localtime(sitting.starts_at), timezone.localtime(sitting.ends_at)
    return {"day": begins.date(), "begins": begins.time(), "ends": ends.time()}
