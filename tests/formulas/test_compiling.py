"""What the compiler is read from is given back once all is compiled, and is found again where more is compiled."""

from __future__ import annotations

import os

import numpy as np
import pytest

from formulas import compiling
from formulas.formula import Loop, give_back_compiler

MAPS = """\
7f00-7f40 r--p 00000000 08:01 77 /v/llvmlite/binding/libllvmlite.so
Rss:  64 kB
Private_Dirty:         0 kB
7f40-8f40 r-xp 00040000 08:01 77 /v/llvmlite/binding/libllvmlite.so
Private_Dirty:         0 kB
8f40-8f80 r--p 00080000 08:01 77 /v/llvmlite/binding/libllvmlite.so
Private_Dirty:         4 kB
8f80-8fc0 rw-p 000c0000 08:01 77 /v/llvmlite/binding/libllvmlite.so
Private_Dirty:         0 kB
9000-9040 r-xp 00000000 08:01 78 /v/libother.so
Private_Dirty:         0 kB
"""


def test_only_what_is_of_the_compiler_and_was_never_written_to_is_given_back():
    assert list(compiling._only_read(MAPS)) == [(0x7F00, 0x40), (0x7F40, 0x1000)]


@pytest.mark.skipif(not os.path.exists("/proc/self/smaps"), reason="of Linux")  # noqa: PTH110  asked once
def test_loops_go_on_and_others_are_compiled_afterwards():
    doubled = Loop(_doubled)
    numbers = np.arange(3.0)
    doubled(numbers)
    assert compiling.give_back() > 0
    give_back_compiler()
    doubled(numbers)
    Loop(_tripled)(numbers)
    assert numbers.tolist() == [0.0, 12.0, 24.0]


def _doubled(numbers):
    for at in range(len(numbers)):
        numbers[at] *= 2.0


def _tripled(numbers):
    for at in range(len(numbers)):
        numbers[at] *= 3.0
