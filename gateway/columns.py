"""Frozen values as columns of plain data, and back: what was worked out once is read again, and nothing in it is code.

A list of a thousand people is not a thousand records but a column a field, each as compact as what is in it allows;
what is there many times is written once. Of classes only those are made that the reader lists.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_network
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np
import shapely

from gateway.decoded import plain_msgpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Column = list[Any]

_PLAIN: Final = frozenset({str, bytes, int, float, bool, type(None)})
_SHARE: Final = 0.8
"""Of a column that is told once: beyond, its distinct values are not worth an index."""
_WRITTEN: Final[Mapping[type, tuple[str, Callable[[Any], str]]]] = {
    date: ("date", date.isoformat), datetime: ("datetime", datetime.isoformat),
    IPv4Network: ("networks", str), IPv6Network: ("networks", str),
}  # fmt: skip
"""Kinds that are told as text, and how."""
_COUNT: Final = "<i4"


class Columns:
    """Packs and unpacks values made of ``classes``: frozen dataclasses, named tuples, enumerations, models of pydantic.

    And of plain data, tuples, lists, frozen sets, dicts, arrays, networks, dates, times and geometries. A dataclass is
    its ``init`` fields; a model is its fields, which are not judged again. Classes are known by name.
    """

    def __init__(self, classes: Iterable[type]) -> None:
        self._classes = {each.__name__: each for each in classes}
        self._readers: Mapping[str, Callable[..., Column]] = {
            "plain": list, "floats": _floats, "shared": self._shared, "records": self._records, "mixed": self._mixed,
            "enum": lambda name, column: list(map(self._classes[name], self._values(column))),
            "tuple": lambda counts, column: self._cut(tuple, counts, column),
            "list": lambda counts, column: self._cut(list, counts, column),
            "frozenset": lambda counts, column: self._cut(frozenset, counts, column),
            "date": lambda column: list(map(date.fromisoformat, self._values(column))),
            "datetime": lambda column: list(map(datetime.fromisoformat, self._values(column))),
            "dict": self._dicts, "arrays": _arrays,
            "networks": lambda column: list(map(ip_network, self._values(column))),
            "geometries": lambda column: shapely.from_wkb(np.array(column, np.object_)).tolist(),
        }  # fmt: skip

    def packed(self, value: object) -> bytes:
        """A value as bytes.

        Raises:
            TypeError: something in it is none of what can be packed.
        """
        return msgspec.msgpack.encode(self._column([value]))

    def unpacked(self, data: bytes | memoryview) -> Any:  # noqa: ANN401  whatever was packed
        """The value.

        Raises:
            ValueError: the bytes are none that were packed, or of other classes.
        """
        try:
            return self._values(plain_msgpack(data))[0]
        except (msgspec.MsgspecError, shapely.errors.ShapelyError, LookupError, TypeError) as fault:
            raise ValueError(f"no packed value: {fault}") from fault

    def _column(self, values: Sequence[Any]) -> Column:
        kinds = set(map(type, values))
        if kinds == {float}:
            return ["floats", np.array(values, "<f8").tobytes()]
        if kinds <= _PLAIN:
            return self._repeated(values) if kinds == {str} else ["plain", list(values)]
        if all(issubclass(kind, shapely.Geometry) for kind in kinds):
            return self._once(values) or ["geometries", shapely.to_wkb(np.array(values, np.object_)).tolist()]
        if len(kinds) > 1:
            return self._of_kinds(values, sorted(kinds, key=lambda kind: kind.__name__))
        return self._once(values) or self._of(kinds.pop(), values)

    def _repeated(self, values: Sequence[str]) -> Column:
        """Texts, those that come again told once."""
        index = {value: at for at, value in enumerate(dict.fromkeys(values))}
        if len(index) > _SHARE * len(values):
            return ["plain", list(values)]
        return ["shared", _ints(map(index.__getitem__, values)), ["plain", list(index)]]

    def _once(self, values: Sequence[Any]) -> Column:
        """Each object once, where some are there many times; empty: none are."""
        distinct = {id(value): value for value in values}
        if len(distinct) > _SHARE * len(values):
            return []
        index = {identity: at for at, identity in enumerate(distinct)}
        return ["shared", _ints(index[id(value)] for value in values), self._column(list(distinct.values()))]

    def _of_kinds(self, values: Sequence[Any], kinds: Sequence[type]) -> Column:
        index = {kind: at for at, kind in enumerate(kinds)}
        columns = [self._column([value for value in values if type(value) is kind]) for kind in kinds]
        return ["mixed", _ints(index[type(value)] for value in values), columns]

    def _of(self, kind: type, values: Sequence[Any]) -> Column:
        """A column of one kind."""
        if kind in _WRITTEN:
            name, write = _WRITTEN[kind]
            return [name, self._column(list(map(write, values)))]
        if kind is np.ndarray:
            return ["arrays", [(value.dtype.str, value.shape, _bytes_of(value)) for value in values]]
        if kind is dict:
            keys, told = ([each for value in values for each in part(value)] for part in (dict.keys, dict.values))
            return ["dict", _ints(map(len, values)), self._column(keys), self._column(told)]
        if kind in (tuple, list, frozenset):
            return [kind.__name__, _ints(map(len, values)), self._column(list(chain.from_iterable(values)))]
        if self._classes.get(kind.__name__) is not kind:
            raise TypeError(f"not to be packed: {kind}")
        if issubclass(kind, Enum):
            return ["enum", kind.__name__, self._column([value.value for value in values])]
        names = _fields_of(kind)
        return ["records", kind.__name__, [self._column([getattr(each, name) for each in values]) for name in names]]

    def _values(self, column: Column) -> Column:
        name, *parts = column
        return self._readers[name](*parts)

    def _shared(self, index: bytes, column: Column) -> Column:
        distinct = self._values(column)
        return [distinct[at] for at in _read_ints(index)]

    def _records(self, name: str, columns: Sequence[Column]) -> Column:
        kind = self._classes[name]
        if len(columns) != len(_fields_of(kind)):
            raise TypeError(f"other fields: {name}")
        read = map(self._values, columns)
        return _models(kind, read) if _is_model(kind) else list(map(kind, *read))

    def _mixed(self, index: bytes, columns: Sequence[Column]) -> Column:
        each = [iter(self._values(column)) for column in columns]
        return [next(each[at]) for at in _read_ints(index)]

    def _cut(self, kind: type, counts: bytes, column: Column) -> Column:
        flat = iter(self._values(column))
        return [kind(islice(flat, count)) for count in _read_ints(counts)]

    def _dicts(self, counts: bytes, keys: Column, values: Column) -> Column:
        pairs = zip(self._values(keys), self._values(values), strict=True)
        return [dict(islice(pairs, count)) for count in _read_ints(counts)]


def _is_model(kind: type) -> bool:
    """Whether it is a model of pydantic, which need not be loaded to know."""
    return hasattr(kind, "__pydantic_fields_set__")


def _models(kind: type, columns: Iterable[Column]) -> Column:
    """Models of values that were judged when they were packed."""
    names = _fields_of(kind)
    made = []
    for values in zip(*columns, strict=True):
        one: Any = object.__new__(kind)
        for name, value in (
            ("__dict__", dict(zip(names, values, strict=True))),
            ("__pydantic_fields_set__", set(names)),
        ):
            object.__setattr__(one, name, value)
        object.__setattr__(one, "__pydantic_extra__", None)
        object.__setattr__(one, "__pydantic_private__", None)
        made.append(one)
    return made


def _fields_of(kind: type) -> tuple[str, ...]:
    if _is_model(kind):
        return tuple(kind.model_fields)  # type: ignore[attr-defined]  # a model's
    if is_dataclass(kind):
        return tuple(each.name for each in fields(kind) if each.init)
    return tuple(kind._fields)  # type: ignore[attr-defined]  # a named tuple's


def _ints(values: Iterable[int]) -> bytes:
    return np.fromiter(values, _COUNT).tobytes()


def _read_ints(data: bytes) -> list[int]:
    counts: list[int] = np.frombuffer(data, _COUNT).tolist()
    return counts


def _floats(data: bytes) -> Column:
    """Those of the same bits are one object: at most a few days many things begin or end."""
    known: dict[int, float] = {}
    bits, values = np.frombuffer(data, "<i8").tolist(), np.frombuffer(data, "<f8").tolist()
    return list(map(known.setdefault, bits, values))


def _bytes_of(array: np.ndarray[Any, Any]) -> bytes:
    if array.dtype.hasobject:
        raise TypeError(f"not to be packed: an array of {array.dtype}")
    return np.ascontiguousarray(array).tobytes()


def _arrays(column: Sequence[tuple[str, list[int], bytes]]) -> Column:
    return [np.frombuffer(data, dtype).reshape(shape).copy() for dtype, shape, data in column]
