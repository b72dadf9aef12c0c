from livestream.models.chat import (
    ChatMessage,
    ModerationAction,
    QuickCheck,
    QuickCheckAnswer,
    RaisedHand,
)
from livestream.models.live_class import ClassReminder, LiveClass, ViewerPerson, ViewerSession
from livestream.models.measurement import Analysis, Measurement
from livestream.models.media import (
    Gap,
    MediaChunk,
    MediaPart,
    RecordingBuild,
    Rendition,
    TranscodeRun,
)
from livestream.models.remark import CommentAnswer, TimelineComment
from livestream.models.review import Review, ReviewRequest
from livestream.models.room import RoomMark
from livestream.models.rubric import Rubric, RubricLine
from livestream.models.run_of_show import ProductCard, RunOfShow, RunSegment, RunVersion
from livestream.models.session import Engine, IngestAttempt, LiveSession, MediaEvent, StreamCredential

__all__ = [
    "Analysis",
    "ChatMessage",
    "ClassReminder",
    "CommentAnswer",
    "Engine",
    "Gap",
    "IngestAttempt",
    "LiveClass",
    "LiveSession",
    "Measurement",
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
    "Review",
    "ReviewRequest",
    "RoomMark",
    "Rubric",
    "RubricLine",
    "RunOfShow",
    "RunSegment",
    "RunVersion",
    "StreamCredential",
    "TimelineComment",
    "TranscodeRun",
    "ViewerPerson",
    "ViewerSession",
]
