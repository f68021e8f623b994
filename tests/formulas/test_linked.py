"""Machine code that was kept is called as what the compiler makes, and is refused where it is not for us."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from fencing.intervals import KeyedIntervals, _search
from formulas.formula import LINKS, _kept_in
from formulas.image import Image, Unlinkable, shared_by
from formulas.kept import Overload, keep, kind_of, overloads_in
from formulas.runtime import address_of

pytestmark = pytest.mark.skipif(not LINKS, reason="no code is linked on this machine")
LOOPS = """
import sys
import numpy as np
from formulas.formula import Loop, NotKept, kept_alone

@Loop
def spread(rows, fixes, many):
    if many < 0:
        raise ValueError("fewer than none")
    near = np.empty(len(rows), np.bool_)
    for row in range(len(rows)):
        fixes[row].seen += many
        near[row] = np.exp(rows[row]) > fixes[row].far
    return near, many // len(rows)

@Loop
def total(numbers):
    found = 0.0
    for number in numbers:
        found += number
    return found

def fixes():
    return np.zeros(3, [("seen", "i8"), ("far", "f8")])

def run():
    given = fixes()
    near, each = spread(np.array([-1.0, 0.0, 1.0]), given, 7)
    return [near.tolist(), str(near.dtype), each, given["seen"].tolist(), total(np.arange(4.0))]
"""
FIRST = """
import json
from loops import run
print(json.dumps(run()))
"""
SECOND = """
import json, sys
import numpy as np
from loops import NotKept, fixes, kept_alone, run, spread, total
linked = run(), "numba" in sys.modules
faults = []
for rows, many in (np.zeros(3), -1), (np.zeros(0), 1):
    try:
        spread(rows, fixes(), many)
    except (ValueError, ZeroDivisionError) as fault:
        faults.append(repr(fault))
try:
    with kept_alone():
        total(np.arange(8.0)[::2])
except NotKept as fault:
    faults.append(str(fault))
unloaded = "numba" in sys.modules
other = total(np.arange(8.0)[::2]), total(np.arange(4, dtype=np.float32)), total(np.arange(4.0))
print(json.dumps([linked, faults, unloaded, other, "numba" in sys.modules, run()]))
"""


def test_kept_code_does_what_compiled_code_does_and_the_compiler_comes_for_other_arguments(tmp_path):
    (tmp_path / "loops.py").write_text(LOOPS, "utf-8")
    said = []
    for program in (FIRST, SECOND):
        run = subprocess.run(
            [sys.executable, "-B", "-c", program], capture_output=True, text=True, check=True,
            env=os.environ | {"CACHE_DIRECTORY": str(tmp_path / "kept"), "PYTHONPATH": str(tmp_path)},
        )  # fmt: skip
        said.append(json.loads(run.stdout))
    compiled, (linked, faults, unloaded, other, loaded, afterwards) = said
    assert compiled == [[True, True, True], "bool", 2, [7, 7, 7], 6.0]
    assert linked == [compiled, False]
    assert faults == ["ValueError('fewer than none')", "ZeroDivisionError('integer division by zero')", "total"]
    assert (unloaded, other, loaded, afterwards) == (False, [12.0, 6.0, 6.0], True, compiled)


@pytest.fixture(scope="module")
def overload():
    """What is kept of a loop, once it has been called."""
    KeyedIntervals.build(()).prepare()
    return overloads_in(_kept_in(_search.function), _search.function)[0]


def test_an_object_is_placed_and_all_that_it_calls_is_found(overload):
    image = Image(overload.code, address_of, {})
    assert image.addresses[overload.entry] in image.addresses.values()
    with pytest.raises(KeyError):
        address_of("nobody_has_this")
    assert address_of("exp") != address_of("PyTuple_New")


def test_an_object_of_another_machine_is_not_placed(overload):
    """The last is one of 64-bit ARM."""
    for code in (b"", b"\x7fELF" * 40, overload.code[:18] + b"\xb7\0" + overload.code[20:]):
        with pytest.raises(Unlinkable):
            shared_by(code)


def test_what_is_kept_is_of_these_versions_and_whole(tmp_path, monkeypatch, overload):
    other = Overload(("bool",), b"code", "entry", {})
    for each in (overload, other, other):
        keep(tmp_path, _search.function, each)
    assert overloads_in(tmp_path, _search.function) == [overload, other]
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr("formulas.kept._made_by", lambda: "another processor")
        assert overloads_in(tmp_path, _search.function) == []
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert overloads_in(tmp_path, _search.function) == []
    path.unlink()
    assert overloads_in(tmp_path, _search.function) == []


def test_kinds_of_arguments_tell_apart_what_code_depends_on():
    rows = np.zeros((4, 4))
    read_only = np.zeros(4)
    read_only.flags.writeable = False
    records = np.zeros(4, [("x", "f8")])
    values = [1, 1.0, True, rows, rows.T[:, :2], rows[::2], rows[0], read_only, rows.astype("f4"), records, (1, rows)]
    kinds = [kind_of(each) for each in values]
    assert None not in kinds
    assert len(set(kinds)) == len(kinds)
    assert kind_of(np.int64(1)) == kind_of(1)
    assert [kind_of(each) for each in (None, [1], records[0], (1, None))] == [None] * 4
