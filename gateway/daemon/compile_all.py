"""Compiles every loop for this machine and keeps what comes out, so that no start has to: run once installed.

What a start compiles otherwise is what its county needs; where it is kept, see ``formulas/formula.py``.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from formulas.formula import NotKept, kept_alone
from gateway.engine import prepare
from gateway.intake.device_clock import prepare_clocks
from protocols.registry import FAMILIES
from protocols.registry import prepare as prepare_families

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from protocols.session import Family


def make_ready(families: Mapping[str, Family], spoken: Iterable[str]) -> None:
    """Every loop of a county, ready to be called.

    Where one is not kept another process compiles all: the compiler's memory, some 300 MiB, would stay with this one.
    """
    try:
        with kept_alone():
            _prepare(families, spoken)
    except NotKept:
        subprocess.run([sys.executable, "-P", "-m", "gateway.daemon.compile_all"], check=False)
        _prepare(families, spoken)


def make_all_ready() -> None:
    """The same of every family: for who learns only later what a county needs."""
    make_ready(FAMILIES, FAMILIES)


def _prepare(families: Mapping[str, Family], spoken: Iterable[str]) -> None:
    prepare()
    prepare_families(families, spoken)
    prepare_clocks()


def main() -> None:
    """Compile, or find it compiled."""
    _prepare(FAMILIES, FAMILIES)


if __name__ == "__main__":
    main()
