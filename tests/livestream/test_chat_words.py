import pytest

from livestream.chat_words import reason_to_hold


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("你他妈的会不会讲", "insult"),
        ("傻 逼", "insult"),
        ("在家刷-单日赚三百", "money"),
        ("加我微信细聊", "contact"),
        ("加 V 信", "contact"),
        ("打我电话 139 0000 1234", "contact"),
        ("１３９００００１２３４", "contact"),
        ("身份证 990000199001010018", "contact"),
        ("看 www.example.com", "contact"),
        ("看HTTPS://example.com", "contact"),
    ],
)
def test_message_is_held_back(text, reason):
    assert reason_to_hold(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "老师好",
        "我妈的核桃也能卖吗?",
        "两斤 29.9 元,五斤 69.9 元,包邮吗?",
        "快递单号 7512345678901234 怎么查",
        "运费谁垫付?",
        "",
    ],
)
def test_plain_message_passes(text):
    assert reason_to_hold(text) == ""


def test_words_of_the_class_hold_back_too():
    assert reason_to_hold("隔壁 老王家便宜", ["老王"]) == "own"
    assert reason_to_hold("隔壁老李家便宜", ["老王", " "]) == ""
