from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import errors
from registry.id_numbers import check_character, parse_id_number

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "number", "sex", "born"),
    [
        ("11010519491231002X", "11010519491231002X", "F", date(1949, 12, 31)),
        ("11010519491231002x", "11010519491231002X", "F", date(1949, 12, 31)),
        (" 990000 19900101 0017 ", "990000199001010017", "M", date(1990, 1, 1)),
        ("９９００００１９９００１０１００２５", "990000199001010025", "F", date(1990, 1, 1)),
        ("99000019900305008X", "99000019900305008X", "F", date(1990, 3, 5)),
    ],
)
def test_parse_id_number_accepts_what_people_write(text, number, sex, born):
    parsed = parse_id_number(text, TODAY)

    assert (parsed.number, parsed.sex, parsed.birth_date, parsed.warnings) == (number, sex, born, ())


def test_parse_id_number_cuts_disability_number_to_eighteen():
    parsed = parse_id_number("99000019900101001743", TODAY)

    assert parsed.number == "990000199001010017"
    assert parsed.warnings == ("id_disability_number",)


def test_parse_id_number_converts_fifteen_digits_with_warning():
    parsed = parse_id_number("990000900101001", TODAY)

    assert parsed.number == "990000199001010017"
    assert parsed.warnings == ("id_old_number",)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", errors.IdNumberLengthError),
        ("99000019900101001", errors.IdNumberLengthError),
        ("9900001990010100177", errors.IdNumberLengthError),
        ("99000019900101O017", errors.IdNumberLengthError),
        ("990000199002300017", errors.IdNumberDateError),
        ("990000190013010017", errors.IdNumberDateError),
        ("990000209901010017", errors.IdNumberFutureError),
        ("990000199001010018", errors.IdNumberCheckError),
        ("9.90000199001E+17", errors.IdNumberNotTextError),
        ("9.9E17", errors.IdNumberNotTextError),
        ("990000199001013000", errors.IdNumberNotTextError),
    ],
)
def test_parse_id_number_names_what_is_wrong(text, error):
    with pytest.raises(error):
        parse_id_number(text, TODAY)


def test_parse_id_number_warns_of_unknown_region_only():
    first = "47000019900101001"

    assert parse_id_number(first + check_character(first), TODAY).warnings == ("id_unknown_region",)


@pytest.mark.parametrize("region", ["810000", "820000", "830000", "911124", "431125", "520602"])
def test_parse_id_number_takes_residence_permits_and_late_registrations(region):
    first = f"{region}19650101001"

    assert parse_id_number(first + check_character(first), TODAY).warnings == ()


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_parse_id_number_refuses_every_single_wrong_digit(born, sequence, place, shift):
    first = f"990000{born:%Y%m%d}{sequence:03d}"
    number = first + check_character(first)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert parse_id_number(number, TODAY).birth_date == born
    with pytest.raises(errors.IdNumberError):
        parse_id_number(wrong, TODAY)
