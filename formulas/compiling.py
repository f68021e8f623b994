"""What compiles loops. Nothing else imports it, for it takes long to load: see :class:`formulas.formula.Loop`."""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

import numba
import numpy as np
from numba.core.environment import lookup_environment
from numba.extending import register_jitable

from formulas.image import Unlinkable, shared_by
from formulas.kept import Overload, keep, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_ENVIRONMENT = "_ZN08NumbaEnv"
"""Begins the symbol of what holds a function's constants."""


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
    loop: Any = numba.njit(cache=kept is not None)(function)
    if kept is not None:
        loop._compile_for_args = partial(_compile, loop, loop._compile_for_args, kept)  # noqa: SLF001  no other way in
    return loop  # type: ignore[no-any-return]


def _compile(loop: Any, compile_for: Callable[..., Any], kept: Path, *arguments: Any) -> Any:  # noqa: ANN401
    """What numba calls at the first arguments of some kinds; what comes out is kept for those who load no compiler."""
    entry = compile_for(*arguments)
    types = tuple(loop.typeof_pyval(each) for each in arguments)
    code = _code_of(loop, types)
    environments = _environments(code)
    takes = [kind for each in arguments if (kind := kind_of(each)) is not None]
    if environments is not None and len(takes) == len(arguments):
        symbol = loop.overloads[types].fndesc.llvm_cpython_wrapper_name
        with suppress(OSError):
            keep(kept, loop.py_func, Overload(tuple(takes), code, symbol, environments))
    return entry


def _code_of(loop: Any, types: tuple[Any, ...]) -> bytes:  # noqa: ANN401
    """As numba's own file has it, for a loop lets go of it once it is linked; nothing where none could be written."""
    cache = loop._cache  # noqa: SLF001  it is nowhere else
    found = cache._cache_file.load(cache._index_key(types, loop.targetctx.codegen()))  # noqa: SLF001
    code: bytes = b"" if found is None else found[0][2][0]
    return code


def _environments(code: bytes) -> dict[str, list[str]] | None:
    """Constants by the symbol of what holds them; None: one is no dtype, or the code is of another machine."""
    try:
        names = [name for name in shared_by(code) if name.startswith(_ENVIRONMENT)]
    except Unlinkable:
        return None
    held: dict[str, Any] = {name: lookup_environment(name) for name in names}  # type: ignore[no-untyped-call]  # numba has no types
    consts = {name: each.consts for name, each in held.items() if each is not None}
    if not all(isinstance(one, np.dtype) and one.names is None for each in consts.values() for one in each):
        return None
    return {name: [str(one) for one in each] for name, each in consts.items()}


@lru_cache(None)
def _made_known(formula: Callable[..., Any]) -> None:
    """Once each."""
    register_jitable(formula)
