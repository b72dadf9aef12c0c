#!/usr/bin/env python
"""Django's command line; starts or joins the embedded services when no URLs are given."""

import os
import sys


def main() -> None:
    """Run one management command with the development settings unless told otherwise."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    for argument in sys.argv[2:]:
        if argument.startswith("--settings="):
            os.environ["DJANGO_SETTINGS_MODULE"] = argument.removeprefix("--settings=")
    from django.conf import settings
    from django.core.management import execute_from_command_line

    from config import embedded

    settings.DATABASES  # noqa: B018 - reads .env, which may name real servers
    try:
        embedded.ensure_started()
    except embedded.EmbeddedServiceError as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
