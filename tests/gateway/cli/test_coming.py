"""A time of day, as officers say it, is the next one."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.cli.looks import coming
from gateway.errors import UserFault

ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int, minute: int = 0) -> float:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE).timestamp()


@pytest.mark.parametrize(
    ("text", "now", "moment"),
    [
        ("22:45", at(2, 22, 30), at(2, 22, 45)),
        ("02:00", at(2, 22, 30), at(3, 2)),
        ("7:15", at(2, 22, 30), at(3, 7, 15)),
        (" 22:30 ", at(2, 22, 30), at(3, 22, 30)),
        ("2026-11-05 08:00", at(2, 22, 30), at(5, 8)),
        ("2026-11-05T00:00+00:00", at(2, 22, 30), at(5, 8)),
    ],
)
def test_the_next_one_is_meant(text, now, moment):
    assert coming("--at", text, ZONE, now) == moment


@pytest.mark.parametrize("text", ["", "25:00", "soon", "22:75"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(UserFault, match="--at"):
        coming("--at", text, ZONE, at(2, 22))
