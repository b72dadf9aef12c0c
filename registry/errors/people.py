"""People: rosters, statuses, and records that are made one."""

from django.utils.translation import gettext_lazy as _

from registry.errors.base import RegistryError


class RosterUnreadable(RegistryError):
    """The file is not a spreadsheet we can open, or has no header row we know."""

    code = "file_unreadable"
    message = _("The file cannot be read: %(reason)s")


class RosterCancelled(RegistryError):
    """Somebody cancelled the import while it ran; nothing of it was written."""

    code = "roster_cancelled"
    message = _("The import was cancelled. Nothing was changed.")


class StatusReasonMissing(RegistryError):
    """A spell is ended after the fact only with the reason why."""

    code = "status_reason_missing"
    message = _("Please write why the status is taken back.")


class StatusEndWrong(RegistryError):
    """The day lies before the spell's first or after its last, or the spell holds on no day any more."""

    code = "status_end_wrong"
    message = _("This date does not fit: it lies outside the time the status held.")


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
