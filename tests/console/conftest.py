"""The night shift, shared by the tests of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from story_night import Night

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """At 21:50 of the last night."""
    one = Night.begun(tmp_path_factory.mktemp("night"))
    try:
        one.to_the_last()
        yield one
    finally:
        one.end()
