"""Versions of cells as arrays: named by their content, whole or not at all, kept as long as something names them."""

from __future__ import annotations

import numpy as np
import pytest
from tower_files import NOW, imported, places, row, written

from gateway.errors import OurFault
from gateway.fusion.towers import empty
from gateway.towers import build
from gateway.towers.files import digest_of, load, path_of, save
from gateway.towers.versions import Counted, TowerVersions

PLACE = (24.33, 109.41)


@pytest.fixture
def storage(tmp_path):
    return tmp_path / "storage"


@pytest.fixture
def take(tmp_path, storage):
    """Imports rows; returns the version's digest."""
    count = iter(range(100))

    def taken(*lines, keep=()):
        imported(storage, written(tmp_path / f"{next(count)}.csv", *lines), keep=keep)
        return TowerVersions(storage).current()

    return taken


def about(storage):
    versions = TowerVersions(storage)
    return versions.about(versions.current())


def test_there_is_none_before_the_first_import(storage):
    assert TowerVersions(storage).current() == ""
    assert TowerVersions(storage).retire(()) == []


def test_a_version_says_what_is_in_it(storage, take):
    take(row(1), row(2, radio="NR"), row(3, radio="NR", mcc=461, updated=1_600_000_000))
    found = about(storage)
    assert found.counted == (Counted("LTE", 460, 1), Counted("NR", 460, 1), Counted("NR", 461, 1))
    assert (found.cells, found.made, found.newest) == (3, NOW, 1_600_000_000)


def test_the_digest_is_of_the_cells_whatever_order_they_came_in(tmp_path):
    lines = [row(cell, lat=f"2{cell}.5") for cell in range(1, 9)]
    digests = set()
    for name, order in (("a", lines), ("b", lines[::-1])):
        imported(tmp_path / name, written(tmp_path / f"{name}.csv", *order))
        digests.add(TowerVersions(tmp_path / name).current())
    imported(tmp_path / "c", written(tmp_path / "c.csv", *lines[:-1], row(8, lat="28.500001")))
    assert len(digests) == 1
    assert TowerVersions(tmp_path / "c").current() not in digests


def test_a_table_comes_back_as_it_was_written_and_is_mapped(storage, take):
    take(*(row(cell) for cell in range(1, 50)))
    directory, base = TowerVersions(storage).directory, about(storage).base
    table = load(directory, base)
    assert digest_of(table) == base
    assert isinstance(table.keys, np.memmap)
    assert len(table) == 49
    assert load(directory, save(directory, empty())).keys.tolist() == []


