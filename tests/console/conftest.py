"""The night shift, shared by the tests of a file; the nights before it by all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from story_night import Night

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def nights_before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the nights before lie: one place for all workers of a run."""
    return tmp_path_factory.getbasetemp() / "nights-before"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory, nights_before: Path) -> Iterator[Night]:
    """At 21:50 of the last night."""
    one = Night.at_the_last(tmp_path_factory.mktemp("night"), nights_before)
    try:
        yield one
    finally:
        one.end()
