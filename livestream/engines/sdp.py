"""The little SDP that we read and write ourselves. No database.

WHIP senders add fragments to their offer (RFC 8840); browsers are told by links which servers help them
through firewalls; ffmpeg is told by a description what Janus sends it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fragment:
    """What a fragment brings: candidates as Janus takes them; none at all says that there are no more."""

    candidates: list[dict[str, object]] = field(default_factory=list)
    restarts_ice: bool = False


def candidates_of(fragment: str) -> Fragment:
    """Read a fragment. One with a name and password of ICE and no candidate asks to begin ICE anew."""
    found: list[dict[str, object]] = []
    section, line_of_media, has_name, is_last = "", -1, False, False
    for line in (each.strip() for each in fragment.splitlines()):
        if line.startswith("m="):
            line_of_media += 1
        elif line.startswith("a=mid:"):
            section = line.removeprefix("a=mid:")
        elif line.startswith("a=ice-ufrag:"):
            has_name = True
        elif line.startswith("a=end-of-candidates"):
            is_last = True
        elif line.startswith("a=candidate:"):
            found.append(
                {
                    "sdpMid": section,
                    "sdpMLineIndex": max(line_of_media, 0),
                    "candidate": line.removeprefix("a="),
                }
            )
    return Fragment(found, restarts_ice=has_name and not found and not is_last)


def ice_server_links(servers: Iterable[Mapping[str, object]]) -> str:
    """Return the servers that help through firewalls as a Link header has them (RFC 9725, section 4.6)."""
    links = []
    for server in servers:
        urls = server["urls"]
        for url in [urls] if isinstance(urls, str) else list(urls):  # type: ignore[call-overload]
            link = f'<{url}>; rel="ice-server"'
            if "credential" in server:
                link += f'; username="{server["username"]}"; credential="{server["credential"]}"'
                link += '; credential-type="password"'
            links.append(link)
    return ", ".join(links)


PAYLOADS = {"video": 96, "audio": 97}
_CODECS = {"h264": "H264", "vp8": "VP8"}


def forward_description(codec: str, sound: int, picture: int) -> str:
    """Return what ffmpeg reads to receive Opus and a picture on two ports of this machine."""
    lines = [
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        "s=-",
        "c=IN IP4 127.0.0.1",
        "t=0 0",
        f"m=audio {sound} RTP/AVP {PAYLOADS['audio']}",
        f"a=rtpmap:{PAYLOADS['audio']} opus/48000/2",
        f"m=video {picture} RTP/AVP {PAYLOADS['video']}",
        f"a=rtpmap:{PAYLOADS['video']} {_CODECS[codec]}/90000",
    ]
    if codec == "h264":
        lines.append(f"a=fmtp:{PAYLOADS['video']} packetization-mode=1")
    return "\r\n".join([*lines, ""])
