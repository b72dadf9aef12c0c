"""What the demo's host says in two attempts, and what her coach remarks. No database.

The voices are synthetic: `python -m livestream.demo.make_voices` (espeak-ng, ffmpeg) made the files beside
this module and the seconds each segment begins at.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
SILENCE = "…"  # stands for a second of it in what is said

# Kind, planned seconds, cue. The scripts of both versions are what is said, without the silences.
SEGMENTS = [
    ("hook", 8, "拿锤子，对着镜头砸一颗"),
    ("who", 8, "端起一碗粥"),
    ("proof", 10, "卡尺、秤、掰开"),
    ("price", 5, "举价格牌"),
    ("order", 7, "指链接的方向"),
    ("questions", 10, "念评论里的问题"),
]
SAID = [
    [
        "这颗核桃，我当场砸给您听。",
        "早上配粥、下午解馋的，看过来。",
        f"您看，卡尺量一下。{SILENCE * 9}三十二毫米。",
        "两斤二十九块九，很便宜的，真的很便宜。",
        "点一号链接，明天发货。",
        f"有人问是不是新果？是。{SILENCE * 4}下面看二号鸡蛋。",
    ],
    [
        "乡亲们下午好！这颗核桃，我当场砸给您听，您听这个声音，脆不脆？",
        "早上配粥、下午解馋、给孩子带到学校的，看过来。欢迎刚进来的朋友。",
        "卡尺量，三十二毫米；十颗上秤，一百三十克；掰开看仁，又白又满。",
        "两斤二十九块九，就这一个价，包邮到家。",
        "点一号链接，明天发货。坏果拍照，四十八小时内按个赔。",
        "有人问是不是新果？九月刚采的。还有人问怎么保存？放冰箱，吃到过年。下面看二号鸡蛋。",
    ],
]
COACH_SAYS = "这里有九秒没有说话。手上在量，嘴里也要说：我现在量的是哪里，量出来是多少。"


@dataclass(frozen=True)
class Remark:
    """One remark: seconds after its segment begins, what it is about, and what came of it."""

    segment: int
    after: float
    line: str
    text: str = ""
    is_voice: bool = False
    is_settled: bool = False
    seconds: int = 0


REMARKS = [
    Remark(0, 1.0, "interaction", "开口前先打个招呼，再砸核桃，观众会留下来。", is_settled=True),
    Remark(1, 1.5, "product", "这一句好，谁买、什么时候吃，说得很清楚。", is_settled=True),
    Remark(
        2,
        4.0,
        "voice",
        is_voice=True,
        seconds=9,
        is_settled=True,
    ),
    Remark(3, 1.0, "compliance", "只说“便宜”不算数，把价格和包邮一次说清楚就够了。"),
    Remark(4, 1.0, "loop", "售后没有说：坏果怎么赔？买的人最怕这个。"),
]
LEVELS = {"product": 2, "loop": 2, "interaction": 1, "voice": 1, "compliance": 3, "technique": 3}
COMMENT = "东西好，人也实在。先改两处：量的时候嘴不要停；下单后面马上说售后。再录一遍，肯定更好。"
REFLECTION = {
    "went_well": "砸核桃的时候不紧张，声音也大。",
    "was_hard": "量尺寸的时候不知道说什么，停了一会儿。",
    "watch_for": "请老师看看我价格说得清不清楚。",
}
SECOND_REFLECTION = {
    "went_well": "边量边说，没有停下来。",
    "was_hard": "回答问题还是有点慢。",
    "watch_for": "看看这一遍比上一遍好在哪里。",
}
PRODUCT = {
    "name": "示例薄皮核桃",
    "origin": "江永县示例村",
    "variety": "香玲",
    "grade": "直径 32 毫米以上，十颗 130 克",
    "taste": "脆，微甜，不涩",
    "weight": "1 千克",
    "price": "29.90",
    "dispatch": "每天下午发货",
    "after_sales": "坏果拍照，48 小时内按个赔",
    "papers": "承诺达标合格证",
}


@dataclass(frozen=True)
class Voice:
    """One attempt's sound and the second each segment begins at."""

    path: Path
    seconds: float
    starts: list[float] = field(default_factory=list)


def voices() -> list[Voice]:
    """Return the attempts' sounds as they lie beside this module."""
    known = json.loads((FOLDER / "voices.json").read_text())
    return [
        Voice(FOLDER / f"attempt-{number}.webm", each["seconds"], each["starts"])
        for number, each in enumerate(known, 1)
    ]


COACH_NOTE = FOLDER / "coach-note.webm"
