"""What the daemon loads before it listens is loaded before these tests do, so that no peer waits for it."""

from __future__ import annotations

import pytest

from gateway.intake.device_clock import prepare_clocks
from protocols.registry import FAMILIES, prepare


@pytest.fixture(scope="session", autouse=True)
def _loops() -> None:
    prepare(FAMILIES, ["jt808", "gt06"])
    prepare_clocks()
