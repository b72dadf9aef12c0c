"""How long a password must be, said in our words: Django's Chinese lacks this sentence."""

from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext as _


class LengthValidator(MinimumLengthValidator):
    """At least eight characters."""

    def get_error_message(self) -> str:
        """Return what to do instead."""
        return _("Please take at least %(count)s characters.") % {"count": self.min_length}

    def get_help_text(self) -> str:
        """Return the rule as a wish."""
        return self.get_error_message()
