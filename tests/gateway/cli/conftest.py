"""Commands that run in the tests' own process leave its language as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gateway.words.phrases import LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _spoken() -> Iterator[None]:
    token = LANGUAGE.set("en")
    yield
    LANGUAGE.reset(token)
