"""Formulas that are written for one row and compiled for a million.

A formula is a plain Python function of numbers and records (rows of a numpy structured array), which it may change. It
is called as it stands by whoever has one row, and by compiled loops: the machine does the same additions in the same
order either way, so that both come out the same to the last bit (``tests/fencing/test_formula.py``). No formula reads
anything but its arguments and constants.
"""

from __future__ import annotations

import inspect
import os
import tempfile
from enum import EnumType
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba
import numpy as np
from numba.extending import register_jitable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Function = TypeVar("Function", bound="Callable[..., Any]")
Record = Any
"""A row of a structured array (``numpy.record``), or whatever has its fields as attributes."""

_FUNCTIONS: list[Callable[..., Any]] = []
"""Formulas and loops: what is compiled of them is kept by the digest of their files, and of the constants they read."""


def formula(function: Function) -> Function:
    """A function that compiled loops may call; it stays what it is."""
    _FUNCTIONS.append(function)
    register_jitable(function)
    return function


class Loop:
    """A function over whole arrays that is compiled at its first call, and kept on disk where there is room for it.

    Attributes:
        function: the same in Python.
    """

    __slots__ = ("_compiled", "function")

    def __init__(self, function: Callable[..., Any]) -> None:
        _FUNCTIONS.append(function)
        self.function = function
        self._compiled: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401  whatever the function takes and gives
        """Run it."""
        if self._compiled is None:
            kept = _kept_in()
            numba.config.CACHE_DIR = str(kept or "")  # type: ignore[attr-defined]  # made from its environment
            self._compiled = numba.njit(cache=kept is not None)(self.function)
        return self._compiled(*arguments)


def _constants(function: Callable[..., Any]) -> Iterator[str]:
    """Numbers, arrays and enumerations of its module that a function reads: another module may have made them."""
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if isinstance(value, EnumType):
            yield f"{name} {[(one.name, one.value) for one in value]}"  # type: ignore[var-annotated]  # of any enumeration
        elif isinstance(value, int | float):
            yield f"{name} {value!r}"
        elif isinstance(value, np.ndarray):
            yield f"{name} {value.dtype} {value.tolist()}"


def _kept_in() -> Path | None:
    """Where compiled code is kept: by what it was made of, for numba looks at the outermost function's file alone."""
    digest = sha256()
    for source in sorted({inspect.getfile(function) for function in _FUNCTIONS}):
        digest.update(Path(source).read_bytes())
    for constant in sorted({constant for function in _FUNCTIONS for constant in _constants(function)}):
        digest.update(constant.encode())
    roots = (
        os.environ.get("CACHE_DIRECTORY"),
        str(Path(__file__).parent / "__pycache__"),
        os.environ.get("XDG_CACHE_HOME"),
    )
    for root in filter(None, roots):
        folder = Path(root) / f"formulas-{digest.hexdigest()[:16]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
        except OSError:
            continue
    return None
