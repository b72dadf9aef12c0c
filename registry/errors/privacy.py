"""Privacy: numbers that are not shown, consents, requests and lists."""

from django.utils.translation import gettext_lazy as _

from registry.errors.base import RegistryError


class RevealReasonTooShort(RegistryError):
    """A number is shown only to somebody who says what for."""

    code = "reveal_reason_too_short"
    message = _("Please write in a few words what you need the number for.")


class RevealNotAllowed(RegistryError):
    """The person is not within the office's region; the edge answers as if she did not exist."""

    code = "reveal_not_allowed"
    message = _("This cannot be shown.")


class RevealLimitReached(RegistryError):
    """More numbers in an hour than office work needs."""

    code = "reveal_limit_reached"
    message = _("You have looked at %(limit)s numbers within an hour. Please go on later.")


class NothingToReveal(RegistryError):
    """The person's record holds no such number."""

    code = "nothing_to_reveal"
    message = _("No number is recorded here.")


class ConsentNotOwn(RegistryError):
    """Over the site itself a person consents for herself only; others bring paper or witnesses."""

    code = "consent_not_own"
    message = _("Only the person herself can agree here.")


class ConsentWitnessesMissing(RegistryError):
    """Spoken consent needs two different people who heard it."""

    code = "consent_witnesses_missing"
    message = _("Spoken consent needs the names of two different witnesses.")


class ConsentGuardianMissing(RegistryError):
    """Below the age of 14 a guardian agrees (PIPL 31)."""

    code = "consent_guardian_missing"
    message = _("For a child under 14 a parent or guardian has to agree.")


class ConsentItemNotInText(RegistryError):
    """Nobody can agree to what the text she was shown does not say."""

    code = "consent_item_not_in_text"
    message = _("The text that was shown does not ask for this.")


class ConsentDateWrong(RegistryError):
    """The day lies ahead, or before the day the consent in force was given."""

    code = "consent_date_wrong"
    message = _("This date does not fit: it lies ahead, or before an earlier entry.")


class ScanUnreadable(RegistryError):
    """A scanned sheet that is neither a picture nor a plain PDF, or too large."""

    code = "scan_unreadable"
    message = _("Please send a photo (JPEG, PNG) or a plain PDF of at most %(size)d MB.")


class RequestNotOwn(RegistryError):
    """Only the person herself asks about her data here."""

    code = "request_not_own"
    message = _("Only the person herself can ask for this.")


class RequestEmpty(RegistryError):
    """A correction that does not say what it should be instead."""

    code = "request_empty"
    message = _("Please write what it should be.")


class RequestDecided(RegistryError):
    """Somebody else has decided it meanwhile, or it decides itself."""

    code = "request_decided"
    message = _("This request is decided already.")


class RequestNeedsAnother(RegistryError):
    """Nobody decides about her own request."""

    code = "request_needs_another"
    message = _("Somebody else has to decide about your own request.")


class RequestNeedsReason(RegistryError):
    """A refusal without a reason cannot be contested (PIPL 50)."""

    code = "request_needs_reason"
    message = _("Please give the reason: she reads it.")


class CorrectionWrong(RegistryError):
    """The new value cannot be right for that field."""

    code = "correction_wrong"
    message = _("This value does not fit.")


class ExportNotAllowed(RegistryError):
    """The list or its region is not for this user."""

    code = "export_not_allowed"
    message = _("This list is not yours to ask for.")


class ExportNeedsAnother(RegistryError):
    """A list of people is approved by somebody else of the office."""

    code = "export_needs_another"
    message = _("Somebody else of the office has to approve this list.")


class ExportDecided(RegistryError):
    """Somebody has decided it meanwhile."""

    code = "export_decided"
    message = _("This list is decided already.")


class ExportTooLong(RegistryError):
    """More rows than may leave at once."""

    code = "export_too_long"
    message = _("The list has more than %(most)d rows. Ask for a smaller region or period.")
