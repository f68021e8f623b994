"""What compiles loops. Nothing else imports it, for it takes long to load: see :class:`formulas.formula.Loop`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numba
from numba.extending import register_jitable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path


def compiled(
    function: Callable[..., Any], formulas: Iterable[Callable[..., Any]], kept: Path | None
) -> Callable[..., Any]:
    """The function over whole arrays, compiled at its first call.

    Args:
        function: what it does, in Python.
        formulas: what it may call, and more.
        kept: the folder of what was compiled before; None: there is no room for it.
    """
    for formula in formulas:
        _made_known(formula)
    numba.config.CACHE_DIR = str(kept or "")  # type: ignore[attr-defined]  # made from its environment
    loop: Callable[..., Any] = numba.njit(cache=kept is not None)(function)
    return loop


@lru_cache(None)
def _made_known(formula: Callable[..., Any]) -> None:
    """Once each."""
    register_jitable(formula)
