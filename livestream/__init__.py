"""Coaching livestream hosts: run-of-show, rehearsals, their recordings and reviews.

Media arrive through an engine (`engines`), are kept as raw parts (`raw`, `services.chunks`), shown live by
the media agent (`agent`) and made into a recording (`services.finalise`, `rendering`); `timeline` finds a
moment of the clock in it. May import courses and registry; never certificates. Start at `models.session`.
"""
