"""A capture: frames with their times of receipt, as they would have come in at the gateway's listeners.

A folder of one ``YYYY-MM-DD.npz`` a day (UTC, of the first receipt), each with

    received   float64 (n,)  UTC seconds, never decreasing
    sender     int32 (n,)    row of ``senders.csv`` (from 0)
    length     int64 (n,)    bytes of each frame
    octets     uint8 (...,)  the frames end to end, as on the wire

and ``senders.csv``: protocol, identity. ``bracelet-gateway replay --frames`` reads it.
"""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

Encoded = tuple["NDArray[np.uint8]", "NDArray[np.int64]", "NDArray[np.int64]"]
"""Frames end to end, the length of each, and the row each is of."""
DAY = 86400.0


def write_senders(directory: Path, senders: Iterable[tuple[str, str]]) -> None:
    """Begin a capture in a folder, made if need be: (protocol, identity) of every sender; an older one goes."""
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.npz"):
        old.unlink()
    with (directory / "senders.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("protocol", "identity"))
        table.writerows(senders)


def days_of(received: NDArray[np.float64]) -> list[slice]:
    """Frames in the order of receipt, as slices of one day each."""
    edges = np.concatenate([[0], np.flatnonzero(np.diff(np.floor(received / DAY))) + 1, [len(received)]])
    return [slice(first, last) for first, last in pairwise(edges.tolist()) if last > first]


def write_day(
    directory: Path, received: NDArray[np.float64], sender: NDArray[np.int64],
    frames: tuple[NDArray[np.uint8], NDArray[np.int64]],
) -> None:  # fmt: skip
    """Add the frames of a day, octets end to end and the length of each, in the order of receipt."""
    name = datetime.fromtimestamp(float(received[0]), UTC).strftime("%Y-%m-%d")
    octets, length = frames
    path = directory / f"{name}.npz"
    np.savez(path, received=received, sender=sender.astype(np.int32), length=length, octets=octets)


def ordered(parts: Iterable[Encoded], count: int) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Frames of several encoders, each with the rows its frames are of, in the order of the rows 0 to count - 1."""
    parts = list(parts)
    octets = np.concatenate([part[0] for part in parts])
    lengths = np.concatenate([part[1] for part in parts])
    rows = np.concatenate([part[2] for part in parts])
    start = np.cumsum(lengths) - lengths
    order = np.empty(count, np.int64)
    order[rows] = np.arange(len(rows))
    length = lengths[order]
    shift = np.repeat(start[order] - (np.cumsum(length) - length), length)
    return octets[np.arange(int(length.sum())) + shift], length
