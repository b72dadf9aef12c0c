"""Numbers in words (大写), as papers that count people or money write them. No database."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_MOST = 9999


def in_words(number: int) -> str:
    """Return a number in formal words: 40 is 肆拾, 105 is 壹佰零伍. Raises ValueError outside 0-9999."""
    if not 0 <= number <= _MOST:
        raise ValueError(number)
    if number == 0:
        return _DIGITS[0]
    words, is_gap = "", False
    digits = str(number)
    for place, digit in enumerate(digits):
        if digit == "0":
            is_gap = True
            continue
        words += (_DIGITS[0] if is_gap else "") + _DIGITS[int(digit)] + _UNITS[len(digits) - place - 1]
        is_gap = False
    return words
