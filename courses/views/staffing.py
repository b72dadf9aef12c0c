"""What changes about a class after its plan: how many places it has, and who teaches it by which login."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.forms.classes import CapacityForm, TeacherForm
from courses.models import TrainingClass
from courses.queries.teachers import accounts_to_teach
from courses.services import change_capacity, name_teacher
from courses.views.class_door import StaffRequest, attempt, for_class
from courses.views.classes import show_class
from registry.capabilities import Capability


@for_class(Capability.APPROVE_CLASS)
@require_POST
def capacity(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """Give the class more or fewer places; who waits moves up."""
    form = CapacityForm(request.POST)
    if not form.is_valid():
        return show_class(request, training_class, capacity_form=form)
    return attempt(
        request,
        lambda: change_capacity(training_class=training_class, by=request.user, **form.cleaned_data),
        _("The number of places is changed; who waited has moved up as far as there is room."),
        "courses:class",
        training_class.uid,
    )


@for_class(Capability.ENTER_CLASS_DATA)
@require_POST
def teacher(request: StaffRequest, training_class: TrainingClass) -> HttpResponse:
    """Name the login of the lead teacher."""
    form = TeacherForm(request.POST, accounts=accounts_to_teach(training_class))
    if not form.is_valid():
        return show_class(request, training_class, teacher_form=form)
    return attempt(
        request,
        lambda: name_teacher(
            training_class=training_class, account=form.cleaned_data["account"], by=request.user
        ),
        _("The login of the lead teacher is noted."),
        "courses:class",
        training_class.uid,
    )
