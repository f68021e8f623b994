"""A table whose values are made when they are first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Name = TypeVar("Name")
Value = TypeVar("Value")


class OnDemand(Mapping[Name, Value], Generic[Name, Value]):
    """A mapping. Whether a name is in it, and which are, is known without making any.

    Args:
        names: in their order.
        make: gives the value of one of them; asked once a name.
    """

    def __init__(self, names: Iterable[Name], make: Callable[[Name], Value]) -> None:
        self._names = dict.fromkeys(names)
        self._make = make
        self._made: dict[Name, Value] = {}

    def __getitem__(self, name: Name) -> Value:
        """The value of a name."""
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        """Whether it has a name."""
        return name in self._names

    def __iter__(self) -> Iterator[Name]:
        """Its names."""
        return iter(self._names)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._names)
