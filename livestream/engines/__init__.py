"""What carries the media, behind one adapter (`base.LiveEngine`); `engine_named` gives the one asked for.

An engine knows the wire: addresses, callbacks, raw files. It decides nothing about people and changes no
state; services do. `LIVE_ENGINES` in the settings names the class of each engine and its options.

To add one, write a class that fulfils `base.LiveEngine`, name it in `models.Engine` and in `LIVE_ENGINES`,
give its parts numbers of their own (`services.raw_parts`) and run `tests/livestream/engine_contract.py`
against it. An engine that is a server asks and tells at `/rehearse/hooks/<name>/` (`views.engine_hooks`:
`door` is what it asks leave for, `parse_webhook` what it tells) and gives the ladder its `live_source`.

How those that no package registry carries are plugged in; `tests/livestream/foreign_engines.py` keeps the
contract for each at the door and with webhooks, by the payloads of their manuals:

- MediaMTX: `authMethod: http` with `authHTTPAddress` at the hook, its key in the query; the secret comes as
  query, token or password. Beginning and end by `runOnReady` and `runOnNotReady`, commands that post `event`,
  `$MTX_PATH`, `$MTX_SOURCE_TYPE` and `$MTX_SOURCE_ID` with curl. List and kick: control API `/v3/paths/list`,
  `/v3/rtmpconns/kick/<id>`. Raw: `record: yes`, fMP4 by `recordPath`. Hooks change their names between
  versions: pin one.
- SRS: `http_hooks` with `on_publish`, `on_play`, `on_unpublish`, `on_dvr` at the hook, its key in the query;
  it wants 200 and `{"code": 0}`. List and kick: `/api/v1/clients/`, DELETE on one. Raw: `dvr`, FLV.
- LiveKit: it calls nobody at the door. A view asks `authorise` and makes a token for the room (name of the
  stream, `canPublish` for one identity). Webhooks are JWTs with the hash of the body. List and kick:
  `RoomService/ListParticipants`, `RemoveParticipant`. Raw: track egress, which transcodes nothing.
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
