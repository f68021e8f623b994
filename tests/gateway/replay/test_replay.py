"""``replay``: a journal, or a table of fixes; alarms and track out."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from timeline import ABROAD, CAFE, at, brief, degrees
from virtual import Told, tell

from gateway.errors import UserFault
from gateway.replay.run import Request, run
from gateway.settings.faults import ConfigurationRefused

TRACK = "device,time,latitude,longitude,radius67_m,radius95_m,speed_kmh,state,sources"
"""Design section 5, a face that stays stable."""
HEADER = "device,time,received_at,source,latitude,longitude,accuracy_m,speed_kmh,course_deg,cells,wifi\n"
NOTHING = Request(None, None, None, None, None, "", 65_536)
GATEWAY = """\
county: {code: demo, timezone: Asia/Shanghai, language: en, bounds: county.geojson, datum: wgs84}
listeners:
  - {name: bracelets, protocol: jt808, profile: g10ls, tcp: "127.0.0.1:7611"}
storage: {directory: data, keep_days: 180}
upstreams:
  - {name: desk, file: alarms.jsonl}
people: people.csv
devices: devices.csv
assignments: assignments.csv
include: [rules.yaml]
"""
RULES = """\
authorities:
  - {person: P0001, kind: bracelet, ground: prohibition_order_breach, document: 2026-12, approved_by: head A,
     wearer_informed: 2026-11-01, from: 2026-11-01, until: 2027-01-31}
zones:
  - {id: county, name: the county, datum: wgs84, file: county.geojson}
rules:
  - {id: stay, people: [P0001], basis: order 1, stay_inside: county}
