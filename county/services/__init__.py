from county.services.api_tokens import make_api_token, note_use, revoke_api_token
from county.services.returns import check_return, prepare_return, send_back_return, sign_return

__all__ = [
    "check_return",
    "make_api_token",
    "note_use",
    "prepare_return",
    "revoke_api_token",
    "send_back_return",
    "sign_return",
]
