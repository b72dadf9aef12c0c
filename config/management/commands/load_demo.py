from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certificates.demo import load_certificates
from cms.demo import load_site
from county.demo import load_desk
from county.demo_plan import load_plan
from courses.demo import load_classes, load_courses, load_follow_up, load_learning, load_stories
from livestream.class_demo import load_live_class
from livestream.demo.loading import load_rehearsals
from registry.demo import PASSWORD, STAFF, load_people
from registry.demo_roster import DEMO_PERSON


class Command(BaseCommand):
    """Fills the site with a county to try: real places, fictional people, real courses."""

    help = "Load the demo county; repeating it changes nothing. Only where DEMO is on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to print who can sign in instead."""
        parser.add_argument("--accounts", action="store_true", help="only print who can sign in, and how")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load from the bottom of the import arrow to its top, each app by its own services."""
        if not settings.DEMO:
            raise CommandError("The demo is loaded only where DEMO is on.")
        if options["accounts"]:
            self.stdout.write(accounts())
            return
        for load in (
            load_people,
            load_courses,
            load_learning,
            load_classes,
            load_certificates,
            load_follow_up,
            load_desk,
            load_rehearsals,
            load_live_class,
            load_stories,
            load_plan,
            load_site,
        ):
            load()
        if options["verbosity"]:
            self.stdout.write("The demo county is loaded.")


def accounts() -> str:
    """Return a few lines that tell who can sign in, and how."""
    staff = ", ".join(f"{username} ({role.label})" for username, _name, role, _code in STAFF)
    return "\n".join(
        [
            f"Staff, password {PASSWORD}, then the code the next page shows: {staff}",
            f"Trainee: {DEMO_PERSON.phone}, the code appears in /people/outbox/; on the roster as"
            f" {DEMO_PERSON.name}, ID number ends in {DEMO_PERSON.id_number[-4:]}",
        ]
    )
