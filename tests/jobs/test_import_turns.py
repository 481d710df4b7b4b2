"""Whose file is opened next: never two of one visitor, and no address keeps the others out."""

import pytest

from ae_models.jobs.turns import Turn, next_turn


def test_a_visitors_second_file_waits_for_the_first():
    first, second, other = Turn("ann"), Turn("ann"), Turn("bob")
    assert next_turn([second, other], [first], 4) is other
    assert next_turn([second], [first], 4) is None
    assert next_turn([Turn(""), other], [Turn("")], 4).visitor == ""  # one without a name is nobody's second


@pytest.mark.parametrize(("most", "share"), [(1, 1), (2, 1), (3, 1), (4, 2), (8, 4)])
def test_an_address_has_half_of_the_children_while_others_wait(most: int, share: int):
    many, other = [Turn(f"cookie {n}", "one") for n in range(20)], Turn("dan", "another")
    busy: list[Turn] = []
    for _ in range(min(share, most)):
        busy.append(next_turn([turn for turn in many if turn not in busy] + [other], busy, most))
    assert {turn.address for turn in busy} == {"one"}  # in their order, up to the share
    if len(busy) < most:
        assert next_turn([turn for turn in many if turn not in busy] + [other], busy, most) is other


def test_who_waits_alone_may_have_all_children():
    many = [Turn(f"cookie {n}", "one") for n in range(20)]
    busy: list[Turn] = []
    for n in range(4):
        busy.append(next_turn(many[n:], busy, 4))
    assert busy == many[:4]
    assert next_turn(many[4:], busy, 4) is None
    assert next_turn([*many[4:], Turn("dan", "another")], busy[1:], 4).address == "another"  # the next child is theirs


def test_addresses_that_are_not_known_share_nothing():
    busy = [Turn("a"), Turn("b")]
    waiting = [Turn("c"), Turn("d", "one")]
    assert next_turn(waiting, busy, 4) is waiting[0]
