import json
import logging

import pytest

from config.logs import logging_settings


def formatted(record, *, as_json=True):
    formatter = logging_settings(as_json=as_json)["formatters"]["lines"].copy()
    return formatter.pop("()")(**formatter).format(record)


def record(message, *arguments, exc_info=None):
    return logging.LogRecord("cunbo", logging.INFO, __file__, 1, message, arguments, exc_info)


def test_log_line_is_json_in_production():
    line = json.loads(formatted(record("课程 %s", "packaging")))

    assert line["event"] == "课程 packaging"
    assert line["level"] == "info"
    assert line["logger"] == "cunbo"


@pytest.mark.parametrize(
    "number", ["13812345678", "+8613812345678", "8613812345678", "11010519491231002X", "990000199001010014"]
)
@pytest.mark.parametrize("as_json", [True, False])
def test_log_line_leaves_out_personal_numbers(number, as_json):
    line = formatted(record("sent to %s.", number), as_json=as_json)

    assert number not in line
    assert "(number left out)" in line


def test_log_line_keeps_numbers_that_are_nobodys():
    assert "20261122194431" in formatted(record("at 20261122194431, 431125 of 112"))


def test_log_line_leaves_out_the_row_that_postgresql_quotes():
    message = "check violated\nDETAIL:  Failing row contains (1, 学员甲)."
    try:
        raise ValueError(message)
    except ValueError as error:
        line = formatted(record("failed", exc_info=(ValueError, error, error.__traceback__)))

    assert "学员甲" not in line
    assert "check violated" in line
