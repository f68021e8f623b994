"""Legal holds: of somebody or of an alarm, by a document, for a time."""

from __future__ import annotations

import math
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from gateway.settings.differences import ALONE, LIVE
from gateway.settings.holds import Hold, in_force
from gateway.settings.load import ConfigurationRefused, load

RULES = "rules/rules.yaml"
ALARM = "0123456789abcdef" * 2
BEGIN = datetime(2026, 11, 1, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()


def read(written, *entries: str) -> tuple[Hold, ...]:
    written.replace(RULES, "leave:\n", "holds:\n" + "".join(f"  - {{{each}}}\n" for each in entries) + "leave:\n")
    return load(written.write()).holds


def test_a_hold_is_read_with_its_document_and_its_time(written):
    person, alarm = read(
        written,
        "person: P0001, document: case 7, from: 2026-11-01 00:00, until: 2026-11-02 00:00",
        f"alarm: '{ALARM}', document: case 8, from: 2026-11-01 00:00",
    )
    assert person == Hold("P0001", "", "case 7", BEGIN, BEGIN + 86_400)
    assert alarm == Hold("", ALARM, "case 8", BEGIN, math.inf)
    assert in_force((person, alarm), BEGIN - 1) == []
    assert in_force((person, alarm), BEGIN) == [person, alarm]
    assert in_force((person, alarm), BEGIN + 86_400) == [alarm]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("document: case 7, from: 2026-11-01 00:00", "write exactly one of person and alarm"),
        (f"person: P0001, alarm: '{ALARM}', document: d, from: 2026-11-01 00:00", "exactly one of person and alarm"),
        ("person: P0009, document: case 7, from: 2026-11-01 00:00", "“P0009”"),
        ("alarm: 7F3A, document: case 7, from: 2026-11-01 00:00", "“7F3A” is no alarm's id; write all 32 digits"),
        ("person: P0001, from: 2026-11-01 00:00", "“document” is missing"),
        ("person: P0001, document: d, from: 2026-11-01 00:00, until: 2026-11-01 00:00", "until"),
    ],
)
def test_a_hold_that_keeps_nothing_or_nobody_knows_what_is_refused(written, entry, said):
    with pytest.raises(ConfigurationRefused) as refused:
        read(written, entry)
    assert said in str(refused.value)


def test_holds_change_while_the_gateway_runs_and_by_two():
    assert "holds" in LIVE
    assert "holds" not in ALONE
