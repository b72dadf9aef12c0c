"""What the sign-in templates need besides allauth's context."""

from django import template
from django.conf import settings
from django.urls import reverse

from registry.forms.sign_in import PhoneForm
from registry.masking import mask_phone

register = template.Library()


@register.simple_tag
def phone_form() -> PhoneForm:
    """Return an empty form for the first step of signing in."""
    return PhoneForm()


@register.simple_tag
def outbox_url() -> str:
    """Return where the demo shows its text messages; an empty text outside the demo."""
    return reverse("registry:outbox") if settings.DEMO else ""


@register.filter
def masked_phone(phone: str) -> str:
    """Return a number as it may be shown: 138****5678."""
    return mask_phone(phone)
