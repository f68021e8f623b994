"""Where the lives of a scenario are written: plan, buildings, calendar, and the rules that make a breach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firmware_sim.county.buildings import Use
from firmware_sim.schedule import Span

if TYPE_CHECKING:
    import shapely

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
        strip: along the border, barred for everybody; None: there is none.
    """

    plan: Plan
    stock: Stock
    calendar: Calendar
    home_radius: float = 100.0
    cafe_buffer: float = 30.0
    curfew: tuple[float, float] = (22.0, 8.0)
    grace: float = 900.0
    refuge: Place | None = None
    strip: shapely.Polygon | None = None

    @property
    def office(self) -> Place:
        """Where appointments are."""
        return self.stock.by_use[Use.OFFICE][0].place

    @property
    def meetings(self) -> list[Span]:
        """The hours of appointments: each second afternoon from the first whole day on, but on the last."""
        at, days = self.calendar.at, self.calendar.days - 1
        return [Span(at(day, 14.0), at(day, 15.0)) for day in range(1, days, 2)]

    def nights(self) -> list[Span]:
        """All curfew windows, the one that runs at the beginning included."""
        (first, last), at = self.curfew, self.calendar.at
        return [Span(at(day, first), at(day + 1, last)) for day in range(-1, self.calendar.days)]
