"""What a row of the benchmark says: a figure, its aim, and whether it is met."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTHS = 78, 12, 12


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        row: letter of its row.
        what: what was measured, and how.
        value: in ``unit``; None: this build does not tell it.
        most, least: what it may be; None: no bound. Without either there is no aim.
        beside: what else belongs to it.
    """

    row: str
    what: str
    value: float | None
    unit: str = ""
    most: float | None = None
    least: float | None = None
    beside: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the aim is met; None: there is none, or no figure."""
        if self.value is None or (self.most is None and self.least is None):
            return None
        return (self.most is None or self.value <= self.most) and (self.least is None or self.value >= self.least)

    @property
    def aim(self) -> str:
        """In words."""
        bounds = [f"{sign} {bound:g}" for sign, bound in (("<=", self.most), (">=", self.least)) if bound is not None]
        return " ".join([*bounds, self.unit] if bounds else []).rstrip()

    @property
    def said(self) -> str:
        """The figure with its unit."""
        return "not told" if self.value is None else f"{self.value:.3g} {self.unit}".rstrip()


def table(figures: Iterable[Figure]) -> list[str]:
    """Lines: what, aim, figure, met."""
    wide, middle, narrow = WIDTHS
    lines = [f"   {'what':<{wide}}{'aim':<{middle}}{'measured':<{narrow}}met"]
    for one in figures:
        met = {True: "yes", False: "NO", None: ""}[one.met]
        lines.append(
            f"{one.row}  {one.what:<{wide}}{one.aim:<{middle}}{one.said:<{narrow}}{met:<5}{one.beside}".rstrip()
        )
    return lines


def as_json(figures: Iterable[Figure]) -> list[dict]:
    """The same for programs."""
    return [asdict(one) | {"met": one.met} for one in figures]
