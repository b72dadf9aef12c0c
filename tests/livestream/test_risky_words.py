import pytest

from livestream.risky_words import risky_words


@pytest.mark.parametrize(
    ("script", "word", "is_red"),
    [
        ("这是全国第一的核桃", "全国第一", True),
        ("我家柚子是国家级好货", "国家级", True),
        ("核桃能降血压", "降血压", True),
        ("原价99,今天29块9", "原价", False),
        ("全网最低价", "全网最低价", True),
        ("我是建档立卡的,大家帮帮忙", "建档立卡", True),
        ("加我微信私下转账", "加我微信", False),
        ("村里最甜的柚子", "最甜", False),
        ("稳赚不赔", "稳赚", True),
    ],
)
def test_risky_word_is_found_with_what_stands_around_it(script, word, is_red):
    hits = risky_words(script)

    assert (hits[0].word, hits[0].is_red) == (word, is_red)
    assert script[hits[0].start : hits[0].end] == word
    assert hits[0].before + word + hits[0].after in script


@pytest.mark.parametrize(
    "script",
    [
        "最佳食用期是十月到来年二月",
        "这批里最甜的一棵树",
        "咱不敢说全国第一,您尝了再说",
        "核桃不能治病,就是好吃",
        "有机认证书在这里,号码您看",
        "别加我微信,就在平台上买",
        "两斤二十九块九,就这一个价。坏果拍照,四十八小时内按个赔。",
    ],
)
def test_fine_use_of_a_word_is_not_marked(script):
    assert risky_words(script) == []


def test_graver_rule_wins_where_two_hit():
    assert [(hit.word, hit.is_red) for hit in risky_words("全网最低价")] == [("全网最低价", True)]


def test_hits_come_in_their_order():
    assert [hit.word for hit in risky_words("原价99,降血压,国家级")] == ["原价", "降血压", "国家级"]
