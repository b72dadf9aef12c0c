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


class RegionDataMissing(RegistryError):  # noqa: N818 - errors state the fact
    """No data file names the region that was asked for."""

    code = "region_data_missing"
    message = _("No data file holds the region %(code)s.")


class RegionSourceMissing(RegistryError):
    """A package with published places is not installed; `command` gets it."""

    code = "region_source_missing"
    message = _("%(package)s is not there. Get it with: %(command)s")


class ChangeRefused(RegistryError):
    """A change of places that cannot be recorded as entered."""

    code = "change_refused"


class ChangeShapeWrong(ChangeRefused):
    """The places before and after do not fit the kind of change."""

    code = "change_shape_wrong"
    message = _("The places do not fit this kind of change. Please check the codes before and after.")


class ChangeDayWrong(ChangeRefused):
    """The day lies ahead, or before a place became what it is."""

    code = "change_day_wrong"
    message = _("On %(day)s this cannot have happened: the day lies ahead, or the place has changed since.")


class RegionCodeTaken(ChangeRefused):
    """Another place bears the code that this one would get."""

    code = "region_code_taken"
    message = _("The code %(code)s belongs to another place. Give the new code in the list of codes.")


class VillageRefused(RegistryError):
    """A village that cannot be proposed or decided like this."""

    code = "village_refused"


class VillageKnown(VillageRefused):
    """The town has a village of that name."""

    code = "village_known"
    message = _("%(name)s is there already.")


class VillageNotInTown(VillageRefused):
    """What shall hold the village is no town on that day."""

    code = "village_not_in_town"
    message = _("Please choose a town.")


class ProvisionalCodesUsedUp(VillageRefused):
    """A town has a hundred provisional codes, and all are given."""

    code = "provisional_codes_used_up"
    message = _("All provisional codes of this town are in use.")


class VillageDecided(VillageRefused):
    """Somebody else decided first."""

    code = "village_decided"
    message = _("This has been decided already.")


class VillageNeedsAnother(VillageRefused):
    """Who proposes a village does not approve it (A14)."""

    code = "village_needs_another"
    message = _("Somebody else has to decide what you have proposed.")


class RosterUnreadable(RegistryError):  # noqa: N818
    """The file is not a spreadsheet we can open, or has no header row we know."""

    code = "file_unreadable"
    message = _("The file cannot be read: %(reason)s")


class MessageNotSent(RegistryError):  # noqa: N818
    """The provider refused or did not answer; `values["reason"]` names why, without personal data."""

    code = "message_not_sent"
    message = _("The text message could not be sent. Please try again in a few minutes.")


class LinkClosed(RegistryError):  # noqa: N818
    """Five wrong answers: no more today."""

    code = "link_closed"
    message = _("Too many wrong answers. Please try again tomorrow, or ask your village station.")


class LinkWrong(RegistryError):  # noqa: N818
    """The four characters fit no record that this person may be."""

    code = "link_wrong"
    message = _("These four characters do not fit. Please look at your ID card again.")
