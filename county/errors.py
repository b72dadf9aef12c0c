"""Why the office's desk could not do something. Every error carries a sentence for the person who tried."""

from django.utils.translation import gettext_lazy as _


class CountyError(Exception):
    """Something an officer tried could not be done; `str()` says why."""

    message = _("This could not be done.")

    def __str__(self) -> str:
        return str(self.args[0] if self.args else self.message)


class MonthNotOver(CountyError):
    """A month is returned when it is over."""

    message = _("This month is not over yet.")


class ReturnExists(CountyError):
    """The county has filled in this month already."""

    message = _("This month is filled in already.")


class LaterMonthSigned(CountyError):
    """Later corrections are stated in order: months are filled in one after another."""

    message = _("A later month is filled in already. What is found out now is stated in the next month.")


class EarlierMonthOpen(CountyError):
    """An earlier return waits for a signature."""

    message = _("An earlier month is not signed yet.")


class SignersMustDiffer(CountyError):
    """One account signs a return once, whatever its rights (A14)."""

    message = _("You have signed this return already. Three different people must sign it.")


class ReturnNotThere(CountyError):
    """The step does not fit the state: somebody was faster."""

    message = _("This return has moved on. Please look at it again.")


class ReturnOutdated(CountyError):
    """The lines no longer fit their fingerprint."""

    message = _("The lines of this return do not fit its fingerprint. Please tell the administrators.")


class TokenTooLong(CountyError):
    """A token that is forgotten must end by itself."""

    message = _("A token holds for a year at most, and until tomorrow at least.")


class FlagNotThere(CountyError):
    """The facts have changed since the page was shown, or somebody else settled it."""

    message = _("This flag is gone or settled already. Please look at the list again.")


class OwnEntries(CountyError):
    """Who entered the data of a class does not say that its flags are fine (A14)."""

    message = _("You entered data of this class. Somebody else must look into its flags.")


class NothingToDraw(CountyError):
    """Only people who attended a closed class are called about it."""

    message = _("Nobody to draw from: no closed class with people who attended.")


class CorrectionNeedsReason(CountyError):
    """A target that was set before is corrected for a reason."""

    message = _("There is a target already. Please say why it is corrected.")


class TooManyViews(CountyError):
    """Saved views are a short list, or nobody finds anything in it."""

    message = _("You have saved as many views as there is room for. Please delete one first.")
