"""What compiles loops. Nothing else imports it, for it takes long to load: see :class:`formulas.formula.Loop`."""

from __future__ import annotations

import ctypes
import mmap
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numba
from numba.extending import register_jitable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_MAPS: Final = Path("/proc/self/smaps")
_COMPILER: Final = "libllvmlite"
"""How the name of the compiler's file begins."""
_MAPPED: Final = re.compile(rf"([0-9a-f]+)-([0-9a-f]+) r-.p .*/{_COMPILER}[^/\n]*\n")
_WRITTEN: Final = re.compile(r"Private_Dirty: +([0-9]+) kB")


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


def give_back() -> int:
    """Give the compiler's memory back to the system, once what is needed is compiled; returns bytes of addresses.

    Pages of its file that are only read: whatever compiles once more finds them again in the file. Elsewhere than on
    Linux nothing is given back.
    """
    if not _MAPS.exists():
        return 0
    advise, given = ctypes.CDLL(None).madvise, 0
    for start, length in _only_read(_MAPS.read_text("utf-8")):
        if advise(ctypes.c_void_p(start), ctypes.c_size_t(length), mmap.MADV_DONTNEED) == 0:
            given += length
    return given


def _only_read(maps: str) -> Iterator[tuple[int, int]]:
    """Address and length of each mapping of the compiler that cannot be written to, and of which no page ever was."""
    ends = [found.start() for found in re.finditer(r"^[0-9a-f]+-[0-9a-f]+ ", maps, re.MULTILINE)]
    for begin, end in zip(ends, [*ends[1:], len(maps)], strict=True):
        mapped, written = _MAPPED.match(maps, begin, end), _WRITTEN.search(maps, begin, end)
        if mapped and written and written[1] == "0":
            start = int(mapped[1], 16)
            yield start, int(mapped[2], 16) - start
