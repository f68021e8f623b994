"""What a device's own line may say beyond its number: whose time its clock shows, and whether it has its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gateway.intake.directory import Directory
from gateway.settings.load import load

if TYPE_CHECKING:
    from small_county import Written


def lines(written: Written, columns: str, first: str) -> Written:
    """The devices with further columns; what the first one says in them, and nothing of the others."""
    head, *rows = written.texts["devices.csv"].splitlines()
    told = [f"{rows[0]},{first}", *(f"{row}{',' * len(columns.split(','))}" for row in rows[1:])]
    written.texts["devices.csv"] = "\n".join([f"{head},{columns}", *told]) + "\n"
    return written


@pytest.mark.parametrize(
    ("columns", "first", "ahead"),
    [
        ("time", "utc", -8 * 3600.0), ("time", "auto", 0.0), ("time,zone_hours", "fixed,7", -3600.0),
        ("time,zone_hours", "fixed,8", 0.0), ("time,zone_hours", "fixed,5.5", -2.5 * 3600.0), ("time", "", 0.0),
    ],
)  # fmt: skip
def test_whose_time_a_clock_shows(written, columns, first, ahead):
    configuration = load(lines(written, columns, first).write())
    key = min(configuration.devices)
    directory = Directory(configuration, b"secret")
    assert directory.clock_ahead(key, "g10ls") == ahead
    assert not configuration.devices[key].is_bound


@pytest.mark.parametrize("first", ["fixed,", "utc,8", ",8", "auto,8"])
def test_half_a_zone_is_refused(written, first):
    (fault,) = lines(written, "time,zone_hours", first).faults("en")
    assert "time: fixed and zone_hours" in fault


def test_a_closed_registration(written):
    configuration = load(lines(written, "registration", "closed").write())
    assert [device.is_bound for _, device in sorted(configuration.devices.items())][:2] == [True, False]


@pytest.mark.parametrize(
    ("columns", "first", "said"),
    [("time", "utc", "told in its model's profile"), ("registration", "closed", "do not register")],
)
def test_a_wire_that_has_none_of_it_says_so(written, columns, first, said):
    written.texts["devices.csv"] = written.texts["devices.csv"].replace(",jt808,", ",gt06,", 1).replace("g10ls", "", 1)
    assert any(said in fault for fault in lines(written, columns, first).faults("en"))


def test_deadlines_by_level_are_the_kinds_but_for_what_is_written(written):
    written.replace(
        "rules/rules.yaml",
        "strap_cut:",
        "location_lost: {after: 3h, after_strict: 1h}\n  clock_fault: {after_lenient: 2d}\n  strap_cut:",
    )
    alarms = load(written.write()).alarms
    assert alarms["location_lost"].by_level == (3600.0, 3 * 3600.0, 3 * 3600.0)
    assert alarms["clock_fault"].by_level == (3600.0, 6 * 3600.0, 2 * 86400.0)
    assert alarms["comms_lost"].by_level is None


def test_a_kind_without_levels_says_so(written):
    written.replace("rules/rules.yaml", "strap_cut:", "comms_lost: {after_strict: 1h}\n  strap_cut:")
    (fault,) = written.faults("en")
    assert "the same at every level" in fault
