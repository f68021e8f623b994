"""The ledger of devices of a daemon's parts: what the engine knows, and the history on disk."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gateway.control.ledger import Ledger
from gateway.history.reader import HistoryReader

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from gateway.daemon.pipeline import Pipeline


def ledger_desk(pipeline: Pipeline, directory: Path) -> Ledger:
    """One daemon's, whose storage is in a directory. What came last counts once it was put down."""
    reader = HistoryReader(directory / "history")

    async def rows(devices: Sequence[str], since: float, until: float) -> NDArray[np.void]:
        return await asyncio.to_thread(reader.rows, devices, since, until)

    return Ledger(pipeline.view, rows)
