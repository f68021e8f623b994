"""A batch that is small waits a moment for company: so the disk is asked less often, and nobody waits to be felt."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Company:
    """Says whether what waits goes now; it waits once, however its clock goes."""

    _timer: asyncio.TimerHandle | None = None
    _is_over: bool = False

    def keeps(self, wait: float, wake: Callable[[], None]) -> bool:
        """Whether what waits may wait for so many real seconds yet; ``wake`` is called then."""
        if wait > 0.0 and not self._is_over:
            if self._timer is None:
                self._timer = asyncio.get_running_loop().call_later(wait, self._end, wake)
            return True
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._is_over = None, False
        return False

    def _end(self, wake: Callable[[], None]) -> None:
        self._is_over = True
        wake()
