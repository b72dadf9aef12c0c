"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import appoint
from registry.services.people import register_self
from registry.services.regions import import_regions

__all__ = ["appoint", "import_regions", "register_self"]
