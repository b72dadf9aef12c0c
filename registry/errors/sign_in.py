"""Signing in: messages, linking, cards, stations and lost numbers."""

from django.utils.translation import gettext_lazy as _

from registry.errors.base import RegistryError


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


class LinkNeedsName(RegistryError):
    """Two people of a family share the phone and the four characters."""

    code = "link_needs_name"
    message = _("Please also give your name as it stands on your ID card.")


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
