"""The form of the pattern page, with one field of every kind the site uses."""

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = [("fruit", _("Fruit")), ("eggs", _("Eggs")), ("grain", _("Grain and nuts"))]


class PatternForm(forms.Form):
    """Never saved: it shows how fields look."""

    phone = forms.RegexField(
        r"^1\d{10}$", label=_("Mobile number"), help_text=_("11 digits. We send a code to this number.")
    )
    village = forms.ChoiceField(label=_("Village"), choices=[("", "—"), ("1", "允山镇"), ("2", "上江圩镇")])
    kind = forms.ChoiceField(label=_("What do you sell?"), choices=KINDS, widget=forms.RadioSelect)
    also = forms.MultipleChoiceField(
        label=_("And what else?"), choices=KINDS, widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    photo = forms.FileField(label=_("Photo of your box"))
    consent = forms.BooleanField(label=_("You may call me after the course"))
