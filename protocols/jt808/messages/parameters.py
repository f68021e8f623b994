"""Parameters (2013, sections 8.8-8.12).

8103: count BYTE, {id DWORD, length BYTE, value}*; 2011: total BYTE, count BYTE, items.
8106: count BYTE, ids DWORD*. 0104: answered serial WORD, then as 8103.
8105: command BYTE, parameters STRING separated by ``;``.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from construct import (
    ConstructError,
    GreedyBytes,
    GreedyRange,
    Int8ub,
    Int16ub,
    Int32ub,
    Prefixed,
    PrefixedArray,
    Struct,
)

from protocols.jt808.messages.message import Edition

PARAMETER = Struct("id" / Int32ub, "value" / Prefixed(Int8ub, GreedyBytes))
PARAMETERS = Struct("count" / Int8ub, "parameters" / GreedyRange(PARAMETER), "rest" / GreedyBytes)
PARAMETERS_2011 = Struct("total" / Int8ub, *PARAMETERS.subcons)
PARAMETER_QUERY = Struct("ids" / PrefixedArray(Int8ub, Int32ub))
PARAMETER_ANSWER = Struct("answered_serial" / Int16ub, *PARAMETERS.subcons)
PARAMETER_ANSWER_2011 = Struct("answered_serial" / Int16ub, *PARAMETERS_2011.subcons)
_FORMS = (PARAMETER_ANSWER, PARAMETER_ANSWER_2011)

CONTROL = Struct("command" / Int8ub, "parameters" / GreedyBytes)


def read_parameters(body: bytes, edition: Edition) -> Any:  # noqa: ANN401  # construct ships no types
    """A 0104 body as its edition has it, or with the other's counts where only those lead to its end.

    Raises:
        ConstructError: shorter than its counts.
    """
    own, other = _FORMS[::-1] if edition is Edition.E2011 else _FORMS
    read = own.parse(body)
    if not _is_whole(read):
        with suppress(ConstructError):
            return max(read, other.parse(body), key=_is_whole)
    return read


def _is_whole(read: Any) -> bool:  # noqa: ANN401  # as above
    return bool(not read.rest and read.count == len(read.parameters))
