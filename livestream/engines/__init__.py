"""What carries the media, behind one adapter (`base.LiveEngine`); `engine_named` gives the one asked for.

An engine knows the wire: addresses, callbacks, raw files. It decides nothing about people and changes no
state; services do. `LIVE_ENGINES` in the settings names the class of each engine and its options.

To add one, write a class that fulfils `base.LiveEngine`, name it in `models.Engine` and in `LIVE_ENGINES`,
and run `tests/livestream/engine_contract.py` against it.
"""

from livestream.engines.base import (
    Active,
    AuthRequest,
    Capabilities,
    Decision,
    Health,
    LiveEngine,
    Provision,
    RawAsset,
    SeenEvent,
    Untrusted,
)
from livestream.engines.registered import engine_named, engine_of, engines

__all__ = [
    "Active",
    "AuthRequest",
    "Capabilities",
    "Decision",
    "Health",
    "LiveEngine",
    "Provision",
    "RawAsset",
    "SeenEvent",
    "Untrusted",
    "engine_named",
    "engine_of",
    "engines",
]
