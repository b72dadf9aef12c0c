"""What the clerk chooses on a paper."""

from typing import IO, Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from certificates.errors import UnreadablePicture
from certificates.models import CertificateTemplate
from certificates.pictures import BACKGROUND_PIXELS, SEAL_PIXELS, clean_picture
from certificates.services import save_template
from certificates.wording import BLANKS, BLANKS_EN, forbidden_claims, unknown_blanks
from registry.models import RegionVersion, User
from registry.typesetting import named, unprintable_characters

_MOST_BYTES = 10_000_000


class WordingForm(forms.ModelForm):
    """Texts and pictures of a template. Forbidden words are refused with the reason."""

    new_seal = forms.FileField(
        label=_("Picture of the seal"),
        required=False,
        help_text=_(
            "PNG on a clear ground. It is decoration: the signature in the file proves the paper,"
            " and only the body's keeper of the seal stamps it. No emblem of the state, no logo of others."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    no_seal = forms.BooleanField(label=_("No picture of a seal"), required=False)
    new_background = forms.FileField(
        label=_("Background picture"),
        required=False,
        help_text=_("Light and quiet, A4 across."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    no_background = forms.BooleanField(label=_("No background picture"), required=False)

    class Meta:
        model = CertificateTemplate
        fields = CertificateTemplate.TEXTS
        widgets = {"body": forms.Textarea(attrs={"rows": 4}), "body_en": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, blanks in (("body", BLANKS), ("body_en", BLANKS_EN)):
            self.fields[name].help_text = _("Blanks you can use: %(blanks)s") % {
                "blanks": " ".join(f"{{{blank}}}" for blank in blanks)
            }

    def clean_body(self) -> str:
        """Refuse a blank that stands for nothing."""
        return self._with_known_blanks("body", BLANKS)

    def clean_body_en(self) -> str:
        """Refuse a blank that stands for nothing."""
        return self._with_known_blanks("body_en", BLANKS_EN)

    def clean_new_seal(self) -> IO[bytes] | None:
        """Refuse what is no picture."""
        return self._picture("new_seal", SEAL_PIXELS)

    def clean_new_background(self) -> IO[bytes] | None:
        """Refuse what is no picture."""
        return self._picture("new_background", BACKGROUND_PIXELS)

    def clean(self) -> dict[str, Any]:
        """Refuse forbidden claims and characters that cannot be printed, each at its field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in CertificateTemplate.TEXTS:
            text = cleaned.get(name, "")
            for claim in forbidden_claims(text):
                self.add_error(name, _("“%(word)s” must not stand here. %(reason)s") % vars(claim))
            missing = unprintable_characters(text.replace("\r\n", ""))
            if missing:
                self.add_error(name, _("No font here holds %(characters)s.") % {"characters": named(missing)})
        return cleaned

    def chosen_pictures(self) -> dict[str, bytes]:
        """Return the pictures as they would be kept, empty where none is wanted; for the preview."""
        chosen = {}
        for name, most in (("seal", SEAL_PIXELS), ("background", BACKGROUND_PIXELS)):
            if self.cleaned_data[f"new_{name}"]:
                chosen[name] = clean_picture(self.cleaned_data[f"new_{name}"], most)
            elif self.cleaned_data[f"no_{name}"]:
                chosen[name] = b""
        return chosen

    def save_for(self, *, county: RegionVersion, kind: str, by: User) -> CertificateTemplate:
        """Save what was chosen as the template of a county's paper."""
        pictures: dict[str, IO[bytes] | None] = {}
        for name in ("seal", "background"):
            if self.cleaned_data[f"new_{name}"]:
                pictures[name] = self.cleaned_data[f"new_{name}"]
            elif self.cleaned_data[f"no_{name}"]:
                pictures[name] = None
        return save_template(
            county=county.region,
            county_code=county.code,
            kind=kind,
            wording={name: self.cleaned_data[name] for name in CertificateTemplate.TEXTS},
            pictures=pictures,
            by=by,
        )

    def _with_known_blanks(self, name: str, blanks: dict[str, str]) -> str:
        text: str = self.cleaned_data[name]
        unknown = unknown_blanks(text, blanks)
        if unknown:
            raise forms.ValidationError(
                _("No blank is called %(names)s.") % {"names": " ".join(f"{{{each}}}" for each in unknown)}
            )
        return text

    def _picture(self, name: str, most: int) -> UploadedFile | None:
        picture: UploadedFile | None = self.cleaned_data[name]
        if not picture:
            return None
        try:
            if (picture.size or 0) > _MOST_BYTES:
                raise UnreadablePicture
            clean_picture(picture, most)
        except UnreadablePicture:
            raise forms.ValidationError(
                _("This is no picture we take: PNG, JPEG or WebP up to 10 MB.")
            ) from None
        picture.seek(0)
        return picture
