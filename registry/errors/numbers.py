"""ID numbers, phone numbers and the keys they are sealed with: what is wrong with one."""

from django.utils.translation import gettext_lazy as _

from registry.errors.base import RegistryError


class IdNumberError(RegistryError, ValueError):
    """An ID number that cannot be right (GB 11643)."""


class IdNumberLengthError(IdNumberError):
    """Neither 18 characters, nor 15 of the old kind, nor 20 of a disability certificate."""

    code = "id_wrong_length"
    message = _("The ID number must have 18 characters.")


class IdNumberDateError(IdNumberError):
    """Digits 7 to 14 are no day of the calendar."""

    code = "id_bad_date"
    message = _("The birth date in the ID number does not exist.")


class IdNumberFutureError(IdNumberError):
    """The birth date lies ahead of today."""

    code = "id_future_date"
    message = _("The birth date in the ID number lies in the future.")


class IdNumberCheckError(IdNumberError):
    """The last character does not belong to the first seventeen (ISO 7064 MOD 11-2)."""

    code = "id_bad_check"
    message = _("The last character of the ID number does not fit: a digit is wrong.")


class IdNumberNotTextError(IdNumberError):
    """A spreadsheet turned the number into a float and lost its last digits."""

    code = "id_not_text"
    message = _(
        "The spreadsheet has turned the ID number into a number and lost its last digits. "
        "Set the column to text and enter it again."
    )


class PhoneError(RegistryError, ValueError):
    """Not a Chinese mobile number and not a valid number in E.164."""

    code = "phone_invalid"
    message = _("This is not a mobile phone number.")


class IndexKeyMissing(RegistryError):
    """Without the old index key beside the new one, lookups would fail while hashes are rewritten."""

    code = "index_key_missing"
    message = _("SEAL_INDEX_KEYS_ALSO must hold the old index key while the index is rewritten.")
