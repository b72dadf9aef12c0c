"""The building blocks of a lesson: structure only. `grading.py` checks answers, `services` saves them."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.media import DownloadBlock, PictureBlock, VideoBlock
from courses.blocks.practice import QuizBlock, TaskBlock
from courses.blocks.prose import PROSE_FEATURES, ChecklistBlock, PairBlock, StepsBlock

LESSON_BLOCKS = [
    (
        "text",
        blocks.RichTextBlock(features=PROSE_FEATURES, label=_("text"), template="courses/blocks/text.html"),
    ),
    ("picture", PictureBlock()),
    ("video", VideoBlock()),
    ("steps", StepsBlock()),
    ("pair", PairBlock()),
    ("checklist", ChecklistBlock()),
    ("download", DownloadBlock()),
    ("quiz", QuizBlock()),
    ("task", TaskBlock()),
]

__all__ = [
    "LESSON_BLOCKS",
    "ChecklistBlock",
    "DownloadBlock",
    "PairBlock",
    "PictureBlock",
    "QuizBlock",
    "StepsBlock",
    "TaskBlock",
    "VideoBlock",
]
