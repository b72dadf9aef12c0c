import pytest

from certificates.wording import BLANKS, DEFAULTS, filled, forbidden_claims, unknown_blanks


@pytest.mark.parametrize(
    "text",
    [
        "国家职业资格证书",
        "中 国 电商培训证书",
        "全　国　通用",
        "专项职业能力证书",
        "岗位合格证",
        "包过班",
        "七天拿证",
        "学完月入过万",
        "National Certificate",
        "CHINA E-commerce",
        "Vocational Qualification",
        "guaranteed income",
    ],
)
def test_forbidden_claim_is_found_however_it_is_written(text):
    claims = list(forbidden_claims(text))

    assert claims
    assert all(str(claim.reason) for claim in claims)


@pytest.mark.parametrize(
    "text", ["培训证明", "结业证书", "培训合格证书", "International guests", "Machinatronics", "国画培训"]
)
def test_plain_title_is_no_claim(text):
    assert not list(forbidden_claims(text))


def test_our_own_wording_claims_nothing_and_has_known_blanks():
    for wording in DEFAULTS.values():
        assert not [claim for text in wording.values() for claim in forbidden_claims(text)]
        assert unknown_blanks(wording["body"], BLANKS) == []


def test_unknown_and_open_blanks_are_named():
    assert unknown_blanks("在{课程}学{天数}天{", BLANKS) == ["天数", "{"]


def test_value_that_looks_like_a_blank_stays_text():
    values = dict.fromkeys(BLANKS.values(), "x") | {"course_name": "{学时}"}

    assert filled("《{课程}》{学时}", BLANKS, values) == "《{学时}》x"
