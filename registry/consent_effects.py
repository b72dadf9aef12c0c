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
    Consent.Item.RECORD_REHEARSAL: _("Record my rehearsals"),
    Consent.Item.PEERS_WATCH: _("Fellow trainees watch my rehearsals"),
    Consent.Item.SHOWCASE_REHEARSAL: _("My rehearsals as an example for everybody"),
}
AGREED: "dict[str, StrOrPromise]" = {
    Consent.Item.ID_MATCHING: _("We may look for you on the list by your ID number."),
    Consent.Item.PHONE_FOLLOW_UP: _("Your number may stand on the county's list of calls."),
    Consent.Item.PHOTOS_IN_LEDGER: _("Photos that show you may be kept for inspectors."),
    Consent.Item.SUCCESS_STORY: _("Before anything is published we ask you once more."),
    Consent.Item.EXPORT_TO_PROVINCE: _("Your name may stand on lists that go to the province."),
    Consent.Item.RECORD_REHEARSAL: _("You can rehearse here; you and your coaches can watch it."),
    Consent.Item.PEERS_WATCH: _("Trainees of your class may watch your rehearsals too."),
    Consent.Item.SHOWCASE_REHEARSAL: _("Before a rehearsal is shown to everybody we ask you once more."),
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
    Consent.Item.RECORD_REHEARSAL: _(
        "Nothing new is recorded. What was recorded is shown to nobody any more and is removed."
    ),
    Consent.Item.PEERS_WATCH: _("Only you and your coaches can watch your rehearsals."),
    Consent.Item.SHOWCASE_REHEARSAL: _("None of your rehearsals is shown in public."),
}
