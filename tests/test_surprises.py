"""docs/surprises.md: each row is guarded by a test that exists, of the version that we pin."""

import ast
import re
from math import inf, nan
from pathlib import Path

import construct
import msgspec
import pytest
from rtree.exceptions import RTreeError
from rtree.index import Index

ROOT = Path(__file__).parents[1]
COLUMNS = 5
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PINNED = dict(
    line.split("==")
    for name in ("run.txt", "lock.txt")
    for line in (ROOT / "requirements" / name).read_text("utf-8").splitlines()
    if re.fullmatch(r"[\w.-]+==[\w.]+", line)
)
VENDORED = re.compile(r"(?P<part>[a-z-]+)-(?P<version>[\d.]+\d)(\.min)?\.js")
PINNED |= {
    found["part"]: found["version"]
    for path in (ROOT / "gateway" / "console" / "static" / "vendor").glob("*.js")
    if (found := VENDORED.fullmatch(path.name))
}
"""Of packages by their pins, of what browsers are given by the names of its files."""


def rows():
    text = (ROOT / "docs" / "surprises.md").read_text("utf-8")
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return cells[2:]


EACH = pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row[0]}: {row[2][:40]}")


def test_there_are_rows():
    assert len(rows()) >= 20


@EACH
def test_a_row_is_whole_and_every_test_in_it_exists(row):
    assert len(row) == COLUMNS
    assert all(map(str.strip, row))
    guards = TEST.findall(row[-1])
    assert guards
    assert TEST.sub("", row[-1]).strip(" ,") == ""
    for path, name in guards:
        tree = ast.parse((ROOT / path).read_text("utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


@EACH
def test_the_version_is_the_one_we_pin(row):
    part, version = row[:2]
    assert PINNED.get(part, version) == version
    assert part in PINNED or part[0].isupper() or part.startswith("modems")


@pytest.mark.parametrize("guide", ["operations.md", "operations.zh.md"])
def test_both_guides_name_the_limit_of_waiting_messages(guide):
    assert "`max_queued_messages" in (ROOT / "docs" / guide).read_text("utf-8")


class Picky(construct.Adapter):
    """An item whose reader has a bug."""

    def _decode(self, obj, _context, _path):
        return 1 // (3 - obj)


def test_a_greedy_range_hides_any_exception():
    assert [*construct.GreedyRange(Picky(construct.Int8ub)).parse(b"\1\2\3\4")] == [0, 1]


def test_a_load_of_many_boxes_loses_one_that_is_inside_out():
    inside_out, sound = (5.0, 5.0, 0.0, 0.0), (0.0, 0.0, 1.0, 1.0)
    with pytest.raises(RTreeError):
        Index().insert(1, inside_out)
    loaded = Index(iter([(1, inside_out, None), (2, sound, None)]))
    assert [*loaded.intersection((2.0, 2.0, 3.0, 3.0))] == []
    assert [*loaded.intersection((0.0, 0.0, 1.0, 1.0))] == [2]


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_what_is_no_number_is_null_in_json(number):
    assert msgspec.json.encode([number]) == b"[null]"
