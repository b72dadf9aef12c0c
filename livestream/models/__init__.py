from livestream.models.media import (
    Gap,
    MediaChunk,
    MediaPart,
    RecordingBuild,
    Rendition,
    TranscodeRun,
)
from livestream.models.run_of_show import ProductCard, RunOfShow, RunSegment, RunVersion
from livestream.models.session import Engine, IngestAttempt, LiveSession, MediaEvent, StreamCredential

__all__ = [
    "Engine",
    "Gap",
    "IngestAttempt",
    "LiveSession",
    "MediaChunk",
    "MediaEvent",
    "MediaPart",
    "ProductCard",
    "RecordingBuild",
    "Rendition",
    "RunOfShow",
    "RunSegment",
    "RunVersion",
    "StreamCredential",
    "TranscodeRun",
]
