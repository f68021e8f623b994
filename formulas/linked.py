"""Loops of machine code that was kept: called as compiled ones are, and nothing of the compiler is loaded."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from formulas.image import Image, Unlinkable
from formulas.kept import Overload, kind_of, overloads_in
from formulas.runtime import FIRST, NO_NUMBERS, NUMBERS, address_of, runtime

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LATER = count(FIRST + len(NUMBERS) + len(NO_NUMBERS))


class _Kind:
    """What the modules in C take for a type: they ask for its number, and keep that."""

    __slots__ = ("_code",)

    def __init__(self, code: int) -> None:
        self._code = code


def linked(function: Callable[..., Any], kept: Path, compile_it: Callable[[], Callable[..., Any]]) -> Any:  # noqa: ANN401
    """A function as it was kept; None: it was not, or not for this machine.

    Args:
        function: what it does, in Python.
        kept: its folder.
        compile_it: gives what takes arguments of kinds that were not kept.
    """
    overloads = overloads_in(kept, function)
    if not overloads:
        return None
    try:
        ours = _dispatcher()(function, compile_it)
        for each in overloads:
            ours.add(each)
    except (ImportError, Unlinkable, KeyError):
        return None
    return ours


@cache
def _dispatcher() -> Any:  # noqa: ANN401  a class of ours over one in C
    """The class of linked functions, whose base is found when it is needed."""
    base: Any = runtime().dispatching.Dispatcher

    class Linked(base):  # type: ignore[misc]  # known when it runs
        """Calls the overload for the kinds of its arguments, without conversion."""

        def __init__(self, function: Callable[..., Any], compile_it: Callable[[], Callable[..., Any]]) -> None:
            names = function.__code__.co_varnames[: function.__code__.co_argcount]
            super().__init__(runtime().table, len(names), 1, names, (), 0, 0, 1)
            self.__code__ = function.__code__
            self.signatures: list[tuple[str, ...]] = []
            self._compile_it = compile_it
            self._made: list[object] = []

        def add(self, overload: Overload) -> None:
            """One more overload; see :func:`_made_of` for what may be wrong with it."""
            made, image = _made_of(overload, self.__code__.co_name)
            self._made += [made, image]
            self.signatures.append(overload.takes)
            self._insert([_code(each) for each in overload.takes], made)

        def typeof_pyval(self, value: object) -> _Kind:
            """The kind of an argument, asked once for each that the modules do not know."""
            return _Kind(_code(kind_of(value)))

        def _compile_for_args(self, *_arguments: object) -> Callable[..., Any]:
            """What is to be called where none of ours is for these arguments."""
            return self._compile_it()

    return Linked


def _made_of(overload: Overload, name: str) -> tuple[object, Image]:
    """A Python function of machine code, and the memory of that.

    Raises:
        Unlinkable: it is not ours to run.
        KeyError: it calls what nobody has.
    """
    functions = runtime().functions
    environments = {symbol: functions.Environment({}) for symbol in overload.environments}
    for symbol, each in environments.items():
        each.consts.extend(np.dtype(text) for text in overload.environments[symbol])
    image = Image(overload.code, address_of, {symbol: id(each) for symbol, each in environments.items()})
    alive = (image, *environments.values())
    own = functions.Environment({})
    made = functions.make_function(np, name, "", image.addresses[overload.entry], own, alive)
    return made, image


@cache
def _code(kind: str | None) -> int:
    """A number of each kind, the same for all functions."""
    return FIRST + NUMBERS.index(kind) if kind in NUMBERS else next(_LATER)
