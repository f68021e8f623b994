"""Bytes as values of stated kinds, in whatever thread: msgspec is told each kind once, by one thread at a time.

msgspec 0.22 works out what a kind consists of when it first meets it, and lets other threads use it half done, which
ends the process. So nobody else asks msgspec to decode or to convert (the linter sees to it).
"""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable

Kind = TypeVar("Kind")
_ALONE: Final = threading.Lock()


@cache
def _whole(make: Callable[[Any], Any], kind: Any) -> Any:  # noqa: ANN401  the callers say which
    with _ALONE:
        return make(kind)


def json_of(kind: type[Kind]) -> msgspec.json.Decoder[Kind]:
    """What decodes JSON of a kind, whole before anybody gets it."""
    wanted: Any = kind
    made: msgspec.json.Decoder[Kind] = _whole(msgspec.json.Decoder, wanted)
    return made


def msgpack_of(kind: type[Kind]) -> msgspec.msgpack.Decoder[Kind]:
    """The same for MessagePack."""
    wanted: Any = kind
    made: msgspec.msgpack.Decoder[Kind] = _whole(msgspec.msgpack.Decoder, wanted)
    return made


def from_json(data: bytes | bytearray | memoryview | str, kind: type[Kind]) -> Kind:
    """JSON as a value of a kind.

    Raises:
        msgspec.DecodeError: it is no JSON, or (``ValidationError``) none of that kind.
    """
    return json_of(kind).decode(data)


def from_msgpack(data: bytes | bytearray | memoryview, kind: type[Kind]) -> Kind:
    """MessagePack as a value of a kind.

    Raises:
        msgspec.DecodeError: it is no MessagePack, or (``ValidationError``) none of that kind.
    """
    return msgpack_of(kind).decode(data)


def plain_json(data: bytes | bytearray | memoryview | str) -> Any:  # noqa: ANN401  whatever it says
    """JSON as dicts, lists and the like.

    Raises:
        msgspec.DecodeError: it is no JSON.
    """
    return msgspec.json.decode(data)


def plain_msgpack(data: bytes | bytearray | memoryview) -> Any:  # noqa: ANN401  as above
    """The same for MessagePack."""
    return msgspec.msgpack.decode(data)


def converted(value: Any, kind: type[Kind]) -> Kind:  # noqa: ANN401  whatever was decoded
    """What was decoded as plain values, as a value of a kind.

    Raises:
        msgspec.ValidationError: it is none of that kind.
    """
    json_of(kind)
    return msgspec.convert(value, kind)
