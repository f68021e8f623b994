"""What a fitting check makes of orders and of how far a test alarm has come."""

from __future__ import annotations

import pytest

from gateway.control.fitting import FAILED, NOT_YET, PASSED, Item, _arrival, _order
from gateway.engine.records import Command, CommandRecord, End
from gateway.store.outbox import Passage

TWO = ["city", "file"]


def at(upstream: str, delivered: float | None = None, *, is_aside: bool = False) -> Passage:
    return Passage(upstream, delivered, is_aside)


def order(issued: float, end: End | None = None, ended: float | None = None) -> CommandRecord:
    return CommandRecord(Command("c", "B0001", "locate", "D01", issued + 900.0), issued, 0, end=end, ended=ended)


@pytest.mark.parametrize(
    ("passages", "item"),
    [
        ([], Item("test_alarm", NOT_YET, 10.0)),
        ([at("city"), at("file", 12.0)], Item("test_alarm", NOT_YET, 10.0)),
        ([at("city", 14.0), at("file", 12.0)], Item("test_alarm", PASSED, 14.0)),
        ([at("city", is_aside=True), at("file", 12.0)], Item("test_alarm", FAILED, 10.0)),
        ([at("file", 12.0), at("gone", 13.0)], Item("test_alarm", NOT_YET, 10.0)),
    ],
)
def test_a_test_alarm_has_passed_once_every_upstream_that_serves_has_given_it_back(passages, item):
    assert _arrival(10.0, passages, TWO) == item


def test_without_an_upstream_no_alarm_can_be_seen_anywhere():
    assert _arrival(10.0, [], []).state == NOT_YET


@pytest.mark.parametrize(
    ("orders", "item"),
    [
        ([], Item("order", NOT_YET)),
        ([order(5.0)], Item("order", NOT_YET, 5.0)),
        ([order(5.0, End.DONE, 7.0)], Item("order", PASSED, 7.0)),
        ([order(5.0, End.DONE, 7.0), order(8.0, End.NO_ANSWER, 9.0)], Item("order", FAILED, 9.0)),
        ([order(5.0, End.NO_ANSWER, 7.0), order(8.0)], Item("order", NOT_YET, 8.0)),
    ],
)
def test_the_newest_order_counts(orders, item):
    assert _order(orders) == item
