"""Where the lives of a scenario are written: plan, buildings, calendar, and the rules that make a breach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.schedule import Span

if TYPE_CHECKING:
    from firmware_sim.county.buildings import Stock
    from firmware_sim.county.plan import Plan
    from firmware_sim.people.days import Calendar
    from firmware_sim.world import Place


@dataclass(frozen=True, slots=True)
class Stage:
    """The county of a scenario, its days, and the rules that bind its people.

    Attributes:
        home_radius: metres around a home that count as home.
        cafe_buffer: metres by which a barred building is grown.
        curfew: hours of the day, from and until (over midnight).
        grace: seconds after the curfew's beginning within which a return is no breach.
        refuge: home of whoever is protected; None: nobody is.
    """

    plan: Plan
    stock: Stock
    calendar: Calendar
    home_radius: float = 100.0
    cafe_buffer: float = 30.0
    curfew: tuple[float, float] = (22.0, 8.0)
    grace: float = 900.0
    refuge: Place | None = None

    def nights(self) -> list[Span]:
        """All curfew windows, the one that runs at the beginning included."""
        (first, last), at = self.curfew, self.calendar.at
        return [Span(at(day, first), at(day + 1, last)) for day in range(-1, self.calendar.days)]
