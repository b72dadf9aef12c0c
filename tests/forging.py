"""Making a forgery that always differs from what it forges."""


def with_other_character(text: str, place: int = -1) -> str:
    """Return `text` with another letter at `place`; one fixed letter would change nothing now and then."""
    place %= len(text)
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
