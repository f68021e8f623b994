"""What a policy is made of, part by part: one that depends on nothing that changed is taken from the policy before.

A part is a function of other parts and of what it reads of the configuration, which is noted while it reads. Where all
of that is the same objects as before (:func:`gateway.settings.differences.shared` sees to it), so is the part. A part
that comes out as it was is the one that was, so that what depends on it is not made anew either.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.settings.model import Configuration

Value = TypeVar("Value")


class Part(NamedTuple):
    """A part: what it was given, what it has read of the configuration, and what came of it."""

    given: tuple[object, ...]
    read: Mapping[str, object]
    value: Any


class _Noting:
    """A configuration that notes what is read of it."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self.noted: dict[str, object] = {}

    def __getattr__(self, name: str) -> object:
        value = self.noted[name] = getattr(self._configuration, name)
        setattr(self, name, value)  # who asks again finds it at once
        return value


class Parts:
    """Makes parts of a configuration, or takes them from ``before``.

    Attributes:
        made: all of them by name, for the next.
        anew: names of those that were made, and not taken.
    """

    def __init__(self, configuration: Configuration, before: Mapping[str, Part]) -> None:
        self._configuration = configuration
        self._before = before
        self.made: dict[str, Part] = {}
        self.anew: list[str] = []

    def of(self, name: str, work: Callable[..., Value], *given: object) -> Value:
        """A part that depends on the values given alone. It must be a function of them, and nobody may change it."""
        return self.read(name, lambda _, *values: work(*values), *given)

    def read(self, name: str, work: Callable[..., Value], *given: object) -> Value:
        """A part that depends on the configuration, too, which ``work`` takes first; it reads none of it later."""
        then = self._before.get(name)
        if then is not None and self._is_same(then, given):
            self.made[name] = then
            return cast("Value", then.value)
        now = _Noting(self._configuration)
        value = work(now, *given)
        if then is not None and _are_alike(then.value, value):
            value = then.value
        self.made[name] = Part(given, now.noted, value)
        self.anew.append(name)
        return value

    def _is_same(self, then: Part, given: tuple[object, ...]) -> bool:
        return (
            len(then.given) == len(given)
            and all(one is other for one, other in zip(then.given, given, strict=True))
            and all(getattr(self._configuration, name) is value for name, value in then.read.items())
        )


def _are_alike(one: object, other: object) -> bool:
    """Whether two values are the same to the bit; some that are may be said not to be."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        is_same = one.dtype == other.dtype and one.shape == other.shape and not one.dtype.hasobject
        return is_same and one.tobytes() == other.tobytes()
    if is_dataclass(one):
        compared = (each.name for each in fields(one) if each.compare)
        return all(_are_alike(getattr(one, name), getattr(other, name)) for name in compared)
    return _are_names(one) and _are_names(other) and one == other


def _are_names(value: object) -> bool:
    """Whether it is tuples of names, however deep: of these, being equal says all."""
    level: tuple[Any, ...] = (value,)
    while (kinds := set(map(type, level))) == {tuple}:
        level = tuple(chain.from_iterable(level))
    return kinds <= {str}
