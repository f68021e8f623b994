"""Pass: whether what bracelets and phones report can be true, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.engine.apart import end_former, watch_apart
from gateway.engine.implausible import watch_jumps
from gateway.engine.phones import is_phone

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from gateway.engine.context import Context


def watch_integrity(context: Context, rows: NDArray[np.int64]) -> None:
    """Take whole reports of wearers (int64 rows, ascending), several a group, whose fixes are in the tracks."""
    end_former(context, rows)
    watch_jumps(context)
    watch_apart(context, rows[is_phone(context, rows)])
