"""Where somebody is, and was: asked of a running daemon, which alone reads its state and its journal."""

from __future__ import annotations

import csv
import json
import re
import time
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from defusedxml.ElementTree import fromstring
from gateway_process import eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import device, phone
from programs import GATEWAY, ran

from fencing.datum import Datum, from_wgs84
from gateway.control.client import ask
from gateway.control.messages import Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gateway_process import Gateway

BRACELETS = 10
"""More than the tests of this file are."""


@pytest.fixture(scope="module")
def gateway(gateway_of, tmp_path_factory) -> Gateway:
    """One daemon for all who are looked for."""
    return gateway_of(tmp_path_factory.mktemp("looked_for") / "county", BRACELETS)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    """Bracelets that no test has had."""
    return count()


@pytest.fixture
def mine(numbers: Iterator[int]) -> int:
    """A bracelet of the test's own, and who wears it."""
    return next(numbers)


def reported(gateway: Gateway, number: int, *ago: float, alarm: int = 0) -> None:
    """Fixes of a bracelet, so many seconds ago, all stepped."""
    with Terminal(gateway.county.port, phone(number)) as terminal:
        terminal.log_in()
        for seconds in ago:
            terminal.ask(POSITION, position(time.time() - seconds, alarm=alarm))


def person(number: int) -> str:
    return f"P{number:04d}"


