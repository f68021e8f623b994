"""Files read apart are what they are read here, and a change of any of them is noticed."""

from __future__ import annotations

import asyncio

import pytest
from pressed_county import write_county

from gateway.daemon.file_watch import FileWatch
from gateway.daemon.kept_start import KeptStart
from gateway.daemon.reading import is_still, read_apart
from gateway.engine import compile_policy
from gateway.in_force import InForce
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.load import inspect, load


@pytest.fixture
def county(tmp_path):
    """A county's directory: rules in a file of their own, alarms to a broker."""
    directory = write_county(tmp_path / "county", 7611, 3, 1883).directory
    text = (directory / "gateway.yaml").read_text("utf-8")
    rules = next(line for line in text.splitlines(keepends=True) if line.startswith("rules:"))
    (directory / "rules").mkdir()
    (directory / "rules" / "rules.yaml").write_text(rules, "utf-8")
    (directory / "gateway.yaml").write_text(text.replace(rules, "include: [rules/*.yaml]\n"), "utf-8")
    return directory


def replaced(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def read(path, deeds="", language="en"):
    return asyncio.run(read_apart(path, deeds, language))


def test_what_is_read_apart_is_what_is_read_here_with_its_credentials_and_what_is_drawn(county):
    found, here = read(county), load(county)
    assert found.configuration == here
    assert found.configuration.upstreams[0].credential.password == "made-up"  # noqa: S105  it is
    assert found.credentials == (county / "credentials.yaml").read_text("utf-8")
    policy = compile_policy(here)
    assert compile_policy(found.configuration, found.drawn).rules_digest == policy.rules_digest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_fault_comes_with_its_place_and_advice_in_the_language_that_is_asked_for(county, language):
    replaced(county / "rules" / "rules.yaml", "stay_inside: county", "stay_inside: countie")
    replaced(county / "gateway.yaml", "device: B0002, protocol: jt808", "device: B0002, protocol: jt809")
    with pytest.raises(ConfigurationRefused) as refused:
        read(county, language=language)
    assert list(refused.value.faults) == inspect(county, language)[1]
    assert len(refused.value.faults) >= 2


CHANGES = ["gateway.yaml", "rules/rules.yaml", "county.geojson", "credentials.yaml"]


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_of_any_file_is_noticed(county, name):
    found = read(county)
    assert is_still(found, county, "")
    assert not is_still(found, county, "[]")
    path = county / name
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert not is_still(found, county, "")
    path.unlink()
    assert not is_still(found, county, "")


def test_a_file_more_is_noticed(county):
    found = read(county)
    (county / "rules" / "more.yaml").write_text("rules: []\n", "utf-8")
    assert not is_still(found, county, "")


def test_the_watch_names_what_differs_and_looks_at_texts_only_where_they_may(county, monkeypatch):
    found, told = read(county), []
    watch = FileWatch(
        InForce(found.configuration), KeptStart(found.configuration, found.asked, None),
        lambda event, _, **facts: told.append((event, facts)),
    )  # fmt: skip
    watch.look()
    assert (watch.differing, told) == ((), [])
    path = county / "county.geojson"
    replaced(path, "[110, 25]", "[110, 25.1]")
    (county / "rules" / "more.yaml").write_text("rules: []\n", "utf-8")
    watch.look()
    assert watch.differing == ("county.geojson", "rules/more.yaml")
    assert told == [("files differ", {"files": "county.geojson, rules/more.yaml"})]
    monkeypatch.setattr("gateway.daemon.file_watch._texts", lambda *_: pytest.fail("nothing has changed since"))
    watch.look()
    monkeypatch.undo()
    path.unlink()
    watch.look()
    assert watch.differing == ("county.geojson", "rules/more.yaml")
    assert len(told) == 1
