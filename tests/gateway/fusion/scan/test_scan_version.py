"""A version keeps its name through a file, and what is not it is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest
from scans import heard_at, same, scans, town

from gateway.fusion.scan.learnt import learn
from gateway.fusion.scan.shapes import Learnt
from gateway.fusion.scan.version import digest, packed, unpacked

LEARNT, (CX, CY) = town(1, reports=200)


def test_a_version_comes_back_as_it_was_packed():
    for version in (LEARNT, learn(np.empty(0), np.empty(0), scans())):
        again = unpacked(packed(version), digest(version))
        assert same(version, again)
        assert digest(again) == digest(version)


def test_the_same_reports_teach_the_same_version():
    assert digest(town(1, reports=200)[0]) == digest(LEARNT)


@pytest.mark.parametrize("name", Learnt._fields)
def test_each_column_is_in_the_digest(name):
    column = getattr(LEARNT, name).copy()
    column[len(column) // 2] += 1
    assert digest(LEARNT._replace(**{name: column})) != digest(LEARNT)


def test_a_row_that_moves_from_one_column_to_the_next_changes_the_digest():
    one = LEARNT._replace(x=LEARNT.x[:-1], y=np.append(LEARNT.x[-1:], LEARNT.y))
    assert digest(one) != digest(LEARNT)


def test_what_is_not_that_version_is_refused():
    content, name = packed(LEARNT), digest(LEARNT)
    damaged = bytearray(content)
    damaged[-5] ^= 1
    for wrong in (b"", content[:-1], content[: len(content) // 2], bytes(damaged), content + b"x", b"x" + content):
        with pytest.raises(ValueError, match="version of what was learnt"):
            unpacked(wrong, name)
    with pytest.raises(ValueError, match="version of what was learnt"):
        unpacked(content, "0" * 64)


def test_a_version_that_holds_an_object_is_refused():
    file = io.BytesIO()
    np.save(file, np.array([{}]), allow_pickle=True)
    with pytest.raises(ValueError, match="version of what was learnt"):
        unpacked(file.getvalue(), "0" * 64)


def test_a_cell_takes_two_kilobytes_at_most():
    rng = np.random.default_rng(2)
    x, y = rng.uniform(-3000.0, 3000.0, (2, 5000))
    version = learn(x, y, heard_at(x, y, CX, CY, rng))
    places = sum(getattr(version, name).nbytes for name in ("x", "y", "visits"))
    assert len(packed(version)) - places < 2300 * len(version.cell) + 14 * 128
