"""A crowd comes in a few at a time, in its order, and whoever waits is not read."""

from __future__ import annotations

from gateway.listeners.entrance import AT_ONCE, Entrance


class Comer:
    """Writes down what becomes of it."""

    def __init__(self, number: int, told: list[tuple[str, int]]) -> None:
        self.number, self.told = number, told

    def enter(self) -> None:
        self.told.append(("in", self.number))

    def wait(self) -> None:
        self.told.append(("waits", self.number))


def crowd(count: int):
    turns, told = [], []
    entrance = Entrance(turns.append)
    for number in range(count):
        entrance.come(Comer(number, told))
    return entrance, turns, told


def test_a_few_come_in_at_once_and_nobody_waits():
    _, turns, told = crowd(AT_ONCE)
    assert told == [("in", number) for number in range(AT_ONCE)]
    assert len(turns) == 1


def test_of_a_crowd_so_many_come_in_a_turn_in_their_order():
    count = 2 * AT_ONCE + 1
    _, turns, told = crowd(count)
    assert [number for what, number in told if what == "waits"] == list(range(AT_ONCE, count))
    entered = [AT_ONCE]
    while turns:
        turns.pop(0)()
        entered.append(sum(what == "in" for what, _ in told))
    assert entered == [AT_ONCE, 2 * AT_ONCE, count, count]
    assert [number for what, number in told if what == "in"] == list(range(count))


def test_whoever_comes_in_a_later_turn_does_not_overtake():
    entrance, turns, told = crowd(AT_ONCE + 1)
    turns.pop()()
    for number in range(100, 100 + AT_ONCE):
        entrance.come(Comer(number, told))
    assert [number for what, number in told if what == "in"][AT_ONCE:] == [AT_ONCE, *range(100, 99 + AT_ONCE)]
    assert told[-1] == ("waits", 99 + AT_ONCE)
