"""The public site: home and standard pages, navigation, look and feel. Shows and never decides.

May import models, queries and blocks of the apps below, never their services. Start at `models.py`.
"""
