"""A small corpus out of a large one: inputs, small ones first, each of which walks lines no smaller one walked."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import FrameType

    from fuzz.harness import Target

MOST_INPUTS = 200
Steps = set[tuple[str, int, int]]
"""(file, line before, line): one step of a walk through the code of ``protocols``."""


def minimised(target: Target, inputs: Iterable[bytes], most: int = MOST_INPUTS) -> list[bytes]:
    """The chosen inputs, at most ``most``, ordered by length."""
    known: Steps = set()
    chosen: list[bytes] = []
    for data in sorted(set(inputs), key=lambda one: (len(one), one)):
        steps: Steps = set()
        with _traced(steps):
            target.run(data)
        if len(chosen) < most and not steps <= known:
            known |= steps
            chosen.append(data)
    return chosen


@contextmanager
def _traced(steps: Steps) -> Iterator[None]:
    before = sys.gettrace()
    sys.settrace(_tracer(steps))
    try:
        yield
    finally:
        sys.settrace(before)


def _tracer(steps: Steps) -> Callable[..., object]:
    last: dict[int, int] = {}

    def line(frame: FrameType, event: str, _argument: object) -> object:
        if event == "line":
            steps.add((frame.f_code.co_filename, last.get(id(frame), 0), frame.f_lineno))
            last[id(frame)] = frame.f_lineno
        elif event == "return":
            last.pop(id(frame), None)
        return line

    def call(frame: FrameType, _event: str, _argument: object) -> object:
        return line if "/protocols/" in frame.f_code.co_filename else None

    return call
