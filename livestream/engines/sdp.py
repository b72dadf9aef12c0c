"""Reads the fragments of SDP that WHIP senders add to their offer (RFC 8840). No database."""

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
