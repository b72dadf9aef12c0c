import pytest

from registry.errors import PhoneError
from registry.phones import clean_phone


@pytest.mark.parametrize(
    "text",
    [
        "19900001234",
        "199 0000 1234",
        "199-0000-1234",
        "１９９００００１２３４",
        "+8619900001234",
        "8619900001234",
        "0086 199 0000 1234",
        "019900001234",
    ],
)
def test_clean_phone_reads_chinese_mobiles_in_every_spelling(text):
    assert clean_phone(text) == "+8619900001234"


def test_clean_phone_takes_foreign_numbers_in_e164():
    assert clean_phone("+49 1512 3456789") == "+4915123456789"


@pytest.mark.parametrize(
    "text", ["", "12345", "abc", "0746-5722222", "1990000123", "12900001234", "+1", "110"]
)
def test_clean_phone_refuses_what_gets_no_message(text):
    with pytest.raises(PhoneError):
        clean_phone(text)
