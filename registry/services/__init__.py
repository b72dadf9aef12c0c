"""The verbs of the registry, re-exported so that other apps need one import."""

from registry.services.appointments import appoint
from registry.services.linking import link_person
from registry.services.logins import open_login, set_phone
from registry.services.people import next_temporary_number, register_self
from registry.services.regions import import_regions

__all__ = [
    "appoint",
    "import_regions",
    "link_person",
    "next_temporary_number",
    "open_login",
    "register_self",
    "set_phone",
]
