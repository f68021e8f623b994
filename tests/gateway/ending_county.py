"""The sample county with something of every kind that ends, and a minor; seen on 26 November at 13:00."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from timeline import at

from gateway.settings.init import write_sample

if TYPE_CHECKING:
    from pathlib import Path

NOW = at(24, 13)
STAFF = """
staff:
  - {number: D01, roles: [duty]}
  - {number: D02, roles: [duty]}
  - {number: S01, roles: [office], office: SFS-01}
  - {number: L01, roles: [leader]}
  - {number: A01, roles: [auditor]}
"""


def ending(directory: Path) -> Path:
    write_sample(directory, "zh", date(2026, 11, 1))
    with (directory / "gateway.yaml").open("a", encoding="utf-8") as main:
        main.write(STAFF)
    change(directory / "people.csv", "home_radius_m\n", "home_radius_m,term_until\n")
    change(directory / "people.csv", "gcj02,80\nP0002", "gcj02,80,2027-02-09\nP0002")
    change(directory / "people.csv", "80\nP0003", "80,\nP0003")
    change(directory / "people.csv", "100\n", "100,\n")
    change(directory / "people.csv", "false,,,,\n", "false,,,,,\n")
    change(directory / "people.csv", "P0002,strict,SFS-01,false", "P0002,strict,SFS-01,true")
    change(directory / "rules" / "rules.yaml", "    keep_out: cafes\n", "    keep_out: cafes\n    until: 2026-12-09\n")
    return directory


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
