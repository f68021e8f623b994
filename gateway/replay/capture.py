"""A capture: a folder of frames with their times of receipt, taken off the wire or made up, for ``replay --frames``.

One ``*.npz`` a day, in the order of their names, each with ``received`` (float64, UTC seconds, never decreasing),
``sender`` (int32, row of ``senders.csv`` from 0), ``length`` (int64, bytes of each frame) and ``octets`` (uint8, the
frames end to end, as on the wire); and ``senders.csv`` with the columns ``protocol,identity``.
"""

from __future__ import annotations

import csv
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gateway.errors import UserFault
from gateway.journal.entries import EntryBatch, EntryKind, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from gateway.settings.model import Configuration

COLUMNS = {"received": np.float64, "sender": np.int32, "length": np.int64, "octets": np.uint8}


@dataclass(frozen=True, slots=True)
class Capture:
    """A capture's senders as the configuration knows them, and its days."""

    origins: tuple[Origin, ...]
    days: tuple[Path, ...]

    def batches(self, until: float) -> Iterator[EntryBatch]:
        """Entries received at or before a time, a batch a day.

        Raises:
            UserFault: a day that cannot be read, or does not fit together.
        """
        last = -np.inf
        for path in self.days:
            day = _read(path)
            if len(day["received"]) and (day["received"][0] < last or (np.diff(day["received"]) < 0.0).any()):
                raise UserFault(f"{path}: received goes back in time; sort the frames by it")
            last = float(day["received"][-1]) if len(day["received"]) else last
            yield self._batch(path, day, int((day["received"] <= until).sum()))

    def _batch(self, path: Path, day: dict[str, NDArray], count: int) -> EntryBatch:  # type: ignore[type-arg]
        """The first frames of a day as entries."""
        length, sender = day["length"][:count], day["sender"][:count]
        if count and not 0 <= sender.min() <= sender.max() < len(self.origins):
            raise UserFault(f"{path}: sender {sender.max()} is no row of senders.csv, which has {len(self.origins)}")
        if count and (length.min() < 0 or length.sum() > len(day["octets"])):
            raise UserFault(f"{path}: the lengths do not fit the {len(day['octets'])} octets")
        return EntryBatch(
            np.full(count, EntryKind.FRAME, np.uint8), day["received"][:count], sender, np.cumsum(length) - length,
            length, day["octets"][: int(length.sum())], self.origins,
        )  # fmt: skip


def open_capture(directory: Path, configuration: Configuration) -> Capture:
    """Find a capture's senders in a configuration.

    Raises:
        UserFault: no capture there, or a sender that the configuration does not know.
    """
    table, days = directory / "senders.csv", tuple(sorted(directory.glob("*.npz")))
    if not table.is_file() or not days:
        raise UserFault(f"{directory}: no capture here (senders.csv and a .npz a day)")
    known = {(device.protocol, device.identity): device for device in configuration.devices.values()}
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, restval=""))
    origins = []
    for number, row in enumerate(rows, start=2):
        device = known.get((row.get("protocol", ""), row.get("identity", "")))
        if device is None:
            who = f"{row.get('protocol')} {row.get('identity')}"
            raise UserFault(f"{table}:{number}: {who} is no device of devices.csv")
        profile = device.profile or configuration.families[device.protocol].profiles[0]
        origins.append(Origin(device.device, "capture", "", device.protocol, profile))
    return Capture(tuple(origins), days)


def _read(path: Path) -> dict[str, NDArray]:  # type: ignore[type-arg]
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name].astype(kind, casting="same_kind") for name, kind in COLUMNS.items()}
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as fault:
        raise UserFault(f"{path}: cannot be read: {fault}; needed are the arrays {', '.join(COLUMNS)}") from fault
