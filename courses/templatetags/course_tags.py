"""Pictures and figures of courses in templates."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.images.models import AbstractImage

from courses.hours import minutes_of, shown_hours

register = template.Library()

WIDTHS = (480, 960)
SIZES = "(max-width: 46rem) 94vw, 42rem"


@register.simple_tag
def picture(image: AbstractImage | None, alt: str = "", css_class: str = "") -> SafeString | str:
    """Return an <img> that loads late and keeps its place: drawings as they are, photos in two widths."""
    if image is None:
        return ""
    class_attribute = format_html(' class="{}"', css_class) if css_class else ""
    if image.is_svg():
        source = format_html('src="{}" width="{}" height="{}"', image.file.url, image.width, image.height)
    else:
        source = _photo_source(image)
    return format_html('<img {} alt="{}"{} loading="lazy" decoding="async">', source, alt, class_attribute)


def _photo_source(image: AbstractImage) -> SafeString:
    filters = [f"max-{width}x{width * 2}|format-webp|webpquality-70" for width in WIDTHS]
    renditions = image.get_renditions(*filters)
    small, large = (renditions[each] for each in filters)
    return format_html(
        'src="{}" srcset="{} {}w, {} {}w" sizes="{}" width="{}" height="{}"',
        small.url,
        small.url,
        small.width,
        large.url,
        large.width,
        SIZES,
        large.width,
        large.height,
    )


@register.filter
def class_hours(hours: Decimal | int) -> str:
    """Return class hours as people see them: floored to a half (R1), "2" and not "2.0"."""
    shown = shown_hours(Decimal(hours)).normalize()
    return f"{shown:f}"


@register.filter
def minutes(hours: Decimal) -> int:
    """Return the minutes of class hours."""
    return minutes_of(hours)


@register.filter
def as_minutes(seconds: int) -> str:
    """Return a length as a clock shows it: 3:05."""
    return f"{seconds // 60}:{seconds % 60:02d}"


@register.filter
def option_numbers(options: Any) -> range:
    """Return 1, 2, 3 … as far as there are options."""
    return range(1, len(options) + 1)


@register.filter
def item(values: Any, key: Any) -> Any:
    """Return `values[key]` of a list or dict, or None."""
    try:
        return values[key]
    except (KeyError, IndexError, TypeError):
        return None


@register.filter
def for_key(work: list[dict[str, Any]] | None, key: str) -> dict[str, Any] | None:
    """Return the work for one task of the lesson."""
    return next((each for each in work or [] if each["key"] == key), None)


@register.filter
def megabytes(size: int) -> str:
    """Return a file size in words: "0.8 MB"; a small one in KB."""
    if size < 100_000:
        return f"{max(1, size // 1000)} KB"
    return f"{size / 1_000_000:.1f} MB"
