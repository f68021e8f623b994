"""Made-up rows of a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from gateway.engine import PAST

if TYPE_CHECKING:
    from collections.abc import Sequence

DAY = 86_400.0
NOON = 20_000 * DAY + 43_200.0
DEVICES = ("B0001", "B0002", "B0003")


def rows(orders: Sequence[float], first: int, device: int = 0, received: float | None = None) -> np.ndarray:
    """Rows of the entries from ``first`` on, one each; received a second after they were made, or all at once."""
    made = np.zeros(len(orders), PAST)
    made["order"] = made["time"] = orders
    made["received"] = np.array(orders) + 1.0 if received is None else received
    made["offset"] = first + np.arange(len(orders))
    made["tie"] = made["digest"] = (made["offset"] + 1).astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    made["device"] = device
    made["latitude"], made["battery_percent"], made["located"] = 24.0 + made["offset"] / 1e6, 50, True
    return made


def minutes(count: int, first: int, begin: float = NOON, device: int = 0) -> np.ndarray:
    """A report a minute."""
    return rows([begin + 60.0 * index for index in range(count)], first, device)


def of(history, devices=DEVICES, since: float = -np.inf, until: float = np.inf, before: int = 1 << 40) -> list:
    """All that a history holds, as it says it."""
    return history.between(devices, since, until, before).tolist()
