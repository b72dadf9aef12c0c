"""Brings the site that is measured up to date; what it says goes to standard error."""

import contextlib
import sys

import django


def main() -> None:
    """Migrate, load the demo county and collect static files, as far as needed."""
    django.setup()
    from config.prepare import prepare_site

    with contextlib.redirect_stdout(sys.stderr):
        prepare_site(lambda step: print(step, file=sys.stderr))


if __name__ == "__main__":
    main()
