"""The settings of a rotation under way: a second key to seal with, on the database of the running test."""

import os

from config.settings import test
from config.settings.test import *  # noqa: F403 - settings build on settings

DATABASES = {"default": {**test.DATABASES["default"], "NAME": os.environ["ROTATION_DATABASE"]}}
SEAL_KEYS = {**test.SEAL_KEYS, 2: "ab" * 32}
