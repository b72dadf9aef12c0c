"""What a yes and a no to each item changes, in plain words; what is written here has to be true."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from registry.models import Consent

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

TITLES: "dict[str, StrOrPromise]" = {
    Consent.Item.ID_MATCHING: _("Find me on the county's list"),
    Consent.Item.PHONE_FOLLOW_UP: _("Call me after the training"),
    Consent.Item.PHOTOS_IN_LEDGER: _("Photos with me in the ledger"),
    Consent.Item.SUCCESS_STORY: _("My story in public"),
    Consent.Item.EXPORT_TO_PROVINCE: _("My name to the province"),
}
AGREED: "dict[str, StrOrPromise]" = {
    Consent.Item.ID_MATCHING: _("We may look for you on the list by your ID number."),
    Consent.Item.PHONE_FOLLOW_UP: _("Your number may stand on the county's list of calls."),
    Consent.Item.PHOTOS_IN_LEDGER: _("Photos that show you may be kept for inspectors."),
    Consent.Item.SUCCESS_STORY: _("Before anything is published we ask you once more."),
    Consent.Item.EXPORT_TO_PROVINCE: _("Your name may stand on lists that go to the province."),
}
REFUSED: "dict[str, StrOrPromise]" = {
    Consent.Item.ID_MATCHING: _(
        "We do not look for you. What was found before stays: the county has to count whom it trained."
    ),
    Consent.Item.PHONE_FOLLOW_UP: _("Your number is on no list of calls."),
    Consent.Item.PHOTOS_IN_LEDGER: _("No photo that shows you goes into the ledger."),
    Consent.Item.SUCCESS_STORY: _("Nothing about you is shown in public."),
    Consent.Item.EXPORT_TO_PROVINCE: _(
        "Your name is on no list for the province; figures without names go on."
    ),
}
