"""A file of JSON lines, read line by line; what is wrong with it is told with file and line."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class ScoreFault(ValueError):
    """A file that cannot be scored: ``file:line: what is wrong, what to do`` (line 0: the file as a whole)."""

    def __init__(self, path: Path, line: int, cause: str) -> None:
        super().__init__(f"{path}:{line}: {cause}" if line else f"{path}: {cause}")
        self.path = path
        self.line = line
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Line:
    """One object of a file, or an object within it.

    Attributes:
        row: number of the line, from 1.
        fields: the object's members.
        within: how messages name the object, empty for the line itself.
    """

    path: Path
    row: int
    fields: dict[str, Any]
    within: str = ""

    def fault(self, cause: str) -> ScoreFault:
        """What is wrong with this line, to be raised."""
        return ScoreFault(self.path, self.row, cause)

    def text(self, name: str) -> str:
        """A member that is a text.

        Raises:
            ScoreFault: it is missing or something else, here and in all that follow.
        """
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise self._unfit(name, "a text")
        return value

    def text_or_empty(self, name: str) -> str:
        """A member that is a text; empty where it is null or missing."""
        return "" if self.fields.get(name) is None else self.text(name)

    def number(self, name: str) -> float:
        """A member that is a finite number."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self._unfit(name, "a number")
        return float(value)

    def number_or(self, name: str, otherwise: float) -> float:
        """A member that is a finite number; ``otherwise`` where it is null or missing."""
        return otherwise if self.fields.get(name) is None else self.number(name)

    def flag(self, name: str) -> bool:
        """A member that is true or false."""
        value = self.fields.get(name)
        if not isinstance(value, bool):
            raise self._unfit(name, "true or false")
        return value

    def flag_or(self, name: str, *, otherwise: bool) -> bool:
        """As ``flag``; ``otherwise`` if it is missing or null."""
        return otherwise if self.fields.get(name) is None else self.flag(name)

    def moment(self, name: str) -> float:
        """A member that is a time in ISO 8601 (without an offset: UTC), as UTC epoch seconds."""
        try:
            return epoch_seconds(self.text(name))
        except ScoreFault:
            raise
        except ValueError:
            raise self._unfit(name, "a time such as 2026-11-02T14:16:35Z") from None

    def moment_or(self, name: str, otherwise: float) -> float:
        """A member that is a time; ``otherwise`` where it is null or missing."""
        return otherwise if self.fields.get(name) is None else self.moment(name)

    def inner(self, name: str) -> Line:
        """A member that is an object; an empty one where it is null or missing."""
        value = self.fields.get(name)
        if value is not None and not isinstance(value, dict):
            raise self._unfit(name, "an object")
        return Line(self.path, self.row, value or {}, f"{self.within}{name}.")

    def _unfit(self, name: str, wanted: str) -> ScoreFault:
        if name not in self.fields:
            return self.fault(f"{self.within}{name} is missing; it has to be {wanted}")
        return self.fault(f"{self.within}{name} is {self.fields[name]!r}; it has to be {wanted}")


def epoch_seconds(text: str) -> float:
    """UTC epoch seconds of an ISO 8601 time; without an offset it is UTC.

    Raises:
        ValueError: it is no time.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def read_lines(path: Path) -> Iterator[Line]:
    """The objects of a file in order.

    Raises:
        ScoreFault: the file cannot be read, or a line is no JSON object.
    """
    try:
        with path.open("rb") as file:
            for row, line in enumerate(file, 1):
                yield _line(path, row, line)
    except OSError as fault:
        raise ScoreFault(path, 0, f"cannot be read: {fault.strerror}") from fault


def _line(path: Path, row: int, line: bytes) -> Line:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise ScoreFault(path, row, f"no JSON ({fault}); cut short? Write the file anew") from fault
    if not isinstance(fields, dict):
        raise ScoreFault(path, row, "no JSON object; each line has to be one object")
    return Line(path, row, fields)
