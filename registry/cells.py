"""Texts as a spreadsheet may hold them."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula, also once somebody saves it as CSV."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
