"""A15: 5 % of each class, at least three persons, drawn by seed, by town."""

from collections import Counter

import pytest

from county.sampling import Candidate, draw, fingerprint, sample_size


def people(count, town="431125100"):
    return [Candidate(f"{town}-{n}", town) for n in range(count)]


@pytest.mark.parametrize(
    ("in_class", "called"), [(0, 0), (1, 1), (2, 2), (3, 3), (40, 3), (60, 3), (61, 4), (100, 5), (101, 6)]
)
def test_a15_five_per_cent_at_least_three_and_all_of_a_small_class(in_class, called):
    assert sample_size(in_class) == called
    assert len(draw(people(in_class), seed="1", of="class")) == called


def test_a15_same_seed_same_people_whatever_the_order_of_the_list():
    listed = people(200)

    assert draw(listed, seed="8061", of="c") == draw(reversed(listed), seed="8061", of="c")


def test_a15_another_seed_or_class_draws_others():
    listed = people(200)
    first = draw(listed, seed="8061", of="c")

    assert first != draw(listed, seed="8062", of="c")
    assert first != draw(listed, seed="8061", of="d")


def test_a15_towns_give_their_part_of_the_class():
    listed = people(100, "431125100") + people(60, "431125101") + people(40, "431125102")
    drawn = draw(listed, seed="5", of="c")

    assert Counter(each.town for each in drawn) == {"431125100": 5, "431125101": 3, "431125102": 2}
    assert [each.town for each in drawn] == sorted(each.town for each in drawn)


def test_fingerprint_tells_other_lists_and_not_another_order():
    listed = people(5)

    assert fingerprint({"c": listed}) == fingerprint({"c": listed[::-1]})
    assert fingerprint({"c": listed}) != fingerprint({"c": listed[1:]})
