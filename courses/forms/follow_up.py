"""Forms of follow-up: a visit, a shop, a claim and its verification, a coach, an income band."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from courses.errors import CourseError, UnreadableFile
from courses.models import Enrolment, IncomeDeclaration, Outcome, OutcomeDecision, Shop, Visit
from courses.services.follow_up import Claim, Seen
from courses.uploads import CheckedFile, check_file
from registry.models import Person, User

_DATE = forms.DateInput(attrs={"type": "date"})
_NOTE = forms.Textarea(attrs={"rows": 3})


class SentOnce(forms.Form):
    """A form whose repeated sending is recognised by its token."""

    client_token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["client_token"].initial = uuid.uuid4()


class VisitForm(SentOnce):
    """What a coach saw, and what comes next."""

    visited_on = forms.DateField(label=_("Visited on"), widget=_DATE)
    way = forms.ChoiceField(label=_("How"), choices=Visit.Way)
    help = forms.ChoiceField(label=_("Help with"), choices=Visit.Help)
    found = forms.CharField(label=_("What I saw"), max_length=500, widget=_NOTE)
    next_step = forms.CharField(label=_("What comes next"), max_length=300, required=False)
    next_on = forms.DateField(label=_("Next visit on"), widget=_DATE, required=False)

    def clean(self) -> dict[str, Any]:
        """The next visit comes after this one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        visited_on, next_on = given.get("visited_on"), given.get("next_on")
        if visited_on and next_on and next_on <= visited_on:
            self.add_error("next_on", _("The next visit comes after this one."))
        return given

    @property
    def seen(self) -> Seen:
        """The visit as the service takes it."""
        return Seen(**{name: self.cleaned_data[name] for name in self.fields if name != "client_token"})


class ShopForm(forms.Form):
    """A link to where a trainee sells."""

    channel = forms.ChoiceField(label=_("Where"), choices=Shop.Channel)
    name = forms.CharField(label=_("Name of the shop"), max_length=80)
    url = forms.URLField(
        label=_("Link"),
        max_length=300,
        assume_scheme="https",
        help_text=_("Copy it from the app: Share, then Copy link."),
    )
    opened_on = forms.DateField(label=_("Open since"), widget=_DATE, required=False)


class ClaimForm(SentOnce):
    """What was achieved, with a picture if there is one."""

    kind = forms.ChoiceField(label=_("What was achieved"), choices=Outcome.Kind)
    happened_on = forms.DateField(label=_("On which day"), widget=_DATE)
    shop = forms.ModelChoiceField(label=_("Shop"), queryset=Shop.objects.none(), required=False)
    employer = forms.CharField(label=_("Employer or mall"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=_NOTE)
    picture = forms.FileField(
        label=_("Picture that proves it"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        help_text=_("A screenshot of the shop or the first order. Cover strangers' names."),
    )

    def __init__(self, *args: Any, shops: Any, family: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = shops  # type: ignore[attr-defined]
        others = list(family)
        if others:
            choices: list[tuple[str, str | Promise]] = [("", _("She runs it herself")), *others]
            self.fields["operator"] = forms.ChoiceField(
                label=_("Who runs the shop by name"),
                choices=choices,
                required=False,
                help_text=_("Of a family's shop only its operator counts."),
            )

    def clean_picture(self) -> CheckedFile | None:
        """Judge the picture by its content; place and device are taken out."""
        sent = self.cleaned_data["picture"]
        if not sent:
            return None
        try:
            checked = check_file(sent)
        except CourseError as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if checked.kind != "photo":
            raise forms.ValidationError(str(UnreadableFile()))
        return checked

    @property
    def claim(self) -> Claim:
        """The claim as the service takes it."""
        given = self.cleaned_data
        operator = Person.objects.filter(uid=given["operator"]).first() if given.get("operator") else None
        return Claim(
            kind=given["kind"],
            happened_on=given["happened_on"],
            shop=given["shop"],
            employer=given["employer"],
            note=given["note"],
            operator=operator,
        )


class DecisionForm(forms.Form):
    """Whether a claim is so, how that was found out, and what was found."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=OutcomeDecision.Verdict, widget=forms.RadioSelect)
    way = forms.ChoiceField(label=_("How was it checked"), choices=OutcomeDecision.Way)
    reason = forms.CharField(label=_("What was found"), max_length=300, widget=_NOTE)


class CoachForm(forms.Form):
    """Who looks after a trainee from today on."""

    coach = forms.ChoiceField(label=_("Coach"))

    def __init__(self, *args: Any, coaches: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._coaches = {str(coach.pk): coach for coach in coaches}
        self.fields["coach"].choices = [  # type: ignore[attr-defined]
            (key, str(coach)) for key, coach in self._coaches.items()
        ]

    @property
    def chosen(self) -> User:
        """The coach who was chosen."""
        return self._coaches[self.cleaned_data["coach"]]


class EarlierForm(forms.Form):
    """Whether somebody sold online before a class."""

    enrolment = forms.ModelChoiceField(queryset=Enrolment.objects.none())
    had_one = forms.TypedChoiceField(
        choices=[("yes", "yes"), ("no", "no")], coerce=lambda word: word == "yes"
    )

    def __init__(self, *args: Any, enrolments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enrolment"].queryset = enrolments  # type: ignore[attr-defined]


class IncomeForm(forms.Form):
    """The monthly bands a trainee declares herself, before and after a class; she may leave them open."""

    enrolment = forms.ModelChoiceField(queryset=Enrolment.objects.none(), widget=forms.HiddenInput)
    before = forms.TypedChoiceField(
        label=_("A month's income from selling, before the class"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    after = forms.TypedChoiceField(
        label=_("A month's income from selling, now"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, enrolments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["enrolment"].queryset = enrolments  # type: ignore[attr-defined]
        for moment in ("before", "after"):
            self.fields[moment].choices = [  # type: ignore[attr-defined]
                ("", _("I would rather not say")),
                *IncomeDeclaration.Band.choices,
            ]
