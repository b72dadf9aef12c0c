"""What can go wrong with people, places and rosters, each as a named error with a sentence for its reader."""

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


class RevealReasonTooShort(RegistryError):  # noqa: N818 - errors state the fact
    """A number is shown only to somebody who says what for."""

    code = "reveal_reason_too_short"
    message = _("Please write in a few words what you need the number for.")


class RevealNotAllowed(RegistryError):  # noqa: N818
    """The person is not within the office's region; the edge answers as if she did not exist."""

    code = "reveal_not_allowed"
    message = _("This cannot be shown.")


class RevealLimitReached(RegistryError):  # noqa: N818
    """More numbers in an hour than office work needs."""

    code = "reveal_limit_reached"
    message = _("You have looked at %(limit)s numbers within an hour. Please go on later.")


class NothingToReveal(RegistryError):  # noqa: N818
    """The person's record holds no such number."""

    code = "nothing_to_reveal"
    message = _("No number is recorded here.")


class ConsentNotOwn(RegistryError):  # noqa: N818
    """Over the site itself a person consents for herself only; others bring paper or witnesses."""

    code = "consent_not_own"
    message = _("Only the person herself can agree here.")


class ConsentWitnessesMissing(RegistryError):  # noqa: N818
    """Spoken consent needs two different people who heard it."""

    code = "consent_witnesses_missing"
    message = _("Spoken consent needs the names of two different witnesses.")


class ConsentGuardianMissing(RegistryError):  # noqa: N818
    """Below the age of 14 a guardian agrees (PIPL 31)."""

    code = "consent_guardian_missing"
    message = _("For a child under 14 a parent or guardian has to agree.")


class ConsentItemNotInText(RegistryError):  # noqa: N818
    """Nobody can agree to what the text she was shown does not say."""

    code = "consent_item_not_in_text"
    message = _("The text that was shown does not ask for this.")


class ConsentDateWrong(RegistryError):  # noqa: N818
    """The day lies ahead, or before the day the consent in force was given."""

    code = "consent_date_wrong"
    message = _("This date does not fit: it lies ahead, or before an earlier entry.")


class IndexKeyMissing(RegistryError):  # noqa: N818
    """Without the old index key beside the new one, lookups would fail while hashes are rewritten."""

    code = "index_key_missing"
    message = _("SEAL_INDEX_KEYS_ALSO must hold the old index key while the index is rewritten.")
