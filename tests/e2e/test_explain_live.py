"""`alarms explain` and `explain`: asked of a running daemon, as words, JSON and a picture."""

from __future__ import annotations

import json
import shutil
import time
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from gateway_process import Gateway, eventually
from plain_terminal import POSITION, SOS, Terminal, position
from pressed_county import phone, write_county

from gateway.demo.broker import free_port

CAFE = "{id: cafe, name: cafe 3, datum: wgs84, longitude: 109.42, latitude: 24.33, radius_m: 300}"
RULE = "{id: stay, people: all, basis: order-1, stay_inside: county}"
BAR = "{id: bar, people: [P0001], basis: order-9, keep_out: cafe}"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    """A daemon whose county bars P0001 from where he is; an alarm of that, and an SOS, have been raised."""
    directory = tmp_path_factory.mktemp("explained") / "county"
    one = Gateway(write_county(directory, free_port(), 3))
    main = directory / "gateway.yaml"
    text = main.read_text("utf-8").replace(RULE, f"{RULE}, {BAR}")
    main.write_text(text.replace("file: county.geojson}]", f"file: county.geojson}}, {CAFE}]"), "utf-8")
    one.start()
    now = time.time()
    with Terminal(one.county.port, phone(1)) as terminal:
        terminal.log_in()
        for ago in range(600, -1, -30):
            terminal.ask(POSITION, position(now - ago, alarm=0 if ago else SOS))
    eventually(lambda: len(one.events()) >= 2, "both are raised")
    yield one
    one.finish()
    shutil.rmtree(directory, ignore_errors=True)


def alarm_of(gateway, kind):
    return next(each["data"] for each in gateway.events() if each["data"]["kind"] == kind)


def asked(gateway, code, *words):
    done = gateway.command(*words)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def test_an_alarm_is_explained_by_its_evidence_and_what_would_have_made_it_otherwise(gateway):
    alarm = alarm_of(gateway, "exclusion_enter")
    said = asked(gateway, 0, "alarms", "explain", alarm["alarm"][:10], "--by", "D01")
    assert "rule bar: barred from cafe 3 (basis order-9" in said
    assert "on the wrong side" in said
    assert "m further in" in said
    assert "禁入cafe 3" in asked(gateway, 0, "alarms", "explain", alarm["alarm"], "--lang", "zh")
    (one,) = map(json.loads, asked(gateway, 0, "alarms", "explain", alarm["alarm"], "--json").splitlines())
    assert (one["alarm"], one["kind"], one["raised"]) == (alarm["alarm"], "exclusion_enter", True)
    assert round(one["steps"][-1]["p"], 4) == alarm["probability"]
    assert "evidence was asked for" in gateway.log.read_text("utf-8")


def test_a_time_is_explained_for_all_rules_or_one_and_drawn(gateway):
    at = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"
    every = [json.loads(line) for line in asked(gateway, 0, "explain", "P0001", "--at", at, "--json").splitlines()]
    rows = [one for one in every if "steps" in one]
    assert {(one["rule"], one["why"]) for one in rows} == {("bar", "raised"), ("stay", "keeps")}
    assert [one["kind"] for one in every if "measure" in one] == ["sos"]
    drawn = asked(gateway, 0, "explain", "P0001", "--at", at, "--rule", "bar", "--svg")
    points = [each for each in ET.fromstring(drawn).iter() if each.tag.endswith("circle")]  # noqa: S314  our own
    (bar,) = [one for one in rows if one["rule"] == "bar"]
    assert len(points) == len(bar["steps"]) > 10


@pytest.mark.torture
def test_an_alarm_of_another_kind_is_explained_by_the_journals_entries_and_drawn(gateway):
    alarm = alarm_of(gateway, "sos")
    said = asked(gateway, 0, "alarms", "explain", alarm["alarm"])
    assert "an entry says so by itself" in said
    assert "worked out anew" in said
    assert "had entry" in said
    (one,) = map(json.loads, asked(gateway, 0, "alarms", "explain", alarm["alarm"], "--json").splitlines())
    assert (one["alarm"], one["kind"], one["raised"], one["anew"]) == (alarm["alarm"], "sos", True, True)
    assert [each["what"] for each in one["turns"]] == ["without"]
    assert one["seen"][-1]["says"] == ["sos"]
    drawn = asked(gateway, 0, "alarms", "explain", alarm["alarm"], "--svg")
    points = [each for each in ET.fromstring(drawn).iter() if each.tag.endswith("circle")]  # noqa: S314  our own
    assert len(points) == len(one["seen"])


def test_why_none_of_a_kind_stands_is_told(gateway):
    at = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"
    said = asked(gateway, 0, "explain", "P0001", "--at", at, "--kind", "comms_lost")
    assert "no such alarm stood" in said
    assert "alarms.comms_lost.after_seconds" in said


def test_what_cannot_be_explained_is_refused_with_what_to_do(gateway):
    at = f"{datetime.now(UTC) + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"
    assert "kinds: strap_cut" in asked(gateway, 2, "explain", "P0001", "--at", at, "--kind", "other")
    assert "had no such rule" in asked(gateway, 2, "explain", "P0001", "--at", at, "--rule", "other")
    assert "name it with --rule" in asked(gateway, 2, "explain", "P0001", "--at", at, "--svg")
    assert "P0099" in asked(gateway, 2, "explain", "P0099", "--at", at)
    assert gateway.tracebacks() == 0
