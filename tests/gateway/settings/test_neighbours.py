"""A home beside a zone that its person is barred from is worth a note of ``check``, and no fault."""

from __future__ import annotations

import io
from functools import partial

import pytest

from gateway.settings import check
from gateway.settings.load import examine, load

PEOPLE = "people.csv"


def notes(written, language="en"):
    out = io.StringIO()
    assert check.run([written.write()], language, out) == 0
    return [line for line in out.getvalue().splitlines() if ": note:" in line or "注意" in line]


def moved(written, longitude, latitude=24.33):
    """The home of P0001, otherwise 2.4 km from the cafe at 109.42, 24.31."""
    written.replace(PEOPLE, "109.41,24.33", f"{longitude},{latitude}")
    return written


def test_a_home_far_from_what_is_barred_is_not_spoken_of(written):
    assert notes(written) == []


def test_a_home_beside_what_is_barred_is_named_with_the_metres_between(written):
    moved(written, 109.4225, 24.31)
    (note,) = notes(written)
    assert (
        "rules/rules.yaml:18:15: note: homes within 500 m of barred zone “cafe”: P0001 (214 m); fixes at home" in note
    )
    (note,) = notes(written, "zh")
    assert "注意：有人的家距禁入区“cafe”不超过 500 米：P0001 (214 m)；在家时的定位可能落入其中，请核对范围" in note


@pytest.mark.parametrize(("longitude", "noted"), [(109.42, "P0001 (0 m)"), (109.4253, "P0001 (498 m)"), (109.4254, "")])
def test_the_edge_of_what_is_near(written, longitude, noted):
    found = notes(moved(written, longitude, 24.31))
    assert bool(found) == bool(noted)
    assert noted in "".join(found)


def test_a_zone_grown_by_its_buffer_is_nearer(written):
    moved(written, 109.4254, 24.31)
    written.replace("rules/rules.yaml", "radius_m: 40}", "radius_m: 40, buffer_m: 30}")
    assert "P0001 (4" in "".join(notes(written))


def test_a_drawn_zone_is_measured_from_its_outline(written):
    moved(written, 109.4225, 24.31)
    written.replace(
        "rules/rules.yaml", "longitude: 109.42, latitude: 24.31, radius_m: 40",
        "polygon: [[109.419, 24.309], [109.421, 24.309], [109.421, 24.311], [109.419, 24.311]]",
    )  # fmt: skip
    (note,) = notes(written)
    assert "P0001 (152 m)" in note


def test_only_those_whom_the_rule_bars_are_named_and_of_many_the_nearest_five(written):
    rows = "".join(f"P1{n:03d},general,SFS-01,,109.42{n},24.31,wgs84,80\n" for n in range(9))
    written.texts[PEOPLE] += rows
    lawful = "".join(
        f"  - {{person: P1{n:03d}, kind: bracelet, ground: prohibition_order_breach, document: d{n}, approved_by: A,"
        " wearer_informed: 2026-11-01, from: 2026-11-01, until: 2027-01-31}\n"
        for n in range(9)
    )
    written.replace("rules/rules.yaml", "zones:\n", f"{lawful}zones:\n")
    assert notes(written) == []
    written.replace("rules/rules.yaml", "people: [P0001]", "people: [P0001, P1003, P1002, P1004, P1001, P1000, P1008]")
    (note,) = [fault.message for fault in examine(written.write(), "en", partial(check._look, None, None)).warnings]
    assert "P1000 (0 m), P1001 (" in note
    assert "P1002" in note
    assert "P1005" not in note
    assert "P1008" not in note


def test_nothing_is_looked_for_where_there_are_faults_or_nobody_asked(written):
    moved(written, 109.4225, 24.31)
    directory = written.write()
    assert load(directory).people["P0001"].home is not None
    assert examine(directory).warnings == []
    written.replace("gateway.yaml", "keep_days: 180", "keep_days: many")
    assert check.run([written.write()], "en", io.StringIO()) == 2


def test_a_zone_that_is_for_others_is_not_spoken_of(written):
    moved(written, 109.4225, 24.31)
    written.replace("rules/rules.yaml", "people: [P0001]", "people: {level: strict}")
    written.replace("people.csv", "P0002,general", "P0002,strict")
    granted = "kind: bracelet, ground: left_without_leave, document: d2, approved_by: A, wearer_informed: 2026-11-01"
    granted = f"  - {{person: P0002, {granted}, from: 2026-11-01, until: 2027-01-31}}\nzones:\n"
    written.replace("rules/rules.yaml", "zones:\n", granted)
    written.replace("rules/rules.yaml", "radius_m: 40}", "radius_m: 40, people: [P0001]}")
    written.replace(
        "rules/rules.yaml", 'curfew: {zone: home, from: "22:00", until: "08:00", days: daily, grace: 15min}', ""
    )
    written.replace("rules/rules.yaml", "repeated_place: {nights: 3, of: 5}", "")
    assert "P0001 (214 m)" in "".join(notes(written))
    written.replace("rules/rules.yaml", "people: [P0001]}", "people: [P0002]}")
    written.replace("rules/rules.yaml", "zone: cafe, ", "")
    assert not any("barred zone" in note for note in notes(written))
