"""Sets of local days, named by their number since 1970-01-01: weekdays, and the working days of a calendar."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Protocol

WEEK: Final = 7
LONGEST_GAP: Final = 400
"""Days within which a set of days has another one, or is taken to have none any more."""
_FIRST: Final = date(1970, 1, 1)
_MONDAY: Final = _FIRST.weekday()
SATURDAY: Final = 5


def number_of(day: date) -> int:
    """The number of a local day."""
    return (day - _FIRST).days


class Dates(Protocol):
    """A set of local days."""

    def __contains__(self, day: int, /) -> bool:
        """Whether the day is one of them."""
        ...

    def last_before(self, day: int) -> int | None:
        """The last of them before a day; None: none is."""
        ...

    def first_after(self, day: int) -> int | None:
        """The first of them after a day; None: none is."""
        ...


class _Dense(ABC):
    """A set whose days lie within LONGEST_GAP of one another."""

    __slots__ = ()

    @abstractmethod
    def __contains__(self, day: int, /) -> bool: ...

    def last_before(self, day: int) -> int | None:
        """As in :class:`Dates`."""
        return next((each for each in range(day - 1, day - LONGEST_GAP, -1) if each in self), None)

    def first_after(self, day: int) -> int | None:
        """As in :class:`Dates`."""
        return next((each for each in range(day + 1, day + LONGEST_GAP) if each in self), None)


@dataclass(frozen=True, slots=True)
class Weekdays(_Dense):
    """Days of the week, 0 Monday.

    Raises:
        ValueError: there are none, or others than 0 to 6.
    """

    days: tuple[int, ...]

    def __post_init__(self) -> None:
        if not self.days or not set(self.days) <= set(range(WEEK)):
            raise ValueError(f"no weekdays (0 Monday to 6 Sunday): {self.days}")

    def __contains__(self, day: int, /) -> bool:
        return (day + _MONDAY) % WEEK in self.days


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which days are worked on: Monday to Friday, but for these.

    Args:
        off: days that are off; ``work``: days that are worked on. Numbers of days, ascending; none is in both.
        published: years of which all of them are known, ascending. In others Monday to Friday is no more than the rule.
    """

    off: tuple[int, ...] = ()
    work: tuple[int, ...] = ()
    published: tuple[int, ...] = ()
    _exceptions: dict[int, bool] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._exceptions.update(dict.fromkeys(self.off, False) | dict.fromkeys(self.work, True))

    def is_workday(self, day: int) -> bool:
        """Whether a day is worked on."""
        return self._exceptions.get(day, (day + _MONDAY) % WEEK < SATURDAY)


@dataclass(frozen=True, slots=True)
class CalendarDays(_Dense):
    """The days of a calendar that are worked on; or those that are off."""

    calendar: WorkCalendar
    are_off: bool = False

    def __contains__(self, day: int, /) -> bool:
        return self.calendar.is_workday(day) is not self.are_off
