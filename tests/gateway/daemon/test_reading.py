"""Files read apart are what they are read here, and a change of any of them is noticed."""

from __future__ import annotations

import asyncio

import pytest
from pressed_county import write_county

from gateway.daemon.file_watch import FileWatch
from gateway.daemon.kept_start import KeptStart
from gateway.daemon.reading import Held, is_still, read_apart
from gateway.daemon.storage import secret_of
from gateway.engine import compile_policy, redrawn
from gateway.in_force import InForce
from gateway.settings.differences import LIVE
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.kept import pack, told_of
from gateway.settings.load import inspect, load


@pytest.fixture
def county(tmp_path):
    """A county's directory: rules in a file of their own, alarms to a broker."""
    directory = write_county(tmp_path / "county", 7611, 3, 1883).directory
    text = (directory / "gateway.yaml").read_text("utf-8")
    rules, zones = (
        next(line for line in text.splitlines(keepends=True) if line.startswith(f"{part}:"))
        for part in ("rules", "zones")
    )
    (directory / "rules").mkdir()
    (directory / "data").mkdir()
    secret_of(directory / "data" / "secret")
    (directory / "rules" / "rules.yaml").write_text(rules, "utf-8")
    (directory / "rules" / "zones.yaml").write_text(zones, "utf-8")
    text = text.replace(zones, "").replace(rules, "include: [rules/*.yaml]\n")
    (directory / "gateway.yaml").write_text(text, "utf-8")
    return directory


def replaced(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def read(path, deeds="", language="en", held=None, running=None):
    """What is read, and what is drawn of it, beside what runs: if it is not said, the files as they are."""
    running = running or (load(path) if held is None else held.configuration)

    async def both():
        found = await read_apart(path, running, deeds, language, held)
        return found, await found.drawn(running)

    return asyncio.run(both())


def held_of(path):
    configuration = load(path)
    return Held(configuration, told_of(pack(configuration), configuration.sources))


def test_what_is_read_apart_is_what_is_read_here_with_its_credentials(county):
    (found, drawn), here = read(county), load(county)
    assert found.configuration == here
    assert found.configuration.upstreams[0].credential.password == "made-up"  # noqa: S105  it is
    assert found.credentials == (county / "credentials.yaml").read_text("utf-8")
    assert (drawn.shapes, drawn.rules_digest) == ((), compile_policy(here).rules_digest)


def test_what_is_at_hand_does_not_come_again_and_no_file_that_is_as_it_was_is_read_anew(county):
    held = held_of(county)
    first, _ = read(county, held=held)
    assert first.anew == 2
    assert all(getattr(first.configuration, name) is getattr(held.configuration, name) for name in LIVE)
    rules = county / "rules" / "rules.yaml"
    replaced(rules, "stay_inside: county", "keep_out: county")
    second, _ = read(county, held=held)
    assert second.configuration == load(county)
    differing = [name for name in LIVE if getattr(second.configuration, name) is not getattr(held.configuration, name)]
    assert differing == ["rules"]
    assert second.anew == 1
    third, _ = read(county, held=held)
    assert (third.anew, third.configuration) == (0, second.configuration)


def test_what_differs_is_drawn_apart_and_with_the_rest_it_is_what_all_of_it_drawn_here_is(county):
    held = held_of(county)
    replaced(county / "gateway.yaml", "P0001, level: strict, office: S01, minor: false, home_longitude: 109.42",
             "P0001, level: strict, office: S01, minor: false, home_longitude: 109.43")  # fmt: skip
    found, more = read(county, held=held)
    here = compile_policy(load(county))
    assert [one.id for one in more.shapes] == ["home:P0001"]
    drawn = redrawn(compile_policy(held.configuration), more, found.configuration)
    assert [repr(one) for one in drawn.shapes] == [repr(one) for one in here.zones.shapes]
    assert (drawn.region_m.tolist(), drawn.rules_digest) == (here.region_m.tolist(), here.rules_digest)


@pytest.mark.parametrize("language", ["zh", pytest.param("en", marks=pytest.mark.torture)])
def test_every_fault_comes_with_its_place_and_advice_in_the_language_that_is_asked_for(county, language):
    running = load(county)
    replaced(county / "rules" / "rules.yaml", "stay_inside: county", "stay_inside: countie")
    replaced(county / "gateway.yaml", "device: B0002, protocol: jt808", "device: B0002, protocol: jt809")
    with pytest.raises(ConfigurationRefused) as refused:
        read(county, language=language, running=running)
    assert list(refused.value.faults) == inspect(county, language)[1]
    assert len(refused.value.faults) >= 2


CHANGES = ["gateway.yaml", "rules/rules.yaml", "county.geojson", "credentials.yaml"]


def test_a_change_of_any_file_and_a_file_more_are_noticed(county):
    found, _ = read(county)
    assert not is_still(found, county, "[]")
    for name in CHANGES:
        path = county / name
        text = path.read_text("utf-8")
        assert is_still(found, county, ""), name
        path.write_text(text + "\n", "utf-8")
        assert not is_still(found, county, ""), name
        path.unlink()
        assert not is_still(found, county, ""), name
        path.write_text(text, "utf-8")
    assert is_still(found, county, "")
    (county / "rules" / "more.yaml").write_text("rules: []\n", "utf-8")
    assert not is_still(found, county, "")


def test_the_watch_names_what_differs_and_looks_at_texts_only_where_they_may(county, monkeypatch):
    (found, _), told = read(county), []
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
