"""The letter about a signed return: its main figures, who signed, where to read it. No trainee is named."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from county.counting import share_text
from county.models import MonthlyReturn
from county.queries.returns import corrections_of
from county.return_files import frozen_count, signatures


def letter(made: MonthlyReturn) -> tuple[str, str]:
    """Return subject and text, in the language of the office."""
    total = frozen_count(made).total
    with translation.override(settings.LANGUAGE_CODE):
        context = {
            "made": made,
            "name": made.figures["name"],
            "total": total,
            "share_heads": share_text(total.poor_share_heads),
            "share_person_times": share_text(total.poor_share_person_times),
            "corrections": len(corrections_of(made)),
            "signatures": signatures(made),
            "site": settings.SITE_URL,
        }
        subject = render_to_string("county/email/return_subject.txt", context)
        return " ".join(subject.split()), render_to_string("county/email/return.txt", context)
