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


class RegionDataMissing(RegistryError):
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


class RosterUnreadable(RegistryError):
    """The file is not a spreadsheet we can open, or has no header row we know."""

    code = "file_unreadable"
    message = _("The file cannot be read: %(reason)s")


class MessageNotSent(RegistryError):
    """The provider refused or did not answer; `values["reason"]` names why, without personal data."""

    code = "message_not_sent"
    message = _("The text message could not be sent. Please try again in a few minutes.")


class LinkClosed(RegistryError):
    """Five wrong answers: no more today."""

    code = "link_closed"
    message = _("Too many wrong answers. Please try again tomorrow, or ask your village station.")


class LinkWrong(RegistryError):
    """The four characters fit no record that this person may be."""

    code = "link_wrong"
    message = _("These four characters do not fit. Please look at your ID card again.")


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


class IndexKeyMissing(RegistryError):
    """Without the old index key beside the new one, lookups would fail while hashes are rewritten."""

    code = "index_key_missing"
    message = _("SEAL_INDEX_KEYS_ALSO must hold the old index key while the index is rewritten.")


class LinkNeedsName(RegistryError):
    """Two people of a family share the phone and the four characters."""

    code = "link_needs_name"
    message = _("Please also give your name as it stands on your ID card.")


# Correcting a status


class StatusReasonMissing(RegistryError):
    """A spell is ended after the fact only with the reason why."""

    code = "status_reason_missing"
    message = _("Please write why the status is taken back.")


class StatusEndWrong(RegistryError):
    """The day lies before the spell's first or after its last, or the spell holds on no day any more."""

    code = "status_end_wrong"
    message = _("This date does not fit: it lies outside the time the status held.")


# One person, once: merging records and undoing it.


class MergeRefused(RegistryError):
    """Two records that cannot be made one, or two again, as asked."""

    code = "merge_refused"


class MergeSamePerson(MergeRefused):
    """Both are one record already, so there is nothing to merge."""

    code = "merge_same_person"
    message = _("These two are one person already.")


class MergeAlreadyDone(MergeRefused):
    """One of the two was made one with somebody else meanwhile."""

    code = "merge_already_done"
    message = _("One of the two has been merged meanwhile. Please look at the pair again.")


class MergeContradicts(MergeRefused):
    """Two ID cards that somebody has seen, with different numbers, are two people."""

    code = "merge_contradicts"
    message = _("Both ID cards were checked and their numbers differ: these are two people.")


class MergeReasonMissing(MergeRefused):
    """A merge, and its undoing, is explained to whoever looks later."""

    code = "merge_reason_missing"
    message = _("Please write in a few words why.")


class MergeUndoneAlready(MergeRefused):
    """Somebody else, or an earlier click, has undone it."""

    code = "merge_undone_already"
    message = _("This merge has been undone already.")


class MergeIsBuiltUpon(MergeRefused):
    """A later merge went on from this one; that one is undone first."""

    code = "merge_is_built_upon"
    message = _("A later merge rests on this one. Please undo that one first.")


# Rosters


class RosterCancelled(RegistryError):
    """Somebody cancelled the import while it ran; nothing of it was written."""

    code = "roster_cancelled"
    message = _("The import was cancelled. Nothing was changed.")


# Signing in with a card, at a station, with help


class CardNotGood(RegistryError):
    """Cancelled, replaced by a newer one, or its login is closed."""

    code = "card_not_good"
    message = _("This card is no longer good. Please ask your village station for a new one.")


class CardClosed(RegistryError):
    """Too many wrong tries with this card; other cards are not touched."""

    code = "card_closed"
    message = _(
        "Too many wrong tries with this card. Please try again in %(minutes)s minutes, or ask for help."
    )


class PicturesWrong(RegistryError):
    """Not the three pictures, or not in their order."""

    code = "pictures_wrong"
    message = _("These are not your three pictures, or not in your order. Please try again.")


class PicturesNotChosen(RegistryError):
    """A new card, whose pictures are still to be chosen."""

    code = "pictures_not_chosen"
    message = _("Choose your pictures first.")


class PicturesChosenAlready(RegistryError):
    """Choosing anew needs a new card."""

    code = "pictures_chosen_already"
    message = _("The pictures of this card are chosen already. If they are forgotten, ask for a new card.")


class FirstCodeWrong(RegistryError):
    """Not the code on the card's stub."""

    code = "first_code_wrong"
    message = _("This is not the code on the stub of the card.")


class StaffSignsInHerself(RegistryError):
    """Somebody with a role signs in with her password and second factor, never by card or with help."""

    code = "staff_signs_in_herself"
    message = _("This person works for the office and signs in with her own password.")


class PhoneTaken(RegistryError):
    """The number opens the login of somebody else."""

    code = "phone_taken"
    message = _(
        "This number belongs to the login of another person. Are both the same person? Then report it."
    )


class ReasonMissing(RegistryError):
    """Without a reason it is not done."""

    code = "reason_missing"
    message = _("Please write in a few words why.")


# Appointments


class CannotAppointHere(RegistryError):
    """The role or the region is not one this office appoints to; the edge answers as for an unknown place."""

    code = "cannot_appoint_here"
    message = _("Your office does not appoint to this role in this region.")


class AppointsHerself(RegistryError):
    """Nobody gives herself a right, or takes a check away from herself."""

    code = "appoints_herself"
    message = _("Nobody decides about her own appointments. Ask the office above yours.")


class AppointmentOverlaps(RegistryError):
    """The same person already has the same role in the same region on some of these days."""

    code = "appointment_overlaps"
    message = _("This person has this role in this region already, on some of these days.")


class AppointmentEnded(RegistryError):
    """What has ended is history."""

    code = "appointment_ended"
    message = _("This appointment has ended already.")


class EndsBeforeItBegins(RegistryError):
    """The last day lies before the first."""

    code = "ends_before_it_begins"
    message = _("The end lies before the beginning.")


class DeputyIsHerself(RegistryError):
    """A deputy is somebody else."""

    code = "deputy_is_herself"
    message = _("The deputy must be somebody else.")


# The privacy desk


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
