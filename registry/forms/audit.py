"""What the log is asked: when, what, who, about whom, from where."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from registry.models import AuditAction, Person, User

_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AuditForm(forms.Form):
    """The question as it stands in an address: staff by user name, people by their uid."""

    since = forms.DateField(label=_("From"), required=False, widget=_DAY)
    until = forms.DateField(label=_("To"), required=False, widget=_DAY)
    action = forms.ChoiceField(
        label=_("What"), required=False, choices=[("", _("everything")), *AuditAction.choices]
    )
    actor = forms.CharField(label=_("Who (user name)"), required=False, max_length=150)
    network = forms.CharField(label=_("Network"), required=False, max_length=43)
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean_actor(self) -> User | None:
        """Return the user of that name."""
        name = self.cleaned_data["actor"].strip()
        if not name:
            return None
        user = User.objects.filter(username=name).first()
        if user is None:
            raise forms.ValidationError(_("Nobody signs in under this name."))
        return user

    def clean_person(self) -> Person | None:
        """Return the person; an unknown one leaves no entry to show."""
        uid = self.cleaned_data["person"]
        if not uid:
            return None
        person = Person.objects.filter(uid=uid).first()
        if person is None:
            raise forms.ValidationError(_("Nobody was found."))
        return person

    @property
    def asked(self) -> dict[str, Any]:
        """The question as `audit_entries` takes it; days are whole days here."""
        answers = self.cleaned_data
        until = answers.get("until")
        return {
            "actor": answers.get("actor"),
            "person": answers.get("person"),
            "action": answers.get("action", ""),
            "network": answers.get("network", "").strip(),
            "since": _begin(answers.get("since")),
            "until": _begin(until + timedelta(days=1) if until else None),
        }


class PersonNumberForm(forms.Form):
    """A number typed to look somebody up; sent by POST, it never stands in an address."""

    number = forms.CharField(
        label=_("ID number or temporary number"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _begin(day: Any) -> datetime | None:
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None
