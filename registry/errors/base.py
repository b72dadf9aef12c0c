"""What every error of the registry has: a code and a message in the user's language."""

from django.utils.translation import gettext_lazy as _


class RegistryError(Exception):
    """Root of this app's errors; `code` is stable, `message` is for people."""

    code = "registry"
    message = _("This cannot be done.")

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        return str(self.message) % self.values
