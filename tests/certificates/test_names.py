"""Names come back from the paper as they are, the rarest too."""

import random
import re
import subprocess

import pytest

from certificates.rendering import render_pdf
from registry.typesetting import unprintable_characters
from tests.certificates.test_rendering import sheet_of

RARE = "䶮𬭎𠮷㛃𬍛𪟝𬸣𠅤"
# Where the characters of names lie: the common ones, extension A, and the planes above.
RANGES = [(0x4E00, 0x9FA5), (0x3400, 0x4DB5), (0x20000, 0x2A6D6)]
COUNT, A_SHEET = 2000, 50


def generated_names(count: int) -> list[str]:
    """Names of two to four characters, every tenth with a rare one, every tenth of two parts with a dot."""
    random_ = random.Random(20260328)
    names = []
    while len(names) < count:
        ranges = RANGES if len(names) % 10 == 0 else RANGES[:1]
        letters = [chr(random_.randint(*random_.choice(ranges))) for _ in range(random_.randint(2, 4))]
        if len(names) % 10 == 0:
            letters[-1] = random_.choice(RARE)
        if len(names) % 10 == 5:
            letters.insert(len(letters) // 2, "·")
        name = "".join(letters)
        if not unprintable_characters(name):
            names.append(name)
    return names


@pytest.mark.slow
def test_two_thousand_names_come_back_from_the_paper():
    names = generated_names(COUNT)
    lost = []

    for first in range(0, COUNT, A_SHEET):
        together = names[first : first + A_SHEET]
        pdf = render_pdf(sheet_of(name=together[0], course_name="、".join(together)))
        run = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
        text = re.sub(r"\s", "", run.stdout.decode())
        lost += [name for name in together if name not in text]

    assert lost == []
