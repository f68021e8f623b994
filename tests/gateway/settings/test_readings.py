"""A file that has not changed is neither read nor judged again, and the county is the one that reading all makes."""

from __future__ import annotations

from dataclasses import fields

import pytest

from gateway.daemon.storage import secret_of
from gateway.settings.faults import ConfigurationRefused
from gateway.settings.init import write_sample
from gateway.settings.kept_pieces import FOLDER, KeptPieces
from gateway.settings.load import inspect, load, read_noting
from gateway.settings.model import Configuration
from gateway.settings.readings import Readings

TABLES = ("people.csv", "devices.csv", "assignments.csv")


@pytest.fixture
def county(tmp_path):
    write_sample(tmp_path, "en")
    (tmp_path / "data").mkdir()
    secret_of(tmp_path / "data" / "secret")
    return tmp_path


def read(county):
    """The configuration, and how many entries were read anew."""
    pieces = KeptPieces(county / "data")
    readings = Readings(pieces)
    configuration = read_noting(county, readings=readings)[0]
    pieces.leave(readings.used)
    return configuration, readings.anew


def replaced(path, old, new):
    text = path.read_text("utf-8")
    assert old in text, path
    path.write_text(text.replace(old, new, 1), "utf-8")


def assert_equal(one, other):
    for each in fields(Configuration):
        assert getattr(one, each.name) == getattr(other, each.name), each.name


def test_nothing_is_read_twice_and_it_is_the_same_county(county):
    first, anew = read(county)
    assert anew > len(TABLES)
    second, none = read(county)
    assert none == 0
    assert_equal(second, first)
    assert_equal(second, load(county))


def test_of_one_changed_table_the_others_are_not_read(county):
    _, all_of_it = read(county)
    path = county / "people.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    changed, anew = read(county)
    assert 0 < anew < all_of_it
    assert anew == len(changed.people)
    assert_equal(changed, load(county))


def test_a_drawing_alone_is_judged_anew_where_it_alone_changes(county):
    read(county)
    cited = [path for path in county.rglob("*.geojson") if path.name != "county.geojson"]
    assert cited
    for path in cited:
        replaced(path, '"name"', '"title"')
    changed, anew = read(county)
    assert anew == 0
    assert_equal(changed, load(county))


def test_other_bounds_judge_everything_anew(county):
    _, all_of_it = read(county)
    path = county / load_bounds(county)
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    assert read(county)[1] == all_of_it


def load_bounds(county):
    text = (county / "gateway.yaml").read_text("utf-8")
    return text.partition("bounds:")[2].split()[0].strip(",\"'}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_fault_of_a_file_that_is_kept_is_told_with_its_place(county, language):
    read(county)
    path = county / "people.csv"
    header, first, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([header, *rest]), "utf-8")
    pieces = KeptPieces(county / "data")
    with pytest.raises(ConfigurationRefused) as refused:
        read_noting(county, language, readings=Readings(pieces))
    faults = inspect(county, language)[1]
    assert list(refused.value.faults) == faults
    assert any(not fault.file.endswith("people.csv") for fault in faults), first


@pytest.mark.parametrize("harm", ["damaged", "another secret"])
def test_what_is_damaged_or_signed_by_another_is_read_anew(county, harm):
    first, anew = read(county)
    if harm == "damaged":
        for path in (county / "data" / FOLDER).iterdir():
            path.write_bytes(path.read_bytes()[:-1] + b"?")
    else:
        (county / "data" / "secret").write_bytes(b"another secret of enough bytes to be one")
    second, again = read(county)
    assert again == anew
    assert_equal(second, first)


def test_what_no_reading_uses_any_more_goes(county):
    read(county)
    before = {path.name for path in (county / "data" / FOLDER).iterdir()}
    path = county / "people.csv"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")
    read(county)
    after = {path.name for path in (county / "data" / FOLDER).iterdir()}
    assert len(before) == len(after)
    assert len(before - after) == 1
