"""Appointments that are not made, moved or ended."""

from django.utils.translation import gettext_lazy as _

from registry.errors.base import RegistryError


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
