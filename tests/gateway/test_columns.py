"""What is packed comes back equal, once where it was once, and nothing else comes of bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_network
from typing import NamedTuple

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from gateway.columns import Columns


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Pair(NamedTuple):
    one: object
    two: object


@dataclass(frozen=True)
class Thing:
    name: str
    parts: tuple
    derived: int = field(init=False, default=7)


@dataclass(frozen=True)
class Stranger:
    name: str


COLUMNS = Columns((Colour, Pair, Thing))
ONE = Thing("one", (1, 2.5, None, True, "x", b"y"))
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | st.binary()
)
VALUES = st.recursive(
    SCALARS | st.sampled_from(Colour),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(-9, 9), inner)
        | st.builds(Pair, inner, inner) | st.builds(Thing, st.text(), st.lists(inner).map(tuple))
    ),
)  # fmt: skip


def kinds(value):
    """A value with the type of all that is in it: 1 is not 1.0, and a list no tuple."""
    if isinstance(value, Thing):
        return Thing, value.name, kinds(value.parts)
    if isinstance(value, (list, tuple)):
        return type(value), [kinds(each) for each in value]
    if isinstance(value, dict):
        return dict, [(kinds(key), kinds(each)) for key, each in value.items()]
    return type(value), value


@given(VALUES)
def test_a_value_comes_back_as_it_was(value):
    assert kinds(COLUMNS.unpacked(COLUMNS.packed(value))) == kinds(value)


def test_so_do_sets_networks_infinities_and_records():
    value = {
        "a": frozenset({1, 2}),
        "n": [ip_network("10.0.0.0/8"), ip_network("::/0")],
        "f": [math.inf, -math.inf, 0.1],
    }
    assert COLUMNS.unpacked(COLUMNS.packed((value, ONE))) == (value, ONE)


def test_so_do_arrays_and_geometries_to_the_bit():
    arrays = [np.arange(6, dtype=np.int64).reshape(2, 3), np.array([0.1, np.nan]), np.zeros(0, np.uint8)]
    shapes = [shapely.Point(0.1, 0.2), None, shapely.box(0, 0, 1, 1)]
    told, drawn = COLUMNS.unpacked(COLUMNS.packed((arrays, shapes)))
    assert [(each.dtype, each.shape, each.tobytes()) for each in told] == [
        (each.dtype, each.shape, each.tobytes()) for each in arrays
    ]
    assert [each and each.wkb for each in drawn] == [each and each.wkb for each in shapes]


def test_what_is_there_many_times_is_written_once_and_is_one_again():
    many = COLUMNS.unpacked(COLUMNS.packed([ONE] * 1000))
    assert all(each is many[0] for each in many)
    assert len(COLUMNS.packed([ONE] * 1000)) < 5000
    assert len(COLUMNS.packed(["a text that is long"] * 1000)) < 5000


@pytest.mark.parametrize("value", [Stranger("x"), object(), np.array([object()]), [ONE, Stranger("x")], {1: int}])
def test_what_is_not_listed_is_not_packed(value):
    with pytest.raises(TypeError, match="not to be packed"):
        COLUMNS.packed(value)


def test_of_bytes_no_class_is_made_that_is_not_listed():
    data = Columns((Stranger,)).packed(Stranger("x"))
    with pytest.raises(ValueError, match="no packed value"):
        COLUMNS.unpacked(data)


def test_a_class_with_other_fields_is_refused():
    @dataclass(frozen=True)
    class Thing:
        name: str

    with pytest.raises(ValueError, match="other fields"):
        Columns((Thing,)).unpacked(COLUMNS.packed(ONE))


@pytest.mark.parametrize("cut", [0, 1, 10, 30])
def test_half_of_it_is_refused(cut):
    with pytest.raises(ValueError, match="no packed value"):
        COLUMNS.unpacked(COLUMNS.packed([ONE, {"a": 1.5}])[:cut])


def test_floats_of_the_same_bits_are_one_object_and_a_zero_keeps_its_sign():
    said = [float(f"{number % 3}.5") for number in range(9)] + [0.0, -0.0, math.nan]
    found = COLUMNS.unpacked(COLUMNS.packed(said))
    assert found[:11] == said[:11]
    assert math.isnan(found[11])
    assert len({id(each) for each in found}) == 6
    assert [math.copysign(1.0, each) for each in found[9:11]] == [1.0, -1.0]