"""


def box(west: float, south: float, east: float, north: float) -> str:
    corners = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    ring = [list(degrees(corner)[::-1]) for corner in corners]
    shape = {"type": "Polygon", "coordinates": [ring]}
    return json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {}, "geometry": shape}]}
    )


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """The smallest county: one person who may not leave a square of 20 km."""
    folder = tmp_path_factory.mktemp("config")
    texts = {
        "gateway.yaml": GATEWAY, "rules.yaml": RULES, "county.geojson": box(-10_000, -10_000, 10_000, 10_000),
        "people.csv": "person,level,office,minor\nP0001,strict,SFS-01,false\n",
        "devices.csv": "device,protocol,identity,profile\nB0001,jt808,013900000001,g10ls\n",
        "assignments.csv": "device,person,from,until\nB0001,P0001,2026-11-01 09:00,\n",
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def fixes_of(*stays: tuple[tuple[float, float], str, float, int]) -> str:
    """Rows of stays: place, source, local hour of day 0, number of fixes a minute apart."""
    rows = []
    for place, source, hour, count in stays:
        latitude, longitude = degrees(place)
        times = [at(0, hour) + 60.0 * index for index in range(count)]
        rows += [f"B0001,{time:.0f},,{source},{latitude:.6f},{longitude:.6f},,,,,\n" for time in times]
    return HEADER + "".join(rows)


def replayed(tmp_path, request: Request) -> tuple[list[bytes], list[dict[str, str]], str]:
    """Lines of alarms, rows of the track, and what was said."""
    said = StringIO()
    alarms, track = tmp_path / "alarms.jsonl", tmp_path / "track.csv"
    run(replace(request, alarms=alarms, track=track), Console(file=said, width=200))
    with track.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return alarms.read_bytes().splitlines(), rows, said.getvalue()


@pytest.fixture
def outing(tmp_path):
    path = tmp_path / "fixes.csv"
    stays = (((0.0, 0.0), "gnss", 9.0, 10), (ABROAD, "gnss", 9.25, 10), ((0.0, 0.0), "wifi", 9.5, 10))
    path.write_text(fixes_of(*stays), "utf-8")
    return path


def test_fixes_in_alarms_and_track_out(tmp_path, config, outing):
    alarms, rows, said = replayed(tmp_path, replace(NOTHING, config=config, fixes=outing))
    events = [json.loads(line) for line in alarms]
    assert brief(events) == [("raised", "inclusion_exit"), ("cleared", "inclusion_exit")]
    assert said.strip() == "2 events"
    assert (tmp_path / "track.csv").read_text("utf-8").splitlines()[0] == TRACK
    assert [row["sources"] for row in rows] == ["gnss"] * 20 + ["wifi"] * 10
    assert {row["state"] for row in rows} == {"well", "outside:stay:county", "unknown:stay:county"}
    assert rows[9]["state"] == "well"
    assert rows[19]["state"] == "outside:stay:county"
    assert rows[0]["time"] == "2026-11-02T01:00:00Z"
    assert float(rows[19]["longitude"]) == pytest.approx(degrees(ABROAD)[1], abs=1e-4)
    for row in rows:
        assert 0.0 < float(row["radius67_m"]) < float(row["radius95_m"]) < 200.0


@pytest.mark.parametrize("batch", [1, 7])
def test_pieces_change_nothing(tmp_path, config, outing, batch):
    request = replace(NOTHING, config=config, fixes=outing)
    assert replayed(tmp_path, replace(request, batch=batch)) == replayed(tmp_path, request)


def test_until_a_time(tmp_path, config, outing):
    request = replace(NOTHING, config=config, fixes=outing, until="2026-11-02T09:29+08:00")
    alarms, rows, _ = replayed(tmp_path, request)
    assert len(rows) == 20
    assert brief([json.loads(line) for line in alarms]) == [("raised", "inclusion_exit")]


def test_cells_alone_raise_nothing(tmp_path, config):
    path = tmp_path / "fixes.csv"
    path.write_text(fixes_of((CAFE, "gnss", 9.0, 3), (ABROAD, "cell", 9.1, 90)), "utf-8")
    alarms, rows, _ = replayed(tmp_path, replace(NOTHING, config=config, fixes=path))
    assert alarms == []
    assert rows[-1]["sources"] == "cell"


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Told:
    return tell(tmp_path_factory.mktemp("county"), "handover", days=1)


@pytest.fixture(scope="module")
def journal(told, tmp_path_factory):
    return told.journaled(tmp_path_factory.mktemp("journal"), 100)


@pytest.mark.parametrize("batch", [65_536, 10])
def test_a_journal_gives_its_alarms_again_byte_for_byte(tmp_path, told, journal, batch):
    alarms, rows, said = replayed(tmp_path, replace(NOTHING, journal=journal, batch=batch))
    assert alarms == told.bodies()
    assert said.strip() == f"{len(alarms)} events"
    assert len(rows) > 100


def test_a_journal_may_be_judged_by_other_rules(tmp_path, config, journal):
    alarms, _, _ = replayed(tmp_path, replace(NOTHING, journal=journal, config=config))
    assert "exclusion_enter" not in {json.loads(line)["data"]["kind"] for line in alarms}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({}, "needs one of --journal DIR, --frames DIR and --fixes CSV"),
        ({"journal": "x", "fixes": "x"}, "needs one of --journal DIR, --frames DIR and --fixes CSV"),
        ({"fixes": "x"}, "--fixes needs --config"),
        ({"journal": "x"}, "no journal here"),
        ({"journal": "x", "until": "tomorrow"}, "--until 'tomorrow': write epoch seconds or ISO 8601"),
    ],
)
def test_a_request_that_cannot_be_met_says_what_to_write(tmp_path, change, message):
    paths = {name: tmp_path / value if name != "until" else value for name, value in change.items()}
    with pytest.raises(UserFault, match=message):
        run(replace(NOTHING, **paths), Console(file=StringIO()))


def test_a_bad_row_is_named_by_file_and_line(tmp_path, config):
    path = tmp_path / "fixes.csv"
    path.write_text(fixes_of((CAFE, "gnss", 9.0, 2)) + "B0001,noon,,gnss,24.3,109.4,,,,,\n", "utf-8")
    with pytest.raises(UserFault, match=r"fixes\.csv:4: "):
        run(replace(NOTHING, config=config, fixes=path), Console(file=StringIO()))


def test_a_bad_configuration_is_refused_with_its_faults(tmp_path, outing):
    (tmp_path / "gateway.yaml").write_text("county: {}\n", "utf-8")
    with pytest.raises(ConfigurationRefused, match=r"gateway\.yaml:1:"):
        run(replace(NOTHING, config=tmp_path, fixes=outing), Console(file=StringIO()))


def test_outputs_are_not_needed(config, outing):
    said = StringIO()
    run(replace(NOTHING, config=config, fixes=outing), Console(file=said))
    assert said.getvalue().strip() == "2 events"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"batch": 0}, "--batch 0"),
        ({"until": "nan"}, "no time"),
        ({"until": "tomorrow"}, "ISO 8601"),
        ({"until": "2026-11-02T08:00"}, "time zone"),
        ({"alarms": Path("/nonexistent/alarms.jsonl")}, "cannot be written"),
    ],
)
def test_a_wrong_request_is_the_users_fault(tmp_path, change, message):
    (tmp_path / "2026-11-02.journal").touch()
    asked = {"config": None, "journal": tmp_path, "fixes": None, "alarms": None, "track": None, "until": "", "batch": 9}
    with pytest.raises(UserFault, match=message):
        run(Request(**{**asked, **change}), Console(quiet=True))


def test_a_fault_leaves_an_earlier_result_and_nothing_else(tmp_path, config, outing):
    request = replace(NOTHING, config=config, fixes=outing)
    alarms, _, _ = replayed(tmp_path, request)
    track = (tmp_path / "track.csv").read_bytes()
    there = sorted(tmp_path.iterdir())
    outing.write_text(outing.read_text("utf-8") + "B0001,noon,,gnss,24.3,109.4,,,,,\n", "utf-8")
    with pytest.raises(UserFault, match=r"fixes\.csv:32: "):
        replayed(tmp_path, request)
    assert (tmp_path / "alarms.jsonl").read_bytes().splitlines() == alarms
    assert (tmp_path / "track.csv").read_bytes() == track
    assert sorted(tmp_path.iterdir()) == there


def test_an_output_that_is_no_file_is_written_as_it_is(config, outing):
    run(replace(NOTHING, config=config, fixes=outing, alarms=Path("/dev/null")), Console(quiet=True))
    assert not Path("/dev/null").is_file()


def test_a_device_that_is_not_in_the_table_is_not_silent(tmp_path, outing, config):
    county = tmp_path / "two"
    shutil.copytree(config, county)
    for name, line in (
        ("people.csv", "P0002,strict,SFS-01,false"),
        ("devices.csv", "B0002,jt808,013900000002,g10ls"),
        ("assignments.csv", "B0002,P0002,2026-11-01 09:00,"),
    ):
        (county / name).write_text((county / name).read_text("utf-8") + line + "\n", "utf-8")
    rules = (county / "rules.yaml").read_text("utf-8")
    ground = rules[rules.index("  - {person") : rules.index("zones:")]
    (county / "rules.yaml").write_text(rules.replace(ground, ground + ground.replace("P0001", "P0002")), "utf-8")
    text = outing.read_text("utf-8")
    outing.write_text(
        text + text.splitlines()[-1].replace(f"{at(0, 9.5) + 540.0:.0f}", f"{at(0, 14):.0f}") + "\n", "utf-8"
    )
    alarms, _, _ = replayed(tmp_path, replace(NOTHING, config=county, fixes=outing))
    silent = [event["data"]["device"] for event in map(json.loads, alarms) if event["data"]["kind"] == "comms_lost"]
    assert set(silent) == {"B0001"}
