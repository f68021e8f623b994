"""Sums by key, and rows of sorted keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gateway.fusion.scan.shapes import Flags, Floats, Integers


def summed(key: Integers, values: Floats) -> tuple[Integers, Floats]:
    """Keys (0 and above) in order, each once, and the sums of their rows of ``values``, in the order they came."""
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.diff(key, prepend=-1))
    return key[first], np.add.reduceat(values[order], first, axis=0) if len(key) else values


def ranges(first: Integers, until: Integers) -> Integers:
    """The numbers first[i] to until[i] - 1 for each i, one after the other."""
    length = until - first
    ends = np.cumsum(length)
    numbers: Integers = np.arange(length.sum()) + np.repeat(first - ends + length, length)
    return numbers


def found(keys: Integers, wanted: Integers) -> tuple[Integers, Flags]:
    """Where each wanted key stands in sorted keys, and whether it does; -1 does not."""
    at = np.searchsorted(keys, wanted)
    there = (at < len(keys)) & (wanted >= 0)
    there[there] = keys[at[there]] == wanted[there]
    return at, there
