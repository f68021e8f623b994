"""What a form reads of contents: named columns of all rows at once, and lists of cells and access points.

Two ways to the same: :func:`in_columns` for forms of fixed width, :func:`one_by_one` through the interpreted schema for
the others. Tests hold the first against the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from construct import ConstructError

from protocols.report import URGENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from protocols.gt06.bodies import Bodies
    from protocols.gt06.messages import Form
    from protocols.gt06.profiles import Profile

NUMBERS = ("time", "latitude", "longitude", "speed_kmh", "altitude_m", "course_deg", "epoch")
"""Fields that may be fractional or absent: float64, NaN absent."""
BYTES = (
    "satellites", "fix", "stored", "status", "voltage", "alarm", "event", "battery_percent", "mcc", "mnc", "lac", "cid",
    "ta", "flags", "stated",
)  # fmt: skip
"""Fields that are whole numbers: int64, -1 absent."""
CELL_FIELDS = ("row", "mcc", "mnc", "lac", "cid", "level", "is_dbm", "ta")


@dataclass(slots=True)
class Readings:
    """Fields of n rows.

    Attributes:
        columns: by field name, float64 or int64 (n,); what the form has not is not there.
        cells: (row, mcc, mnc, lac, cid, level, level is a dBm, timing advance) of each cell in a list.
        wifi: (row, BSSID, level) of each access point.
        module_events: (row, event).
    """

    columns: Mapping[str, NDArray[Any]]
    cells: list[tuple[int, ...]] = field(default_factory=list)
    wifi: list[tuple[int, int, int]] = field(default_factory=list)
    module_events: list[tuple[int, int]] = field(default_factory=list)


def in_columns(form: Form, bodies: Bodies) -> Readings:
    """Fields of rows that are all of this form, which has ``columns``."""
    assert form.columns is not None  # noqa: S101  # the caller asks for nothing else
    read = form.columns.read(bodies.buffer, bodies.start)
    columns: dict[str, NDArray[Any]] = {}
    for name, values in read.items():
        if name in NUMBERS:
            columns[name] = values.astype(np.float64, copy=False)
        elif name in BYTES:
            columns[name] = values.astype(np.int64, copy=False)
    return Readings(columns)


def one_by_one(form: Form, bodies: Bodies) -> Readings:
    """The same through the interpreted schema; a content it cannot parse gives absent values only."""
    parsed = [_parsed(form, bodies.content(row)) for row in range(len(bodies))]
    present = {name for fields in parsed for name in fields}
    columns: dict[str, NDArray[Any]] = {
        name: np.array([fields.get(name, np.nan) for fields in parsed], np.float64)
        for name in NUMBERS
        if name in present
    }
    columns |= {
        name: np.array([fields.get(name, -1) for fields in parsed], np.int64) for name in BYTES if name in present
    }
    readings = Readings(columns)
    for row, fields in enumerate(parsed):
        _add_lists(row, fields, readings)
    return readings


def is_urgent(form: Form, content: bytes, profile: Profile) -> bool:
    """Whether a content of this form calls for help or tells of tampering, as the flags that ``decode`` finds in it."""
    for name, at in form.flags_at:
        if content[at] in profile.urgent[name]:
            return True
    if not form.tells:
        return False
    fields = _parsed(form, content)
    flags = int(fields.get("flags", 0))
    for event in fields.get("module_event", ()):
        flags |= int(profile.module_event[event & 0xFF])
    return bool(flags & URGENT)


def _parsed(form: Form, content: bytes) -> Mapping[str, Any]:
    try:
        return form.read(form.schema.parse(content))
    except ConstructError:
        return {}


def _add_lists(row: int, fields: Mapping[str, Any], into: Readings) -> None:
    cells: Sequence[Any] = fields.get("cells", ())
    is_dbm = int(fields.get("levels_dbm", False))
    advance = fields.get("ta", -1)
    for place, cell in enumerate(cells):
        into.cells.append(
            (row, fields["mcc"], fields["mnc"], cell.lac, cell.cid, cell.level, is_dbm, -1 if place else advance)
        )
    for point in fields.get("wifi", ()):
        into.wifi.append((row, int.from_bytes(point.bssid, "big"), point.level))
    into.module_events.extend((row, event) for event in fields.get("module_event", ()))
