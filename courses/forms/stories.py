"""The office tells a trainee's story."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.models import Story


class StoryForm(forms.ModelForm):
    """What everybody will read."""

    class Meta:
        model = Story
        fields = ["public_name", "title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 10})}
        help_texts = {
            "public_name": _("Ask her: her whole name, a nickname, or only her family name."),
            "text": _(
                "In her words, with what she agreed to tell. Say nothing of poverty or of her household."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.required = True
