"""Shared by all tests: the torture switch, how hard properties are tried, the browser, and the captured frames."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import browser, browser_page, visitor
from effort import load_profile
from listed_skips import ListedSkips, listed
from order import mixed
from quick import LEFT_OUT, is_among, is_left_out, without_processes
from stream_loop import stream_loop
from stream_server import stream_county, stream_server
from workers import Workers

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["browser", "browser_page", "stream_county", "stream_loop", "stream_server", "visitor"]
"""Fixtures that stand elsewhere."""
ROOT = Path(__file__).resolve().parents[1]

COLLECTED = 50_000, 20, 100
"""Objects, and then collections, between collections of garbage: tests leave little, and have much to look through."""

STARTING = LEFT_OUT["they start processes"]

load_profile()
gc.set_threshold(*COLLECTED)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="run the long fault proofs too")
    parser.addoption("--quick", action="store_true", help="tests of parts alone, those that need no process")
    parser.addoption("--listed-skips", action="store_true", help="fail on a skip CONTRIBUTING.md does not list")
    parser.addoption("--workers", type=int, default=0, help="processes that run the tests; 0: this one")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--listed-skips"):
        config.pluginmanager.register(ListedSkips(listed(ROOT / "CONTRIBUTING.md")))
    if workers := config.getoption("--workers"):
        config.pluginmanager.register(Workers(workers))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    no_long, quick = not config.getoption("--torture"), config.getoption("--quick")
    out = [item for item in items if (no_long and "torture" in item.keywords) or (quick and is_left_out(item.path))]
    config.hook.pytest_deselected(items=out)
    gone = set(out)
    items[:] = mixed(item for item in items if item not in gone)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected of tests stays, and is not looked through again. Workers share the loaded programs."""
    gc.freeze()
    if session.config.getoption("--workers") and any(is_among(item.path, STARTING) for item in session.items):
        from programs import load_ahead  # noqa: PLC0415  which most runs do without

        load_ahead()


@pytest.fixture(scope="session", autouse=True)
def _processes(pytestconfig: pytest.Config) -> Iterator[None]:
    """As many as they like, but in a quick run."""
    yield from without_processes() if pytestconfig.getoption("--quick") else iter([None])


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of captured frames and measurements; tests that need it skip loudly where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("NOT SHOWN HERE: ../shared (captured frames, measurements) is absent")
    return folder
