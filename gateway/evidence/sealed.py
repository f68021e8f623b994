"""The file that is handed over: a page, or an archive of the page and of the program that checks it."""

from __future__ import annotations

import json
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from gateway.evidence.verify import FORMAT, PROGRAM_NAME, canonical, packed, page, sums_of

if TYPE_CHECKING:
    from gateway.evidence.verify import Data


def program() -> bytes:
    """The program that checks a file, as it goes with one."""
    return files("gateway.evidence").joinpath(PROGRAM_NAME).read_bytes()


def sealed(data: Data) -> Data:
    """An evidence's data with its digests: as whoever reads the file has it.

    Args:
        data: all keys of ``verify.KEYS`` but ``format``, ``program`` and ``sums``.
    """
    whole = {**data, "format": FORMAT, "program": sha256(program()).hexdigest()}
    read: Data = json.loads(canonical({**whole, "sums": sums_of(json.loads(canonical(whole)))}))
    return read


def file_of(data: Data, *, archive: bool) -> bytes:
    """The bytes of a file; the same data makes the same ones."""
    made = page(data).encode()
    return packed(made, program()) if archive else made
