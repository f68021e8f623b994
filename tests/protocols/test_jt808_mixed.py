"""Frames of several profiles in one batch: each is read as in a batch of its own, compiled or not, and at what cost."""

import sys

import numpy as np
import pytest
from effort import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jt808_frames import frame, location
from met import must_meet, work_of
from test_jt808_model_kinds import KNOWN
from test_jt808_models import ROWS

from formulas.formula import Loop
from protocols.jt808 import FAMILY
from protocols.registry import FAMILIES, prepare
from protocols.report import CellColumns, WifiColumns, column_names
from protocols.session import FrameBatch

SENT = [(row.profile, row.item, bytes.fromhex(row.data)) for row in ROWS]
SENT += [(profile, item, bytes.fromhex(data)) for profile, item, data in KNOWN]
FIVE = ("g10ls", "bsj", "gps51", "c5", "aovx")


def told(reports):
    """Every column, byte for byte."""
    cells = [getattr(reports.cells, name) for name in CellColumns.__dataclass_fields__]
    wifi = [getattr(reports.wifi, name) for name in WifiColumns.__dataclass_fields__]
    columns = [getattr(reports, name) for name in column_names()]
    return [(column.dtype.str, column.tobytes()) for column in (*columns, *cells, *wifi)]


def batch_of(sent, profiles):
    """A batch of (profile, frame)."""
    alike = FrameBatch.of([raw for _, raw in sent], "")
    which = np.array([profiles.index(profile) for profile, _ in sent], np.int64)
    return FrameBatch(alike.payload, alike.start, alike.length, tuple(profiles), which)


def of_own(profile, *chosen):
    """A frame with some of the items that the model sends."""
    own = [(item, data) for name, item, data in SENT if name == profile]
    return profile, frame(0x0200, location(alarm=1 << len(chosen), items=[own[each % len(own)] for each in chosen]))


@st.composite
def spoilt(draw):
    """A frame of a model, some of whose items have lost or changed a byte."""
    profile = draw(st.sampled_from(FAMILY.profiles))
    items = draw(st.lists(st.sampled_from([each for each in SENT if each[0] == profile]), max_size=4))
    cuts = draw(st.lists(st.tuples(st.integers(0, 40), st.integers(-1, 255)), min_size=len(items), max_size=len(items)))
    listed = [
        (item, data[:at] + (b"" if byte < 0 else bytes([byte])) + data[at + 1 :] if at < len(data) else data)
        for (_, item, data), (at, byte) in zip(items, cuts, strict=True)
    ]
    return profile, frame(0x0200, location(items=listed), edition_2019=draw(st.booleans()))


@must_meet("several profiles", "cells", "access points", "flags")
@settings(max_examples=examples(150))
@given(st.lists(spoilt(), min_size=1, max_size=8))
@example([of_own("g10ls", 0, 1, 2), of_own("bsj", 3, 3), of_own("g10ls", 4), of_own("jimi", 1)])
@example([of_own("c5", place) for place in range(30)])
@example([of_own("bsj", place) for place in range(30)])
@example([of_own("aovx", place) for place in range(30)])
def test_a_frame_is_read_by_its_profile_whatever_stands_beside_it(met, sent):
    reports = FAMILY.decode(batch_of(sent, FAMILY.profiles))
    alone = [FAMILY.decode(FrameBatch.of([raw], profile)) for profile, raw in sent]
    for name in set(column_names()) - {"frame"}:
        np.testing.assert_array_equal(getattr(reports, name), np.concatenate([getattr(one, name) for one in alone]))
    for part, names in (("cells", CellColumns.__dataclass_fields__), ("wifi", WifiColumns.__dataclass_fields__)):
        for name in set(names) - {"report"}:
            parts = [getattr(getattr(one, part), name) for one in alone]
            np.testing.assert_array_equal(getattr(getattr(reports, part), name), np.concatenate(parts))
    met["several profiles"] += len({profile for profile, _ in sent}) > 1
    met["cells"] += len(reports.cells.report)
    met["access points"] += len(reports.wifi.report)
    met["flags"] += int((reports.flags != 0).sum())


@pytest.mark.parametrize("profile", FAMILY.profiles)
def test_loops_do_the_same_in_python(monkeypatch, profile):
    sent = [of_own(profile, place, place + 1) for place in range(len(SENT))]
    sent += [(profile, raw) for raw in (frame(0x0002, bytes.fromhex("481f01")), frame(0x0704), b"\x7e\x7e", b"")]
    compiled = told(FAMILY.decode(batch_of(sent, FAMILY.profiles)))
    monkeypatch.setattr(Loop, "__call__", lambda loop, *given: loop.function(*given))
    assert told(FAMILY.decode(batch_of(sent, FAMILY.profiles))) == compiled


def mixed(count):
    """Frames of five models by turns, with what they have seen."""
    return batch_of([of_own(FIVE[each % 5], *range(each, each + 4)) for each in range(count)], FIVE)


def test_256_frames_of_five_models_cost_so_many_calls_each():
    few, many = mixed(256), mixed(2048)
    assert len(FAMILY.decode(few).cells.report) > 100
    FAMILY.decode(many)
    assert 100 < work_of(lambda: FAMILY.decode(few)) < 256 * 3
    assert work_of(lambda: FAMILY.decode(many)) < 2048


def loops():
    """Every loop that stands in a module of the wires', but for the one that describes what no reader takes."""
    modules = [module for name, module in sys.modules.items() if name.startswith("protocols.")]
    found = {each for module in modules for each in vars(module).values() if isinstance(each, Loop)}
    return {loop for loop in found if loop.function.__module__ != "protocols.lists"}


def test_every_loop_has_been_called_once_it_is_prepared(monkeypatch):
    called, call = [], Loop.__call__
    monkeypatch.setattr(Loop, "__call__", lambda loop, *given: called.append(loop) or call(loop, *given))
    prepare(FAMILIES, ["jt808", "gt06"])
    assert {loop.function for loop in loops()} == {loop.function for loop in called}


def test_loops_are_compiled_for_one_kind_of_arrays():
    for profile in FAMILY.profiles:
        FAMILY.decode(batch_of([of_own(profile, *range(each, each + 3)) for each in range(40)], FAMILY.profiles))
    FAMILY.decode(batch_of([("bsj", frame(0x0002, bytes.fromhex("481f01")))], FAMILY.profiles))
    decoding = [loop for loop in loops() if loop.function.__module__ != "protocols.jt808.turns"]
    compiled = {loop.function: len(loop._compiled.signatures) for loop in decoding if loop._compiled}
    assert compiled == dict.fromkeys(compiled, 1)
    assert len(compiled) > 10
