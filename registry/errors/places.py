"""Places: lists that are missing, changes and provisional villages that are refused."""

from django.utils.translation import gettext_lazy as _

from registry.errors.base import RegistryError


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
