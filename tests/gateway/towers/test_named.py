"""What the journal names stays: versions by since when they are in force, and let go of once nothing names them."""

from __future__ import annotations

import pytest
from tower_files import imported, row, written

from gateway.errors import OurFault
from gateway.towers.named import FILE, Named, forget, name, named
from gateway.towers.versions import TowerVersions


def test_nothing_is_named_at_first(tmp_path):
    assert named(tmp_path) == []
    assert forget(tmp_path, 1e10) == []
    assert list(tmp_path.iterdir()) == []


def test_a_version_is_named_once_in_a_row_and_again_after_another(tmp_path):
    for since, digest in enumerate("aabba"):
        name(tmp_path, digest, float(since))
    assert named(tmp_path) == [Named(0.0, "a"), Named(2.0, "b"), Named(4.0, "a")]


@pytest.mark.parametrize(
    ("horizon", "gone", "left"),
    [(1.9, [], "abc"), (2.0, ["a"], "bc"), (5.0, ["a", "b"], "c"), (1e10, ["a", "b"], "c")],
)
def test_one_goes_once_another_has_followed_before_the_horizon_and_the_last_never(tmp_path, horizon, gone, left):
    for since, digest in ((0.0, "a"), (2.0, "b"), (5.0, "c")):
        name(tmp_path, digest, since)
    assert forget(tmp_path, horizon) == gone
    assert [one.digest for one in named(tmp_path)] == list(left)


def test_one_that_is_named_again_later_is_not_gone(tmp_path):
    for since, digest in ((0.0, "a"), (2.0, "b"), (5.0, "a")):
        name(tmp_path, digest, since)
    assert forget(tmp_path, 3.0) == []
    assert forget(tmp_path, 5.0) == ["b"]


def test_a_damaged_list_is_said_and_not_taken_for_none(tmp_path):
    (tmp_path / FILE).write_bytes(b"[{")
    with pytest.raises(OurFault, match=FILE):
        named(tmp_path)


def test_an_import_leaves_what_is_named_and_removes_it_once_it_is_not(tmp_path):
    versions = TowerVersions(tmp_path)
    imported(tmp_path, written(tmp_path / "1.csv", row(1)))
    first = versions.current()
    name(versions.directory, first, 0.0)
    imported(tmp_path, written(tmp_path / "2.csv", row(2)))
    name(versions.directory, versions.current(), 10.0)
    imported(tmp_path, written(tmp_path / "3.csv", row(3)))
    assert len(versions.open(first).towers.overlay) + len(versions.open(first).towers.base) == 1
    forget(versions.directory, 20.0)
    imported(tmp_path, written(tmp_path / "4.csv", row(4)))
    with pytest.raises(OurFault):
        versions.open(first)
