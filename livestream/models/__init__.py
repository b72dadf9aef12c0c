from livestream.models.chat import (
    ChatMessage,
    ModerationAction,
    QuickCheck,
    QuickCheckAnswer,
    RaisedHand,
)
from livestream.models.live_class import ClassReminder, LiveClass, ViewerPerson, ViewerSession
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
    "ChatMessage",
    "ClassReminder",
    "Engine",
    "Gap",
    "IngestAttempt",
    "LiveClass",
    "LiveSession",
    "MediaChunk",
    "MediaEvent",
    "MediaPart",
    "ModerationAction",
    "ProductCard",
    "QuickCheck",
    "QuickCheckAnswer",
    "RaisedHand",
    "RecordingBuild",
    "Rendition",
    "RunOfShow",
    "RunSegment",
    "RunVersion",
    "StreamCredential",
    "TranscodeRun",
    "ViewerPerson",
    "ViewerSession",
]
