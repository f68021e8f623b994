"""Compiles every loop for this machine and keeps what comes out, so that no start has to: run once installed.

What a start compiles otherwise is what its county needs; where it is kept, see ``formulas/formula.py``.
"""

from __future__ import annotations

from gateway.engine import prepare
from gateway.intake.device_clock import prepare_clocks
from protocols.registry import FAMILIES
from protocols.registry import prepare as prepare_families


def main() -> None:
    """Compile, or find it compiled."""
    prepare()
    prepare_families(FAMILIES, FAMILIES)
    prepare_clocks()


if __name__ == "__main__":
    main()
