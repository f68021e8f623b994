"""What compiled loops call, out of numba's package but without its compiler: five small modules in C.

They are loaded by their files, so that ``import numba``, with LLVM below it, stays undone. What they would import of
the package themselves they find for that moment: the table of array types of graphics cards, and the function that
reads the constants within compiled code.
"""

from __future__ import annotations

import builtins
import ctypes
import pickle
import sys
from contextlib import contextmanager
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBERS = (*(f"{kind}{bits}" for kind in ("int", "uint") for bits in (8, 16, 32, 64)), "float32", "float64")
NO_NUMBERS = ("complex64", "complex128")
"""Types that the modules ask for by name."""
FIRST = 1 << 20
"""Our numbers of types begin here: the compiler's own, should it be loaded later, stay below and meet none of them."""
MATH = (
    "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "asinh", "acosh", "atanh", "exp", "expm1",
    "sqrt", "fabs", "floor", "ceil", "log", "log10", "log1p", "round", "trunc", "pow", "fmod", "atan2",
)  # fmt: skip
"""Functions that the compiler takes of its module instead of the C library: versions of a symbol may differ."""


class Runtime(NamedTuple):
    """What the modules give.

    Attributes:
        functions: makes Python functions of machine code.
        dispatching: finds out, of a call's arguments, which code is for them.
        manager: holds its table of types; it stays as long as this does.
        table: the address of that.
        helpers: addresses of what code calls, by symbol.
    """

    functions: Any
    dispatching: Any
    manager: object
    table: int
    helpers: dict[str, int]


@cache
def runtime() -> Runtime:
    """Load them, once.

    Raises:
        ImportError: they are not there, or the compiler is, whose own they are then.
    """
    package = find_spec("numba")
    if "numba" in sys.modules or package is None or not package.submodule_search_locations:
        raise ImportError("numba")
    where = Path(package.submodule_search_locations[0])
    with _standing_in(_loaded(where, "_devicearray")):
        functions, helpers = _loaded(where, "_dynfunc"), _loaded(where, "_helperlib")
        memory = _loaded(where, "core/runtime/_nrt_python")
        types, dispatching = _loaded(where, "core/typeconv/_typeconv"), _loaded(where, "_dispatcher")
        memory.memsys_use_cpython_allocator()
        dispatching.typeof_init(type(None), {name: FIRST + at for at, name in enumerate(NUMBERS + NO_NUMBERS)})
        _read_one(helpers.c_helpers["unpickle"])
    manager = types.new_type_manager()
    symbols = _symbols(functions.c_helpers | helpers.c_helpers, memory.c_helpers)
    return Runtime(functions, dispatching, manager, types.get_pointer(manager), symbols)


def address_of(symbol: str) -> int:
    """Of what code calls: the modules' own, Python's, and the C library's.

    Raises:
        KeyError: nobody has it.
    """
    known = runtime().helpers.get(symbol)
    if known is not None:
        return known
    try:
        return ctypes.cast(getattr(ctypes.pythonapi, symbol), ctypes.c_void_p).value or 0
    except AttributeError:
        raise KeyError(symbol) from None


def _symbols(helpers: dict[str, int], memory: dict[str, int]) -> dict[str, int]:
    """As the compiler names them to its linker."""
    faults = {
        name: one for name, one in vars(builtins).items() if isinstance(one, type) and issubclass(one, BaseException)
    }
    return {
        "_Py_NoneStruct": id(None),
        **{f"PyExc_{one.__name__}": id(one) for one in faults.values()},
        **{f"numba_{name}": address for name, address in helpers.items()},
        **{name if name.startswith("_") else f"NRT_{name}": address for name, address in memory.items()},
        **{name: helpers[name] for name in (*MATH, *(f"{each}f" for each in MATH))},
    }


def _loaded(where: Path, name: str) -> Any:  # noqa: ANN401  a module in C
    """A module of the package by its file; the package itself is not asked."""
    full = f"numba.{name.replace('/', '.')}"
    spec = spec_from_file_location(full, where / f"{name}{EXTENSION_SUFFIXES[0]}")
    if spec is None or spec.loader is None:
        raise ImportError(full)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _standing_in(devices: ModuleType) -> Iterator[None]:
    """What the modules ask of the package while they are loaded. Afterwards nothing of it is known to have been."""
    package, reader = ModuleType("numba"), ModuleType("numba.core.serialize")
    vars(package).update(_devicearray=devices)
    vars(reader).update(_numba_unpickle=_constant)
    sys.modules |= {each.__name__: each for each in (package, reader)}
    try:
        yield
    finally:
        for name in [each for each in sys.modules if each.partition(".")[0] == "numba"]:
            del sys.modules[name]


def _read_one(address: int) -> None:
    """Have the module remember who reads constants, which it asks of the package at its first."""
    read = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p)(address)
    data = pickle.dumps(np.ndarray)
    read(data, len(data), b"")


@cache
def _constant(_address: int, data: bytes, _digest: bytes) -> object:
    """A class or an exception that machine code names; it lives as long as the code."""
    return pickle.loads(data)  # noqa: S301  out of code that is run as it is
