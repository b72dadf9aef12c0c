"""Whom the county office serves: logins, regions, households, persons, status periods, roster import.

Lowest app: imports none of ours. The arrow:
config > cms | county > certificates | livestream > courses > registry.
Start reading at `models/person.py`, then `services/`.
"""