@pytest.mark.parametrize("damage", ["gone", "short", "a bit", "a header", "empty"])
def test_a_table_that_is_not_what_was_written_is_refused(storage, take, damage):
    digest = take(*(row(cell) for cell in range(1, 50)))
    path = path_of(TowerVersions(storage).directory, about(storage).base)
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[-3 if damage == "a bit" else 3] ^= 1
        path.write_bytes({"short": content[: len(content) // 2], "empty": b""}.get(damage, content))
    with pytest.raises(OurFault, match=r"\.table is missing or damaged"):
        TowerVersions(storage).open(digest)


def test_a_version_whose_file_is_another_is_refused(storage, take):
    first = take(row(1))
    second = take(row(2), keep=[first])
    directory = TowerVersions(storage).directory
    (directory / f"{first}.version").write_bytes((directory / f"{second}.version").read_bytes())
    with pytest.raises(OurFault, match=r"\.version is missing or damaged"):
        TowerVersions(storage).open(first)
    with pytest.raises(OurFault, match=r"\.version is missing or damaged"):
        TowerVersions(storage).open("0" * 64)


def test_what_changes_later_stands_in_an_overlay_upon_the_same_base(storage, take):
    first = take(row(1), row(2), row(3))
    base = about(storage).base
    second = take(row(2, lat="25", updated=1_600_000_000), row(4), keep=[first])
    assert about(storage).base == base
    assert places(storage, 1, 2, 3, 4) == [PLACE, (25.0, 109.41), PLACE, PLACE]
    before, after = (TowerVersions(storage).open(digest).towers for digest in (first, second))
    assert (len(before.overlay), len(after.overlay)) == (0, 2)
    asked = [460] * 2, [0] * 2, [6334] * 2, [2, 4]
    assert before.at(before.look_up(*asked)).latitude.tolist()[0] == 24.33
    assert before.look_up(*asked)[1] == -1


def test_an_overlay_that_has_grown_becomes_a_base(storage, take, monkeypatch):
    monkeypatch.setattr(build, "FOLD_ROWS", 2)
    take(row(1))
    base = about(storage).base
    take(row(2), row(3))
    assert about(storage).base == base
    take(row(4))
    found = about(storage)
    assert found.base != base
    assert found.overlay == digest_of(empty())
    assert places(storage, 1, 2, 3, 4) == [PLACE] * 4


def test_a_cell_that_comes_into_dispute_is_taken_back(storage, take):
    take(row(1), row(2))
    base = about(storage).base
    take(row(1, updated=1_600_000_000), row(1, lat="39.9", lon="116.4", updated=1_600_000_000), row(3))
    assert about(storage).base == base
    assert places(storage, 1, 2, 3) == [None, PLACE, PLACE]


@pytest.mark.parametrize("at_once", [1, 2, 65_536])
def test_a_name_of_two_radios_is_as_unsure_as_they_lie_apart(storage, take, monkeypatch, at_once):
    """A bracelet does not say which of them it hears."""
    monkeypatch.setattr(build, "AT_ONCE", at_once)
    take(
        row(1, radio="GSM", samples=5), row(1, lat="24.34", samples=9), row(2, radio="GSM"),
        row(2, lat="39.9", lon="116.4"), row(3), row(3, radio="NR"), row(4),
    )  # fmt: skip
    assert places(storage, 1, 2, 3, 4) == [(24.34, 109.41), None, PLACE, PLACE]
    versions = TowerVersions(storage)
    towers = versions.open(versions.current()).towers
    found = towers.at(towers.look_up([460] * 2, [0] * 2, [6334] * 2, [1, 3]))
    assert found.sigma_m[0] ** 2 - 1112.0**2 == pytest.approx(585.0**2 * (1 + 1.15 / 9), rel=0.01)
    assert found.samples.tolist() == [9, 7]


def test_a_new_store_makes_a_base_of_its_own(storage, take):
    """The store was removed, or is another: it does not know what lies in the base."""
    take(row(1), row(2))
    base = about(storage).base
    (storage / "towers.db").unlink()
    take(row(3))
    assert about(storage).base != base
    assert places(storage, 1, 3) == [None, PLACE]


def test_versions_live_as_long_as_something_names_them(storage, take):
    first = take(row(1))
    second = take(row(2), keep=[first])
    third = take(row(3), keep=[first, second])
    versions = TowerVersions(storage)
    (versions.directory / ("0" * 64 + ".table.new")).write_bytes(b"a kill has left this")
    assert versions.retire([first]) == [second]
    assert versions.open(first).towers.look_up([460], [0], [6334], [1]).tolist() == [0]
    assert versions.retire([]) == [first]
    with pytest.raises(OurFault):
        versions.open(first)
    assert places(storage, 1, 2, 3) == [PLACE] * 3
    used = versions.about(third)
    names = {f"{used.base}.table", f"{used.overlay}.table", f"{third}.version", "current"}
    assert {path.name for path in versions.directory.iterdir()} == names


def test_the_next_import_removes_what_nothing_names(storage, take):
    first = take(row(1))
    second = take(row(2))
    assert [path.stem for path in TowerVersions(storage).directory.glob("*.version")] == [second]
    assert first != second
