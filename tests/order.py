"""The order in which workers take files: those that wait among those that compute, so that no processor idles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quick import LEFT_OUT, TESTS, is_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pytest

LONGEST = (
    "e2e/test_kill.py",
    "e2e/test_demo.py",
    "e2e/test_owner_case.py",
    "console/test_story_a.py",
    "e2e/test_explain_live.py",
    "e2e/test_notices_live.py",
    "e2e/test_towers_live.py",
    "tools/test_bench_start.py",
    "e2e/test_faults.py",
)
"""Begun first, so that no one of them is what all wait for in the end."""
BEGUN_BY = 0.9
"""Share of the computing files that are given out by when the last waiting one is begun."""


def mixed(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """All tests, those of a file together and in their order; files that start processes evenly among the others."""
    files: dict[Path, list[pytest.Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    waiting = [path for path in files if is_among(path, LEFT_OUT["they start processes"])]
    computing = [path for path in files if path not in set(waiting)]
    first = {TESTS / name: place for place, name in enumerate(LONGEST)}
    waiting.sort(key=lambda path: first.get(path, len(first)))
    places = sorted([*_spread(waiting, BEGUN_BY), *_spread(computing, 1.0)], key=lambda place: place[0])
    return [item for _, path in places for item in files[path]]


def _spread(files: list[Path], upto: float) -> Iterator[tuple[float, Path]]:
    """Each with its place between 0 and ``upto``, all as far from one another."""
    return ((upto * number / len(files), path) for number, path in enumerate(files))
