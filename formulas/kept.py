"""Machine code of loops on disk: as the compiler made it, to be linked by a start that loads no compiler."""

from __future__ import annotations

import os
import platform
import sys
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

COMPUTE = ("numba", "llvmlite", "numpy")
"""Whose versions decide what the code is and calls."""
PROCESSOR = (Path("/sys/devices/system/cpu/modalias"), Path("/proc/cpuinfo"))
"""Either names model and features; the second is hidden from a service that sees its own processes alone."""
DIGEST_BYTES = 32


class Overload(msgspec.Struct, frozen=True, array_like=True):
    """A loop for arguments of some kinds.

    Attributes:
        takes: what each argument is, as :func:`kind_of` says it.
        code: a relocatable ELF object.
        entry: the symbol of what takes a tuple of Python objects and gives one.
        environments: dtypes that the code makes arrays of, by the symbol that is to point to them.
    """

    takes: tuple[str, ...]
    code: bytes
    entry: str
    environments: dict[str, list[str]]


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    made_by: str
    overloads: list[Overload]


_DECODER: Final = msgspec.msgpack.Decoder(_Kept)
"""Made here, where one thread is: msgspec lets others use what it has not told itself of a kind to the end."""


def kind_of(value: Any) -> str | None:  # noqa: ANN401  whatever a loop is called with
    """What of an argument the machine code depends on; None: none is kept for the like of it."""
    if isinstance(value, np.ndarray):
        flags = value.flags
        layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "A"
        return f"{value.ndim}{layout}{'w' if flags.writeable else 'r'} {value.dtype!r}"
    if isinstance(value, tuple):
        parts = [kind_of(each) for each in value]
        return None if None in parts else f"{type(value).__module__}.{type(value).__qualname__}{parts}"
    if isinstance(value, bool | np.bool_):
        return "bool"
    if type(value) in {int, float}:
        return "int64" if type(value) is int else "float64"
    return str(value.dtype) if isinstance(value, np.generic) and value.dtype.names is None else None


def overloads_in(folder: Path, function: Callable[..., Any]) -> list[Overload]:
    """What is kept of a function for this machine and these versions; none where that was not written to its end."""
    try:
        data = _file_of(folder, function).read_bytes()
    except OSError:
        return []
    digest, body = data[:DIGEST_BYTES], data[DIGEST_BYTES:]
    if sha256(body).digest() != digest:
        return []
    try:
        kept = _DECODER.decode(body)
    except msgspec.DecodeError:
        return []
    return kept.overloads if kept.made_by == _made_by() else []


def keep(folder: Path, function: Callable[..., Any], added: Overload) -> None:
    """Write one more; what another process adds at the same moment may be lost, and is compiled again.

    Raises:
        OSError: it cannot be written.
    """
    others: Sequence[Overload] = [each for each in overloads_in(folder, function) if each.takes != added.takes]
    body = msgspec.msgpack.encode(_Kept(_made_by(), [*others, added]))
    path = _file_of(folder, function)
    new = path.with_suffix(f".{os.getpid()}")
    new.write_bytes(sha256(body).digest() + body)
    new.replace(path)


def _file_of(folder: Path, function: Callable[..., Any]) -> Path:
    return folder / f"{function.__name__}.loop"


@cache
def _made_by() -> str:
    """Versions and processor: code is of both."""
    versions = [f"{name} {metadata.version(name)}" for name in COMPUTE]
    return "\n".join([*versions, sys.version, platform.machine(), _processor()])


def _processor() -> str:
    for path in PROCESSOR:
        try:
            text = path.read_text("utf-8")
        except OSError:
            continue
        wanted = ("model name", "flags", "Features", "cpu:type")
        return sha256(
            "\n".join(sorted({line for line in text.splitlines() if line.startswith(wanted)})).encode()
        ).hexdigest()
    return ""
