"""Forms of the run-of-show."""

import re
import uuid
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from courses.errors import CourseError
from courses.uploads import CheckedFile, check_file
from livestream.blueprints import BLUEPRINTS
from livestream.models import LiveSession, ProductCard, RoomMark, RunSegment
from livestream.models.run_of_show import MAX_SEGMENT_SECONDS
from livestream.queries import REHEARSAL_CONSENTS
from livestream.services import Mark


class StartRunForm(forms.Form):
    """Which blueprint to begin with."""

    blueprint = forms.ChoiceField(choices=[(key, key) for key in BLUEPRINTS])
    client_token = forms.UUIDField()


class StartRehearsalForm(forms.Form):
    """The token that makes one click one rehearsal."""

    client_token = forms.UUIDField()


class TitleForm(forms.Form):
    """The title of a run-of-show."""

    title = forms.CharField(label=_("Title"), max_length=80)


class SegmentForm(forms.ModelForm):
    """One segment. Minutes and seconds apart: a number pad is enough."""

    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=MAX_SEGMENT_SECONDS // 60)
    seconds = forms.IntegerField(label=_("Seconds"), min_value=0, max_value=59)
    product = forms.TypedChoiceField(label=_("Product"), coerce=uuid.UUID, required=False, empty_value=None)

    class Meta:
        model = RunSegment
        fields = ["kind", "script", "cue"]
        widgets = {"script": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"script": _("Write as you speak. What stands in 【】 is not spoken.")}

    field_order = ["kind", "minutes", "seconds", "script", "cue", "product"]

    def __init__(self, *args: Any, products: list[ProductCard], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        planned = self.instance.planned_seconds or 30
        self.fields["minutes"].initial, self.fields["seconds"].initial = divmod(planned, 60)
        self.fields["product"].choices = [("", _("none")), *((card.key, card.name) for card in products)]  # type: ignore[attr-defined]
        if self.instance.product:
            self.fields["product"].initial = self.instance.product.key

    def clean(self) -> dict[str, Any]:
        """Add minutes and seconds up to `planned_seconds`."""
        cleaned = super().clean() or {}
        planned = 60 * (cleaned.get("minutes") or 0) + (cleaned.get("seconds") or 0)
        if not self.errors and not 1 <= planned <= MAX_SEGMENT_SECONDS:
            self.add_error("seconds", ValidationError(_("A segment takes between one second and one hour.")))
        return {**cleaned, "planned_seconds": planned}

    def values(self) -> dict[str, Any]:
        """Return what `save_segment` writes."""
        return {
            key: self.cleaned_data[key] for key in ("kind", "planned_seconds", "script", "cue", "product")
        }


class ProductForm(forms.ModelForm):
    """One product card with its picture."""

    photo = forms.FileField(
        label=_("Picture"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"})
    )

    class Meta:
        model = ProductCard
        fields = [
            "name",
            "origin",
            "variety",
            "grade",
            "taste",
            "weight",
            "price",
            "dispatch",
            "after_sales",
            "papers",
            "trace_code",
        ]
        help_texts = {
            "grade": _("As measured: 32 mm, 10 pieces 130 g."),
            "dispatch": _("Which day it leaves, with whom."),
            "after_sales": _("What you promise when a piece is bad, and keep."),
            "papers": _("Test report, organic certificate, food licence: what you can show."),
        }

    def clean_photo(self) -> CheckedFile | None:
        """Judge the picture by its content; a video is no picture."""
        file = self.cleaned_data["photo"]
        if file is None:
            return None
        try:
            checked = check_file(file)
        except CourseError as error:
            raise ValidationError(str(error)) from error
        if checked.kind != "photo":
            raise ValidationError(_("Please choose a picture."))
        return checked

    def values(self) -> dict[str, Any]:
        """Return what `save_product` writes, without the picture."""
        return {field: self.cleaned_data[field] for field in self.Meta.fields}


class RehearsalConsentForm(forms.Form):
    """One consent about rehearsals, given or taken back."""

    item = forms.ChoiceField(choices=[(item.value, item.label) for item in REHEARSAL_CONSENTS])
    agree = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")


class MarksForm(forms.Form):
    """The marks a phone sends, as JSON."""

    MOST = 500
    _KEY = re.compile(r"[\w-]{1,60}")

    marks = forms.JSONField(required=False)

    def __init__(self, *args: Any, session: LiveSession, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_marks(self) -> list[Mark]:
        """Return the marks; one that is nonsense makes all of them so."""
        sent = self.cleaned_data["marks"]
        if sent is None:
            return []
        if not isinstance(sent, list) or len(sent) > self.MOST:
            raise ValidationError(_("These are no marks of a rehearsal."))
        return [self._mark(each) for each in sent]

    def _mark(self, sent: Any) -> Mark:
        try:
            kind, key = RoomMark.Kind(sent["kind"]), str(sent["key"])
            at = parse_datetime(sent["at"])
            if not self._KEY.fullmatch(key) or at is None or at.tzinfo is None:
                raise ValueError(key)
        except (KeyError, TypeError, ValueError) as error:
            raise ValidationError(_("These are no marks of a rehearsal.")) from error
        earliest = self.session.created_at - timedelta(hours=1)
        return Mark(kind, key, min(max(at, earliest), timezone.now()))


class RecordingFileForm(forms.Form):
    """A video filmed with the phone's own camera, for who has no camera on the page."""

    file = forms.FileField(label=_("Video file"), widget=forms.FileInput(attrs={"accept": "video/*,audio/*"}))


class KeepForm(forms.Form):
    """Why a recording has to stay."""

    reason = forms.CharField(label=_("Why it has to stay"), max_length=300)


class DeclaredPartForm(forms.Form):
    """What a sender says a part of its recording consists of."""

    part = forms.IntegerField(min_value=0, max_value=32_000)
    chunks = forms.IntegerField(min_value=0, max_value=1_000_000)
    seconds = forms.FloatField(min_value=0, required=False)

    def values(self) -> dict[str, Any]:
        """Return what `services.Declared` is made of."""
        return {key: self.cleaned_data[key] for key in ("part", "chunks", "seconds")}
