"""Formulas that are written for one row and compiled for a million.

A formula is a plain Python function of numbers and records (rows of a numpy structured array), which it may change. It
is called as it stands by whoever has one row, and by compiled loops: the machine does the same additions in the same
order either way, so that both come out the same to the last bit (``tests/formulas/test_formula.py``). No formula reads
anything but its arguments and constants.
"""

from __future__ import annotations

import inspect
import os
import platform
import sys
import tempfile
from contextlib import contextmanager
from enum import EnumType
from functools import partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Function = TypeVar("Function", bound="Callable[..., Any]")
Record = Any
"""A row of a structured array (``numpy.record``), or whatever has its fields as attributes."""

_COMPILER = "formulas.compiling"
LINKS = platform.machine() == "x86_64"
"""Whether machine code that was kept can be linked: each machine has its own kinds of addresses, and we know these."""

_FORMULAS: set[Callable[..., Any]] = set()
_LINKED: list[Loop] = []
_KEPT_ALONE: list[bool] = []


class NotKept(LookupError):
    """A loop would have to be compiled."""


def formula(function: Function) -> Function:
    """A function that compiled loops may call; it stays what it is."""
    _FORMULAS.add(function)
    return function


class Loop:
    """A function over whole arrays that is compiled at its first call, and kept on disk where there is room for it.

    What was kept is linked, and the compiler is not loaded. Once it is, for arguments of kinds that no loop had before,
    it has all loops: it and what is linked share tables of types.

    Attributes:
        function: the same in Python.
    """

    __slots__ = ("_compiled", "function")

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self._compiled: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:  # noqa: ANN401  whatever the function takes and gives
        """Run it."""
        if self._compiled is None:
            kept = _kept_in(self.function)
            self._compiled = self._linked(kept) or self._by_compiler(kept)
        return self._compiled(*arguments)

    def _linked(self, kept: Path | None) -> Callable[..., Any] | None:
        """As it was kept, if it was."""
        if kept is None or not LINKS or _COMPILER in sys.modules:
            return None
        linked = import_module("formulas.linked")
        found: Callable[..., Any] | None = linked.linked(self.function, kept, partial(self._by_compiler, kept))
        if found is not None:
            _LINKED.append(self)
        return found

    def _by_compiler(self, kept: Path | None) -> Callable[..., Any]:
        """Compile it at its next call, or load what numba kept; from now on no loop is linked any more."""
        if _KEPT_ALONE and kept is not None and LINKS:
            raise NotKept(self.function.__name__)
        while _LINKED:
            _LINKED.pop()._compiled = None  # noqa: SLF001  another of ours
        # Loaded here: it takes longer than all the rest, and most commands run no loop.
        compiling = import_module(_COMPILER)
        self._compiled = made = compiling.compiled(self.function, _FORMULAS, kept)
        return made  # type: ignore[no-any-return]


@contextmanager
def kept_alone() -> Iterator[None]:
    """Within it a loop that was not kept raises :class:`NotKept`, where another process could keep it for this one."""
    _KEPT_ALONE.append(True)
    try:
        yield
    finally:
        _KEPT_ALONE.pop()


def _parts(function: Callable[..., Any], known: set[Callable[..., Any]]) -> Iterator[str]:
    """What is compiled of a function: its text, the constants that it reads, and the same of the formulas it calls.

    Another module may have made either.
    """
    if function in known:
        return
    known.add(function)
    yield inspect.getsource(function)
    for name, value in _read_by(function):
        if isinstance(value, EnumType):
            yield f"{name} {[(one.name, one.value) for one in value]}"  # type: ignore[var-annotated]  # of any enumeration
        elif isinstance(value, int | float | tuple):
            yield f"{name} {value!r}"
        elif isinstance(value, np.ndarray):
            yield f"{name} {value.dtype} {value.tolist()}"
        elif inspect.isfunction(value) and value in _FORMULAS:
            yield from _parts(value, known)


def _read_by(function: Callable[..., Any]) -> Iterator[tuple[str, Any]]:
    """Names that a function reads of its module, and of the modules that it reads from."""
    scope = function.__globals__
    names = [name for name in function.__code__.co_names if name in scope]
    modules = [vars(scope[name]) for name in names if inspect.ismodule(scope[name])]
    yield from ((name, scope[name]) for name in names)
    yield from ((name, held[name]) for held in modules for name in function.__code__.co_names if name in held)


def _kept_in(function: Callable[..., Any]) -> Path | None:
    """Where compiled code is kept: by what it was made of, for numba looks at the outermost function's file alone."""
    # Loops that look whether each place is within its array are others.
    digest = sha256(os.environ.get("NUMBA_BOUNDSCHECK", "").encode())
    for part in _parts(function, set()):
        digest.update(part.encode())
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
