"""The verbs of livestream coaching."""

from livestream.services.chunks import Chunk, Declared, finish, settle, take_chunk, takes_media
from livestream.services.credentials import cut_off, issue_credential, provision, revoke_credentials
from livestream.services.finalise import build_recording, request_build, sweep_builds
from livestream.services.retention import (
    hold_recording,
    release_recording,
    remove_recording,
    remove_recordings_of,
)
from livestream.services.run_of_show import (
    forget_runs,
    move_segment,
    put_away,
    remove_product,
    remove_segment,
    rename_run,
    save_product,
    save_segment,
    start_run,
)
from livestream.services.sessions import (
    end_session,
    interrupt,
    note_media,
    reconcile_sessions,
    start_rehearsal,
)

__all__ = [
    "Chunk",
    "Declared",
    "build_recording",
    "cut_off",
    "end_session",
    "finish",
    "forget_runs",
    "hold_recording",
    "interrupt",
    "issue_credential",
    "move_segment",
    "note_media",
    "provision",
    "put_away",
    "reconcile_sessions",
    "release_recording",
    "remove_product",
    "remove_recording",
    "remove_recordings_of",
    "remove_segment",
    "rename_run",
    "request_build",
    "revoke_credentials",
    "save_product",
    "save_segment",
    "settle",
    "start_rehearsal",
    "start_run",
    "sweep_builds",
    "take_chunk",
    "takes_media",
]
