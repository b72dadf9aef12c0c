"""What the rehearsal room's script says, by key; the page hands it over, translated like all else."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROOM_TEXTS: dict[str, Promise] = {
    # Checks before the start
    "camera-ok": _("The camera works (%(width)s × %(height)s)."),
    "camera-error": _(
        "The camera is not open. Allow it for this page, close other apps that use it, then try again."
    ),
    "microphone-ok": _("We hear you."),
    "microphone-warning": _("Say a sentence: the bar has to move well past the mark."),
    "network-ok": _("The network is fast enough (%(speed)s Mbit/s)."),
    "network-warning": _(
        "The network is slow (%(speed)s Mbit/s). You can rehearse all the same: five minutes take about "
        "%(minutes)s minutes to send."
    ),
    "network-error": _(
        "No network now. You can rehearse all the same: it is kept on this phone and sent later."
    ),
    "battery-ok": _("Battery %(percent)s %%."),
    "battery-warning": _("Battery %(percent)s %%: plug the phone in."),
    "storage-ok": _("Room on this phone for about %(minutes)s minutes."),
    "storage-warning": _(
        "Only %(free)s MB free on this phone: about %(minutes)s minutes. Delete a few videos first."
    ),
    # The state of what was recorded
    "state-sent": _("All sent"),
    "state-unsent": _("%(seconds)s s not yet sent (%(megabytes)s MB)"),
    "state-phone-full": _(
        "This phone is full: recording has stopped. %(seconds)s s wait here; do not close this page until "
        "they are sent."
    ),
    "trouble-offline": _("· no network, kept on this phone"),
    "trouble-later": _("· no answer, trying again"),
    "trouble-damaged": _("· damaged on the way, sending again"),
    "trouble-full": _(
        "· our server is full and takes nothing now; it is kept on this phone. Tell your coach."
    ),
    "trouble-signed-out": _("· please sign in again; it is kept on this phone."),
    "trouble-over": _("· this rehearsal is closed and takes no more. Save the rest as a file."),
    "trouble-gone": _("· this rehearsal is gone. Save the rest as a file."),
    "trouble-refused": _("· the server refuses it. Save the rest as a file and tell your coach."),
    # The stage
    "recording": _("Recording"),
    "paused": _("Paused"),
    "pause": _("Pause"),
    "resume": _("Go on"),
    "next": _("Next: %(title)s"),
    "last": _("The last segment"),
    "late": _("%(seconds)s s over"),
    "tip": _("Good answer:"),
    "speed": _("%(speed)s characters a minute"),
    "speed-still": _("The words stand still"),
    "awake-no": _("This phone does not keep the screen on by itself. Touch it now and then."),
    "camera-lost": _("Camera or microphone was taken away, by a call perhaps. Press “Go on”."),
    "other-window": _("This rehearsal is open in another window. Close one of the two."),
    "leave": _("Something is not yet sent. Leave all the same?"),
    # The file instead of the camera
    "file-sending": _("%(percent)s %% sent (%(megabytes)s MB left)"),
    "file-done": _("All sent. Thank you!"),
    "file-other": _("This is not the file you began with. Choose the same one again."),
    "file-empty": _("This file is empty."),
}

# The same on the page from which a teacher sends the picture of her class.
SEND_TEXTS: dict[str, Promise] = {
    **ROOM_TEXTS,
    "state-sent": _("All that was filmed is with the class."),
    "state-unsent": _("%(seconds)s s on the way (%(megabytes)s MB)"),
    "trouble-full": _("· our server is full and takes nothing now; it is kept on this device."),
    "trouble-over": _("· the class is closed and takes no more. Save the rest as a file."),
    "trouble-gone": _("· the class is gone. Save the rest as a file."),
    "trouble-refused": _("· the server refuses it. Save the rest as a file and tell your office."),
    "sending": _("Your picture goes out"),
    "waiting": _("Your picture does not go out"),
    "step-failed": _("No answer. Check the network and press again."),
}
