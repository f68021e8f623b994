"""How long the disk lasts, by what the last days took; and who is told when it does not."""

from __future__ import annotations

import asyncio
import math
from types import SimpleNamespace

import pytest
from structlog.testing import capture_logs

from gateway.daemon import disk
from gateway.daemon.disk import DISK, Room, room_of, watch_disk
from gateway.daemon.health import Health
from gateway.settings.model import Storage

DAY, NOW, MB = 86_400.0, 20.5 * 86_400.0, 1 << 20
"""NOW: noon of 1970-01-21."""


@pytest.fixture
def county(tmp_path, monkeypatch):
    """Ten whole days of 3 MB each, and half of today's."""
    for folder in ("journal", "history"):
        (tmp_path / folder).mkdir()
    for day in range(11, 21):
        (tmp_path / "journal" / f"1970-01-{day}.journal").write_bytes(bytes(2 * MB))
        (tmp_path / "history" / f"1970-01-{day}.history").write_bytes(bytes(MB))
    (tmp_path / "journal" / "1970-01-21.journal").write_bytes(bytes(MB))
    (tmp_path / "journal" / "configurations").write_bytes(bytes(50 * MB))
    free = SimpleNamespace(free=60 * MB)
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _: free)
    return tmp_path


def storage(keep_days: int, alarm_days: int | None = None) -> Storage:
    return Storage("", keep_days, alarm_days)


def test_it_is_full_when_usual_days_have_taken_what_is_free(county):
    assert room_of(county, storage(180), NOW) == Room(60 * MB, 3 * MB, 20.0)


@pytest.mark.parametrize(
    ("kept", "days"),
    [
        (storage(180), 20.0),
        (storage(31), 20.0),
        (storage(30), math.inf),
        (storage(10), math.inf),
        (storage(5), math.inf),
        (storage(5, 400), 20.0),
    ],
)
def test_a_disk_that_holds_all_days_that_are_kept_does_not_fill(county, kept, days):
    """Ten days are there: of 30 that are kept 20 are to come, for which there is room."""
    assert room_of(county, kept, NOW).days_to_full == days


def test_days_long_ago_say_nothing_of_the_usual_one(county):
    (county / "journal" / "1970-01-11.journal").write_bytes(bytes(99 * MB))
    assert room_of(county, storage(180), NOW).bytes_a_day == 3 * MB


def test_a_county_that_began_today_has_no_usual_day(tmp_path):
    room = room_of(tmp_path, storage(180), NOW)
    assert (room.bytes_a_day, room.days_to_full) == (0.0, math.inf)
    assert room.figures() == {"free_bytes": room.free_bytes, "bytes_a_day": 0, "days_to_full": ""}


def test_the_operator_is_told_once_while_it_lasts_for_days_only(county, monkeypatch):
    health, looks, alarms = Health(), iter([180, 10, 180]), []

    async def sleep(_seconds):
        alarms.append(dict(health.troubles))
        if (days := next(looks, None)) is None:
            raise asyncio.CancelledError
        kept["keep_days"] = days

    kept = {"keep_days": 180}
    real = disk.room_of
    monkeypatch.setattr(disk, "room_of", lambda where, _, now: real(where, storage(kept["keep_days"]), now))
    monkeypatch.setattr(disk.asyncio, "sleep", sleep)
    with capture_logs() as lines, pytest.raises(asyncio.CancelledError):
        asyncio.run(watch_disk(county, storage(180), lambda: NOW, health))
    assert [DISK in each for each in alarms] == [True, True, False, True]
    assert "20" in alarms[0][DISK].en
    assert "60 MB" in alarms[0][DISK].en
    assert [line["log_level"] for line in lines] == ["warning", "warning"]
    assert health.disk == {"free_bytes": 60 * MB, "bytes_a_day": 3 * MB, "days_to_full": 20.0}
