"""Text, steps, wrong and right, checklists."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

PROSE_FEATURES = ["h2", "h3", "bold", "italic", "ul", "ol", "link", "document-link"]
INLINE_FEATURES = ["bold", "italic"]


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
        icon = "check"
        label = _("checklist")
        template = "courses/blocks/checklist.html"