def where(gateway: Gateway, number: int) -> dict:
    done = gateway.command("where", person(number), "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def until_placed(gateway: Gateway, number: int) -> None:
    eventually(lambda: ask(gateway.county.storage, Request("where", id=person(number))).data["places"], "a place")


def test_where_a_person_is_with_age_radius_datum_and_zones(gateway, mine):
    assert where(gateway, mine)["places"] == []
    reported(gateway, mine, 60, 0)
    until_placed(gateway, mine)
    (place,) = where(gateway, mine)["places"]
    longitude, latitude = place["position"]["coordinates"]
    north, east = from_wgs84([latitude], [longitude], Datum.GCJ02)
    assert (place["datum"], place["device"], place["source"]) == ("GCJ-02", device(mine), "gnss")
    assert (place["latitude"], place["longitude"]) == (
        pytest.approx(north[0], abs=1e-5), pytest.approx(east[0], abs=1e-5),
    )  # fmt: skip
    assert 0 <= place["age_seconds"] < 120
    assert place["radius95_m"] > 0
    assert [zone["zone"] for zone in place["zones"]] == ["county"]
    said = gateway.command("where", person(mine), "--lang", "zh").stdout
    assert re.search(r"前），误差约\d+米，卫星；GCJ-02 109\.4\d+,24\.3\d+", said)


def test_a_person_without_authority_or_unknown_is_refused(gateway):
    for command in (["where", "P9999"], ["track", "P9999", "--since", "2026-01-01"]):
        done = gateway.command(*command)
        assert (done.returncode, "no person 'P9999'" in done.stderr) == (2, True)


def test_a_track_in_every_form(gateway, mine):
    reported(gateway, mine, *range(600, 0, -60))
    until_placed(gateway, mine)
    since = f"{datetime.fromtimestamp(time.time() - 3600, UTC):%Y-%m-%dT%H:%M:%S+00:00}"
    forms = {
        form: gateway.command("track", person(mine), "--since", since, *form.split())
        for form in ("", "--csv", "--gpx", "--geojson", "--html")
    }
    assert {done.returncode for done in forms.values()} == {0}, forms
    rows = list(csv.DictReader(forms["--csv"].stdout.splitlines()))
    assert len(rows) == 10
    assert {row["datum"] for row in rows} == {"GCJ-02"}
    features = json.loads(forms["--geojson"].stdout)["features"]
    assert {feature["properties"]["datum"] for feature in features} == {"WGS-84"}
    assert len(features) == 11
    gpx = fromstring(forms["--gpx"].stdout)
    points = gpx.findall(".//{*}trkpt")
    assert len(points) == 10
    assert gpx.findtext("{*}metadata/{*}desc") == "WGS-84"
    for point, row, feature in zip(points, rows, features[1:], strict=True):
        longitude, latitude = feature["geometry"]["coordinates"]
        assert float(point.get("lat", "")) == pytest.approx(latitude, abs=1e-6)
        assert abs(float(row["longitude"]) - longitude) > 1e-3
    assert "<svg" in forms["--html"].stdout
    assert forms[""].stdout.count("GCJ-02") == 10
    both = gateway.command("track", person(mine), "--since", since, "--csv", "--gpx")
    assert (both.returncode, "only one" in both.stderr) == (2, True)


def test_the_daemon_goes_on_while_a_track_is_worked_out_and_after_its_restart_the_track_is_the_same(gateway, mine):
    reported(gateway, mine, *range(600, 0, -60))
    until_placed(gateway, mine)
    hour = datetime.fromtimestamp(time.time() - 3600, UTC).isoformat()
    since = ["track", person(mine), "--csv", "--since", hour]
    before = gateway.command(*since).stdout
    assert gateway.stop() == 0
    gateway.start()
    assert gateway.command(*since).stdout == before
    assert before.count("\n") == 11


@pytest.mark.parametrize("since", ["yesterday", "2020-01-01", "2199-01-01"])
def test_a_stretch_that_cannot_be_is_said(gateway, since):
    done = gateway.command("track", "P0000", "--since", since)
    assert done.returncode == 2
    assert "--since" in done.stderr


def test_an_alarm_is_shown_and_listed_with_its_place(gateway, mine):
    reported(gateway, mine, 0, alarm=SOS)
    eventually(gateway.events, "the alarm is raised")
    (alarm,) = (json.loads(line) for line in gateway.command("alarms", "list", "--json").stdout.splitlines())
    assert alarm["device"] == device(mine)
    assert alarm["place"]["datum"] == "GCJ-02"
    assert alarm["position"]["radius95_m"] == alarm["place"]["radius95_m"] > 0
    assert alarm["place"]["age_seconds"] < 600
    shown = gateway.command("alarms", "show", alarm["alarm"][:8])
    assert shown.returncode == 0, shown.stderr
    assert "place: GCJ-02 109.4" in shown.stdout
    assert "emergency button pressed" in shown.stdout
    gateway.command("alarms", "close", alarm["alarm"], "--outcome", "excused", "--note", "a slip", "--by", "D01")
    closed = gateway.command("alarms", "show", alarm["alarm"]).stdout
    assert "CLOSED (excused) by D01" in closed
    assert "emergency button pressed" in closed
    assert "a slip" in closed
    assert json.loads(gateway.command("alarms", "show", alarm["alarm"], "--json").stdout)["state"] == "closed"


def test_without_a_daemon_nothing_is_read(make_gateway):
    gateway = make_gateway(1)
    gateway.kill()
    assert gateway.command("where", "P0000").returncode == 1


def test_what_another_system_knew_is_imported_once_seen_in_the_track_and_calls_nobody_out(
    gateway: Gateway, mine: int, tmp_path: Path
) -> None:
    begin, file, alarms = int(time.time()) - 3 * 86_400, tmp_path / "old.csv", tmp_path / "alarms.jsonl"
    rows = [f"{device(mine)},{begin + 60 * at},{24.95 + 0.005 * at:.3f},109.42" for at in range(30)]
    file.write_text("\n".join(["device,time,latitude,longitude", *rows, "B9999,1,24,109"]) + "\n", "utf-8")
    words = ("import", str(file), "--document", "D-7", "--by", "T01")
    tried = gateway.command(*words, "--dry-run")
    assert (tried.returncode, "30 fixes can be imported (1 devices" in tried.stdout) == (2, True)
    assert f"{file}:32: device 'B9999' is not known" in tried.stderr
    for said in (": 30 fixes imported", ": 0 fixes imported"):
        done = gateway.command(*words)
        assert (done.returncode, said in done.stdout) == (2, True), done.stderr
    assert ", 30 known before" in done.stdout
    since = datetime.fromtimestamp(begin - 60, ZoneInfo("Asia/Shanghai"))
    shown = gateway.command("track", person(mine), "--since", f"{since:%Y-%m-%d %H:%M}", "--csv")
    track = list(csv.DictReader(shown.stdout.splitlines()))
    assert len(track) == 30
    assert re.fullmatch(r"outside:.*;imported", track[-1]["state"])
    assert not [one for one in gateway.events() if one["data"]["person"] == person(mine)]
    journal = str(gateway.county.storage / "journal")
    done = ran([GATEWAY, "replay", "--journal", journal, "--imported", "--alarms", str(alarms)])
    assert done.returncode == 0, done.stderr
    found = [json.loads(line)["data"] for line in alarms.read_text("utf-8").splitlines()]
    assert {(one["person"], one["kind"]) for one in found} == {(person(mine), "inclusion_exit")}
