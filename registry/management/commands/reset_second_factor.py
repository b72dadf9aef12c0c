from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from registry.models import User
from registry.services import reset_second_factor


class Command(BaseCommand):
    """For a member of staff who has lost phone and recovery codes; whoever runs it has seen her."""

    help = "Take away all second factors of a login; its next sign-in leads to the set-up. Logged."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask whose, and why."""
        parser.add_argument("username")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Take them away."""
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError("There is no such login.")
        reset_second_factor(user=user, by=None, reason=options["reason"])
        self.stdout.write(f"{user.username}: set up a new second factor at the next sign-in.")
