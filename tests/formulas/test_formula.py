"""What is kept of compiled formulas on disk is of their source as it stands."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
from formulas.formula import Loop, formula
import numpy as np, sys
sys.path.insert(0, {folder!r})
import theirs

@Loop
def total(numbers):
    found = 0.0
    for number in numbers:
        found += theirs.part(number)
    return found

print(total(np.arange(4.0)), "numba" in sys.modules)
"""
FORMULA = "from formulas.formula import formula\n\n@formula\ndef part(number):\n    return {factor} * number\n"


@pytest.mark.parametrize(("is_writable", "factors"), [(True, (2.0, 2.0, 3.0)), (False, (2.0, 3.0))])
def test_what_is_kept_is_of_the_formulas_as_they_stand(tmp_path, is_writable, factors):
    """Of the loop's own file nothing has changed: numba alone would take the old formula. No compiler is loaded."""
    kept = tmp_path / "kept"
    if not is_writable:
        kept.write_text("no folder", "utf-8")
    (tmp_path / "loop.py").write_text(PROGRAM.format(folder=str(tmp_path)), "utf-8")
    environment = os.environ | {"CACHE_DIRECTORY": str(kept)}
    said = []
    for factor in factors:
        (tmp_path / "theirs.py").write_text(FORMULA.format(factor=factor), "utf-8")
        run = subprocess.run(
            [sys.executable, "-B", str(tmp_path / "loop.py")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(run.stdout.strip())
    assert [each.split()[0] for each in said] == [str(6.0 * factor) for factor in factors]
    assert not is_writable or [each.split()[1] for each in said] == ["True", "False", "True"]
    assert not is_writable or len(list(kept.iterdir())) == 2


CONSTANTS = """
import enum
import numpy as np

FACTOR = {factor}
FACTORS = np.array([9.0, {factor}])

class Factor(enum.IntEnum):
    IT = {factor:.0f}
"""
READERS = """
from constants import FACTOR, FACTORS, Factor
from formulas.formula import formula

@formula
def by_number(number):
    return FACTOR * number

@formula
def by_array(number):
    return FACTORS[1] * number

@formula
def by_enumeration(number):
    return (2.0 if Factor.IT == 2 else 3.0) * number
"""
TOTALS = """
import sys
sys.path.insert(0, {folder!r})
import numpy as np, theirs
from formulas.formula import Loop

@Loop
def number(numbers):
    found = 0.0
    for one in numbers:
        found += theirs.by_number(one)
    return found

@Loop
def array(numbers):
    found = 0.0
    for one in numbers:
        found += theirs.by_array(one)
    return found

@Loop
def enumeration(numbers):
    found = 0.0
    for one in numbers:
        found += theirs.by_enumeration(one)
    return found

print(*(total(np.arange(4.0)) for total in (number, array, enumeration)))
"""


def test_what_is_kept_is_of_the_constants_as_another_file_has_them(tmp_path):
    """Of all files with formulas nothing has changed, and each of the loops reads a constant of another kind."""
    (tmp_path / "loop.py").write_text(TOTALS.format(folder=str(tmp_path)), "utf-8")
    (tmp_path / "theirs.py").write_text(READERS, "utf-8")
    environment = os.environ | {"CACHE_DIRECTORY": str(tmp_path / "kept")}
    said = []
    for factor in (2.0, 3.0):
        (tmp_path / "constants.py").write_text(CONSTANTS.format(factor=factor), "utf-8")
        run = subprocess.run(
            [sys.executable, "-B", str(tmp_path / "loop.py")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(run.stdout.split())
    assert said == [["12.0"] * 3, ["18.0"] * 3]
    assert len(list((tmp_path / "kept").iterdir())) == 6


BEYOND = """
from formulas.formula import Loop
import numpy as np

@Loop
def one_more(numbers, first):
    return numbers[first:][len(numbers) - first - 1 + first]

print(one_more(np.arange(4.0), {first}))
"""


def test_a_loop_that_looks_whether_it_is_within_is_not_the_one_that_was_kept(tmp_path):
    """As `make torture` and `make fuzz` run them: what reads past an array says so, though it was compiled before."""
    environment = os.environ | {"CACHE_DIRECTORY": str(tmp_path / "kept")}
    said = {}
    for name, first, checked in (("within", 0, ""), ("unseen", 1, ""), ("seen", 1, "1")):
        program = tmp_path / "beyond.py"
        program.write_text(BEYOND.format(first=first), "utf-8")
        run = subprocess.run(
            [sys.executable, "-B", str(program)],
            env=environment | {"NUMBA_BOUNDSCHECK": checked},
            capture_output=True,
            text=True,
            check=False,
        )
        said[name] = (run.returncode, "IndexError" in run.stderr)
    assert said == {"within": (0, False), "unseen": (0, False), "seen": (1, True)}
