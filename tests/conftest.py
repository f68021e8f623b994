"""Shared by all tests: the torture switch, and where the captured frames lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test is timed. The first draw of a text on a fresh machine builds tables for a second or two.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="run the long fault proofs too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--torture"):
        return
    long = pytest.mark.skip(reason="long fault proof: make torture")
    for item in items:
        if "torture" in item.keywords:
            item.add_marker(long)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of captured frames and measurements; tests that need it skip loudly where it is absent."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("NOT SHOWN HERE: ../shared (captured frames, measurements) is absent")
    return folder
