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

print(total(np.arange(4.0)))
"""
FORMULA = "from formulas.formula import formula\n\n@formula\ndef part(number):\n    return {factor} * number\n"


@pytest.mark.parametrize("is_writable", [True, False])
def test_what_is_kept_is_of_the_formulas_as_they_stand(tmp_path, is_writable):
    """Of the loop's own file nothing has changed: numba alone would take the old formula."""
    kept = tmp_path / "kept"
    if not is_writable:
        kept.write_text("no folder", "utf-8")
    (tmp_path / "loop.py").write_text(PROGRAM.format(folder=str(tmp_path)), "utf-8")
    environment = os.environ | {"CACHE_DIRECTORY": str(kept)}
    said = []
    for factor in (2.0, 2.0, 3.0):
        (tmp_path / "theirs.py").write_text(FORMULA.format(factor=factor), "utf-8")
        run = subprocess.run(
            [sys.executable, "-B", str(tmp_path / "loop.py")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(run.stdout.strip())
    assert said == ["12.0", "12.0", "18.0"]
    assert not is_writable or len(list(kept.iterdir())) == 2


READER = FORMULA.replace("{factor}", "{reads}").replace("\n\n", "\nfrom constants import {names}\n\n", 1)


@pytest.mark.parametrize(
    ("names", "reads", "constants"),
    [("FACTOR", "FACTOR", "FACTOR = {}"),
     ("FACTORS", "FACTORS[1]", "import numpy as np\nFACTORS = np.array([9.0, {}])"),
     ("Factor", "(2.0 if Factor.IT == 2 else 3.0)",
      "import enum\nclass Factor(enum.IntEnum):\n    IT = {:.0f}")],
)  # fmt: skip
def test_what_is_kept_is_of_the_constants_as_another_file_has_them(tmp_path, names, reads, constants):
    """Of all files with formulas nothing has changed."""
    (tmp_path / "loop.py").write_text(PROGRAM.format(folder=str(tmp_path)), "utf-8")
    (tmp_path / "theirs.py").write_text(READER.format(names=names, reads=reads), "utf-8")
    environment = os.environ | {"CACHE_DIRECTORY": str(tmp_path / "kept")}
    said = []
    for factor in (2.0, 3.0):
        (tmp_path / "constants.py").write_text(constants.format(factor), "utf-8")
        run = subprocess.run(
            [sys.executable, "-B", str(tmp_path / "loop.py")],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        said.append(run.stdout.strip())
    assert said == ["12.0", "18.0"]
    assert len(list((tmp_path / "kept").iterdir())) == 2


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
