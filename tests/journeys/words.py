"""What the pages say, in the language the visitors of the journeys read."""

from django.utils.translation import gettext, override, pgettext


def chinese(text: str, *, context: str = "", **values: object) -> str:
    """Return a source string as a page shows it, with its placeholders filled."""
    with override("zh-hans"):
        shown = pgettext(context, text) if context else gettext(text)
    assert shown != text, f"not in the catalogue: {text}"
    return shown % values if values else shown
