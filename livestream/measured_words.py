"""Measured values in words a host can do something with: what it is, how much, what to try. Never a grade."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from livestream.measuring.bands import BANDS, GOOD
from livestream.models import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Told:
    """One measured value as it is told."""

    name: str
    title: str
    value: str
    band: str
    advice: str = ""


def told(measurements: Mapping[str, Measurement]) -> list[Told]:
    """Return what was measured, in the order it matters to a host."""
    return list(_told(measurements))


def _told(measurements: Mapping[str, Measurement]) -> "Iterator[Told]":
    for name, tell in _TELLERS.items():
        measurement = measurements.get(name)
        if measurement is not None:
            title, value, advice = tell(measurement)
            is_good = measurement.band == GOOD
            yield Told(name, title, value, measurement.band, "" if is_good else advice)


Words = tuple[str, str, str]


def _speech_rate(measurement: Measurement) -> Words:
    if measurement.value is None:
        return _("Speech rate"), _("not known"), _("Write your script into the run-of-show to see it.")
    value = _("about %(count)d characters a minute") % {"count": measurement.value}
    is_slow = measurement.value < BANDS["speech_rate"].low
    advice = (
        _("A little livelier: 200 to 280 is easy to follow.")
        if is_slow
        else _("Slower: 200 to 280 is easy to follow.")
    )
    return _("Speech rate"), value, advice


def _dead_air(measurement: Measurement) -> Words:
    count, longest = measurement.detail["count"], measurement.detail["longest"]
    if not count:
        return _("Dead air"), _("none"), ""
    value = ngettext(
        "%(count)d silence of over 3 s, %(longest)s s, %(share)s %% of the time",
        "%(count)d silences of over 3 s, the longest %(longest)s s, %(share)s %% of the time",
        count,
    ) % {"count": count, "longest": round(longest), "share": round(measurement.value or 0)}
    return _("Dead air"), value, _("While your hands work, say what they do.")


def _loudness(measurement: Measurement) -> Words:
    if measurement.value is None:
        return _("Loudness"), _("nothing to hear"), _("Check the microphone.")
    is_quiet = measurement.value < BANDS["loudness"].low
    if measurement.band == GOOD:
        words = _("good to hear (%(value)s LUFS)")
    else:
        words = _("too quiet (%(value)s LUFS)") if is_quiet else _("too loud (%(value)s LUFS)")
    value = words % {"value": round(measurement.value)}
    advice = (
        _("Closer to the phone, or a clip-on microphone.") if is_quiet else _("A step back from the phone.")
    )
    return _("Loudness"), value, advice


def _clipping(measurement: Measurement) -> Words:
    value = _("%(share)s %% of the seconds distorted") % {"share": round(measurement.value or 0)}
    return _("Distortion"), value if measurement.value else _("none"), _("A step back from the phone.")


def _light(measurement: Measurement) -> Words:
    light, detail = measurement.value or 0, measurement.detail
    if measurement.band == GOOD:
        words = _("well lit (brightness %(value)d of 255)")
    else:
        words = _("brightness %(value)d of 255, %(dark)s %% dark, %(bright)s %% burnt out")
    value = words % {
        "value": light,
        "dark": round(detail["dark"]),
        "bright": round(detail["bright"]),
    }
    is_dark = light < BANDS["light"].low or detail["dark"] > BANDS["dark_share"].high
    advice = (
        _("Face the window, or put on a lamp.") if is_dark else _("Not against the light; move a little.")
    )
    return _("Light"), value, advice


def _shake(measurement: Measurement) -> Words:
    words = {"good": _("steady"), "watch": _("a little shaky"), "far": _("shaky")}
    return _("Camera"), words.get(measurement.band, ""), _("Put the phone on a stand.")


def _segment_time(measurement: Measurement) -> Words:
    value = _("%(share)d %% of the plan in all") % {"share": measurement.value or 0}
    return _("Time against plan"), value, _("See below which segment was too long or too short.")


def _answered(measurement: Measurement) -> Words:
    value = _("%(answered)d of %(asked)d questions answered") % measurement.detail
    return _("Practice audience"), value, _("Read a question aloud, then answer it.")


_TELLERS: dict[str, Callable[[Measurement], Words]] = {
    "speech_rate": _speech_rate,
    "dead_air": _dead_air,
    "segment_time": _segment_time,
    "answered": _answered,
    "loudness": _loudness,
    "clipping": _clipping,
    "light": _light,
    "shake": _shake,
}
