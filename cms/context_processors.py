"""What every template may ask about how this visitor wants her pages shown."""

from django.http import HttpRequest

TEXT_SIZE_COOKIE = "text_size"
LARGE = "large"


def display(request: HttpRequest) -> dict[str, bool]:
    """Return `is_large_text`: whether the 大字 switch is on in this browser."""
    return {"is_large_text": request.COOKIES.get(TEXT_SIZE_COOKIE) == LARGE}
