"""Speaks to Janus over its HTTP API; nothing else does. Errors are OSErrors, as of any server that is away.

Janus answers a message at once or with an event, which is fetched by a long poll of the session.
"""

import secrets
import time
from typing import Any

import requests

VIDEO_ROOM = "janus.plugin.videoroom"
_TIMEOUT = 3.0
# An offer is answered once candidates are gathered.
_EVENT_SECONDS = 8.0
_NO_SUCH_SESSION, _NO_SUCH_HANDLE = 458, 459


class JanusRefused(OSError):
    """Janus said no; `code` is its number."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"Janus: {reason} ({code})")
        self.code = code

    @property
    def is_gone(self) -> bool:
        """Whether the session or handle is no longer there."""
        return self.code in {_NO_SUCH_SESSION, _NO_SUCH_HANDLE}


class JanusApi:
    """The client; `secret` and `admin_secret` are what the configuration files say."""

    def __init__(self, *, url: str, admin_url: str, secret: str, admin_secret: str) -> None:
        self._url, self._admin_url = url, admin_url
        self._secret, self._admin_secret = secret, admin_secret

    def attach(self) -> tuple[int, int]:
        """Begin a session with a handle to the video rooms; return both numbers."""
        session = int(self._post("", janus="create")["data"]["id"])
        handle = int(self._post(f"/{session}", janus="attach", plugin=VIDEO_ROOM)["data"]["id"])
        return session, handle

    def destroy(self, session: int) -> bool:
        """End a session and all that hangs on it; tell whether there was one."""
        try:
            self._post(f"/{session}", janus="destroy")
        except JanusRefused as refusal:
            if refusal.is_gone:
                return False
            raise
        return True

    def ask(self, session: int, handle: int, **body: object) -> dict[str, Any]:
        """Send the plugin a request that it answers at once; raise JanusRefused for its errors."""
        answer = self._post(f"/{session}/{handle}", janus="message", body=body)
        return _plugin_answer(answer)

    def negotiate(self, session: int, handle: int, sdp: str, kind: str, **body: object) -> dict[str, Any]:
        """Send a request that may carry an SDP (`kind`: offer, answer); return Janus's event with its own."""
        message: dict[str, object] = {"janus": "message", "body": body}
        if sdp:
            message["jsep"] = {"type": kind, "sdp": sdp}
        transaction = self._post(f"/{session}/{handle}", **message)["transaction"]
        deadline = time.monotonic() + _EVENT_SECONDS
        while (left := deadline - time.monotonic()) > 0:
            for event in self._events(session, left):
                if event.get("transaction") == transaction and event.get("janus") == "event":
                    _plugin_answer(event)
                    return event
        raise TimeoutError("Janus did not answer in time")

    def trickle(self, session: int, handle: int, candidates: list[dict[str, object]]) -> None:
        """Hand on candidates; an empty list says that there are no more."""
        what: dict[str, object] = (
            {"candidates": candidates} if candidates else {"candidate": {"completed": True}}
        )
        self._post(f"/{session}/{handle}", janus="trickle", **what)

    def handles(self) -> list[dict[str, Any]]:
        """Return what is known of every handle, by the monitor."""
        found = []
        for session in self._monitor("")("list_sessions")["sessions"]:
            for handle in self._monitor(f"/{session}")("list_handles").get("handles", []):
                answer = self._monitor(f"/{session}/{handle}")("handle_info")
                if answer:
                    found.append({**answer["info"], "session_id": session, "handle_id": handle})
        return found

    def is_up(self) -> bool:
        """Tell whether Janus answers."""
        return requests.get(f"{self._url}/info", timeout=_TIMEOUT).ok

    def _monitor(self, path: str) -> Any:
        def ask(kind: str) -> dict[str, Any]:
            message = {"janus": kind, "admin_secret": self._admin_secret, "transaction": secrets.token_hex(8)}
            answer = requests.post(f"{self._admin_url}{path}", json=message, timeout=_TIMEOUT).json()
            # Between two questions a session may end.
            return answer if answer.get("janus") == "success" else {}

        return ask

    def _events(self, session: int, seconds: float) -> list[dict[str, Any]]:
        query = {"maxev": "5", "apisecret": self._secret}
        answer = requests.get(f"{self._url}/{session}", params=query, timeout=max(seconds, 0.1))
        answer.raise_for_status()
        events = answer.json()
        return list(events) if isinstance(events, list) else [events]

    def _post(self, path: str, **message: Any) -> dict[str, Any]:
        message |= {"apisecret": self._secret, "transaction": secrets.token_hex(8)}
        answer = requests.post(f"{self._url}{path}", json=message, timeout=_TIMEOUT)
        answer.raise_for_status()
        content: dict[str, Any] = answer.json()
        if content.get("janus") == "error":
            raise JanusRefused(int(content["error"]["code"]), str(content["error"]["reason"]))
        return content


def _plugin_answer(message: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = message.get("plugindata", {}).get("data", {})
    if "error_code" in answer:
        raise JanusRefused(int(answer["error_code"]), str(answer.get("error", "")))
    return answer
