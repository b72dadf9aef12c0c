import pytest

from registry.masking import mask_address, mask_id_number, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "masked"), [("张三", "张*"), ("阿依古·示例甲", "阿**·***"), ("学", "学"), ("", "")]
)
def test_mask_name_keeps_first_character_and_dots(name, masked):
    assert mask_name(name) == masked


def test_mask_id_number_keeps_three_and_four():
    assert mask_id_number("11010519491231002X") == "110***********002X"
    assert mask_id_number("12345678") == "********"
    assert mask_id_number("") == ""


def test_mask_phone_drops_country_code():
    assert mask_phone("+8613812345678") == "138****5678"
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone("123") == "***"


@pytest.mark.parametrize(
    ("address", "masked"), [("office@example.org", "o***@example.org"), ("office", "***")]
)
def test_mask_address_keeps_first_character_and_host(address, masked):
    assert mask_address(address) == masked
