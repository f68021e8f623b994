"""What is wrong with a configuration, and where: collected first, put into words once the language is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gateway.errors import UserFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


_Found: TypeAlias = "tuple[Place, str, Mapping[str, object]]"
_QUOTED = ("value", "ascii", "key")
"""Values of messages that repeat what is written in the file."""


class Place(NamedTuple):
    """A place in a text; line and column count characters from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class LaterPlace:
    """A place in a text that is read for it only when it is told; stands for a :class:`Place`."""

    __slots__ = ("_look", "_path")

    def __init__(self, look: Callable[[tuple[str | int, ...]], Place], path: tuple[str | int, ...]) -> None:
        self._look, self._path = look, path

    def __iter__(self) -> Iterator[str | int]:
        return iter(self._look(self._path))

    def __str__(self) -> str:
        return str(self._look(self._path))


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault, worded for the officer: what is wrong and what to write instead."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"


class ConfigurationRefused(UserFault):
    """The configuration cannot be used; ``faults`` has every reason, in the order of files and lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(slots=True)
class Findings:
    """The faults found so far, still without words: a place, a key of the message table and its values."""

    _found: list[_Found] = field(default_factory=list)
    _warned: list[_Found] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self._found)

    def copy(self) -> Findings:
        """The same faults and warnings, to which others may be added apart."""
        return Findings(list(self._found), list(self._warned))

    def add(self, place: Place, key: str, /, **values: object) -> None:
        """Note one fault; ``key`` is an entry of ``messages.MESSAGES`` and ``values`` fill its text."""
        self._found.append((place, key, values))

    def warn(self, place: Place, key: str, /, **values: object) -> None:
        """Note what is no fault, but not what the officer may expect."""
        self._warned.append((place, key, values))

    def add_hidden(self, secret: Findings) -> None:
        """Note the faults of a file with secrets: where and what, but none of what is written there."""
        for place, key, values in secret._found:
            self.add(place, key, **{name: "***" if name in _QUOTED else value for name, value in values.items()})

    def faults(self, language: str) -> list[Fault]:
        """All faults in words, sorted by file, line and column, each once."""
        return self._worded(self._found, language)

    def warnings(self, language: str) -> list[Fault]:
        """All warnings, in the same way."""
        return self._worded(self._warned, language)

    @staticmethod
    def _worded(found: Sequence[_Found], language: str) -> list[Fault]:
        # Loaded for a fault alone: a command that recalls a sound county needs no word of this.
        from gateway.settings.messages import say  # noqa: PLC0415
        from gateway.settings.values import visible  # noqa: PLC0415

        return sorted({Fault(*place, visible(say(language, key, **values))) for place, key, values in found})
