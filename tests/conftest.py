"""Shared by all tests: the torture switch, how hard properties are tried, and where the captured frames lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from effort import load_profile
from listed_skips import ListedSkips, listed

ROOT = Path(__file__).resolve().parents[1]

load_profile()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="run the long fault proofs too")
    parser.addoption("--listed-skips", action="store_true", help="fail on a skip CONTRIBUTING.md does not list")


def pytest_configure(config: pytest.Config) -> None:
    is_worker = hasattr(config, "workerinput")
    if config.getoption("--listed-skips") and not is_worker:
        config.pluginmanager.register(ListedSkips(listed(ROOT / "CONTRIBUTING.md")))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--torture"):
        return
    long = [item for item in items if "torture" in item.keywords]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if "torture" not in item.keywords]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of captured frames and measurements; tests that need it skip loudly where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("NOT SHOWN HERE: ../shared (captured frames, measurements) is absent")
    return folder
