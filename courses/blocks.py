"""The building blocks of a lesson: structure only. `grading.py` checks answers, `services` saves them."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic"]


class PictureBlock(blocks.StructBlock):
    """A picture with the text that stands for it where it cannot be seen."""

    image = ImageChooserBlock(label=_("picture"))
    alt = blocks.CharBlock(label=_("described in words"), max_length=300)
    caption = blocks.CharBlock(label=_("caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("picture")
        template = "courses/blocks/picture.html"


class VideoBlock(blocks.StructBlock):
    """A video in two sizes and as sound only, so that everybody can choose what she can afford."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    poster = ImageChooserBlock(label=_("poster"), required=False)
    low = DocumentChooserBlock(label=_("240p file"), required=False)
    medium = DocumentChooserBlock(label=_("360p file"), required=False)
    audio = DocumentChooserBlock(label=_("sound only"), required=False)
    captions = DocumentChooserBlock(label=_("captions (WebVTT)"), required=False)
    transcript = blocks.RichTextBlock(label=_("text of the video"), features=PROSE_FEATURES, required=False)

    class Meta:
        icon = "media"
        label = _("video")
        template = "courses/blocks/video.html"


class StepBlock(blocks.StructBlock):
    """One numbered step."""

    text = blocks.RichTextBlock(label=_("text"), features=INLINE_FEATURES)
    image = ImageChooserBlock(label=_("picture"), required=False)
    alt = blocks.CharBlock(label=_("described in words"), max_length=300, required=False)


class StepsBlock(blocks.StructBlock):
    """Numbered steps."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    steps = blocks.ListBlock(StepBlock(), label=_("steps"))

    class Meta:
        icon = "list-ol"
        label = _("numbered steps")
        template = "courses/blocks/steps.html"


class SideBlock(blocks.StructBlock):
    """One side of a wrong/right pair."""

    text = blocks.CharBlock(label=_("text"), max_length=300)
    image = ImageChooserBlock(label=_("picture"), required=False)
    alt = blocks.CharBlock(label=_("described in words"), max_length=300, required=False)


class PairBlock(blocks.StructBlock):
    """The wrong way beside the right way."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    wrong = SideBlock(label=_("wrong"))
    right = SideBlock(label=_("right"))
    why = blocks.CharBlock(label=_("why"), max_length=300, required=False)

    class Meta:
        icon = "placeholder"
        label = _("wrong and right")
        template = "courses/blocks/pair.html"


class ChecklistBlock(blocks.StructBlock):
    """Things to tick before going on."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    items = blocks.ListBlock(blocks.CharBlock(max_length=200), label=_("items"))

    class Meta:
        icon = "tick"
        label = _("checklist")
        template = "courses/blocks/checklist.html"


class DownloadBlock(blocks.StructBlock):
    """A file to keep, with its size shown."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    document = DocumentChooserBlock(label=_("file"))

    class Meta:
        icon = "download"
        label = _("download")
        template = "courses/blocks/download.html"


class OptionBlock(blocks.StructBlock):
    """One option of a question; `place` is its place in the right order where the question asks for one."""

    key = blocks.RegexBlock(r"^[a-z0-9-]{1,20}$", label=_("key"))
    text = blocks.CharBlock(label=_("text"), max_length=200)
    is_right = blocks.BooleanBlock(label=_("right"), required=False)
    place = blocks.IntegerBlock(label=_("place in the right order"), required=False, min_value=1)


class QuestionBlock(blocks.StructBlock):
    """One question of a quiz, with the explanation shown afterwards."""

    key = blocks.RegexBlock(r"^[a-z0-9-]{1,20}$", label=_("key"))
    kind = blocks.ChoiceBlock(
        label=_("kind"),
        choices=[
            ("single", _("one right answer")),
            ("multiple", _("several right answers")),
            ("boolean", _("true or false")),
            ("order", _("put in order")),
        ],
    )
    prompt = blocks.CharBlock(label=_("question"), max_length=400)
    options = blocks.ListBlock(OptionBlock(), label=_("options"))
    explanation = blocks.CharBlock(label=_("explanation"), max_length=500)


class QuizBlock(blocks.StructBlock):
    """A quiz with a pass mark; passing it completes the lesson."""

    key = blocks.RegexBlock(r"^[a-z0-9-]{1,40}$", label=_("key"))
    title = blocks.CharBlock(label=_("title"), max_length=120)
    pass_mark = blocks.IntegerBlock(label=_("pass mark, percent"), min_value=1, max_value=100, default=60)
    questions = blocks.ListBlock(QuestionBlock(), label=_("questions"))

    class Meta:
        icon = "help"
        label = _("quiz")
        template = "courses/blocks/quiz.html"


class RubricLineBlock(blocks.StructBlock):
    """One line of a rubric, 0-4 points by descriptors, scaled to its weight."""

    key = blocks.RegexBlock(r"^[a-z0-9-]{1,20}$", label=_("key"))
    title = blocks.CharBlock(label=_("title"), max_length=80)
    weight = blocks.IntegerBlock(label=_("weight"), min_value=1, max_value=100)
    descriptors = blocks.ListBlock(
        blocks.CharBlock(max_length=200), label=_("what 0 to 4 look like"), min_num=5, max_num=5
    )
    red_line = blocks.CharBlock(label=_("red line that fails the work"), max_length=200, required=False)


class TaskBlock(blocks.StructBlock):
    """Practical work to hand in as photos or video, marked against a rubric."""

    key = blocks.RegexBlock(r"^[a-z0-9-]{1,40}$", label=_("key"))
    title = blocks.CharBlock(label=_("title"), max_length=120)
    instructions = blocks.RichTextBlock(label=_("instructions"), features=PROSE_FEATURES)
    accepts = blocks.MultipleChoiceBlock(
        label=_("accepts"), choices=[("photo", _("photos")), ("video", _("video"))]
    )
    min_files = blocks.IntegerBlock(label=_("at least"), min_value=1, max_value=20, default=1)
    max_files = blocks.IntegerBlock(label=_("at most"), min_value=1, max_value=20, default=6)
    is_graded = blocks.BooleanBlock(
        label=_("final practical"),
        help_text=_("Its mark decides whether the practical is passed (R4)."),
        required=False,
    )
    rubric = blocks.ListBlock(RubricLineBlock(), label=_("rubric"))

    class Meta:
        icon = "clipboard-list"
        label = _("practical task")
        template = "courses/blocks/task.html"


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
