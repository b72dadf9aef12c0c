"""Pictures, videos, files to keep."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from courses.blocks.prose import PROSE_FEATURES


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
    """A video; its small sizes and its sound are made from the one file the instructor uploads."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    video = SnippetChooserBlock("courses.LessonVideo", label=_("video"))
    captions = DocumentChooserBlock(label=_("captions (WebVTT)"), required=False)
    transcript = blocks.RichTextBlock(label=_("text of the video"), features=PROSE_FEATURES, required=False)

    class Meta:
        icon = "media"
        label = _("video")
        template = "courses/blocks/video.html"


class DownloadBlock(blocks.StructBlock):
    """A file to keep, with its size shown."""

    title = blocks.CharBlock(label=_("title"), max_length=120)
    document = DocumentChooserBlock(label=_("file"))

    class Meta:
        icon = "download"
        label = _("download")
        template = "courses/blocks/download.html"
