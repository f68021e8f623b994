"""What goes to a platform beside alarms, where it is to have that: places and presence as they stand, in batches.

Nothing of it is kept for later: what has changed since the platform took it last is looked for at intervals, so that
after an outage it gets what is so then, and nobody's way meanwhile. It goes after alarms, and holds up none.
"""

from __future__ import annotations

import math
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from gateway.clock import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.settings.model import Telemetry

Rows: TypeAlias = "Mapping[tuple[str, ...], Mapping[str, Any]]"
"""By what tells them apart."""
MOST: Final = 200
"""Rows of a message."""
FRESH: Final = 10.0
"""Monotonic seconds for which what was looked at may go out: whom the law covers is looked at anew."""

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


@dataclass(frozen=True, slots=True)
class Batch:
    """One message: its CloudEvents id, the last part of its type, its bytes, and the rows in it."""

    id: str
    kind: str
    body: bytes
    rows: Rows


@dataclass(slots=True)
class Lane:
    """One platform's. Times are monotonic seconds, but for ``now``: the county's clock.

    Attributes:
        look: the rows that it may have now, by kind (``positions``, ``presence``).
    """

    wanted: Telemetry
    county: str
    look: Callable[[Telemetry], Mapping[str, Rows]]
    now: Callable[[], float]
    _taken: dict[str, dict[tuple[str, ...], Mapping[str, Any]]] = field(default_factory=dict)
    _waiting: list[Batch] = field(default_factory=list)
    _looked: float = -math.inf
    _due: float = -math.inf

    def due(self, time: float) -> float:
        """When to ask for the next message."""
        return time if self._waiting else max(time, self._due)

    def next(self, time: float) -> Batch | None:
        """The next message; None: there is nothing now."""
        if self._waiting and time - self._looked > FRESH:
            self._waiting = []
            self._due = time
        if not self._waiting and time >= self._due:
            self._looked, self._due = time, time + self.wanted.every
            self._waiting = [batch for kind, rows in self.look(self.wanted).items() for batch in self._new(kind, rows)]
        return self._waiting[0] if self._waiting else None

    def taken(self, batch: Batch) -> None:
        """The platform has it."""
        self._taken[batch.kind].update(batch.rows)
        self._waiting = [one for one in self._waiting if one is not batch]

    def failed(self) -> None:
        """It did not take it: what is so at the next look goes out then."""
        self._waiting = []

    def _new(self, kind: str, rows: Rows) -> list[Batch]:
        """What differs from what it has; of what is no more nothing is remembered."""
        before = self._taken.get(kind, {})
        self._taken[kind] = {key: row for key, row in before.items() if key in rows}
        new = [(key, row) for key, row in rows.items() if before.get(key) != row]
        return [self._batch(kind, dict(new[first : first + MOST])) for first in range(0, len(new), MOST)]

    def _batch(self, kind: str, rows: Rows) -> Batch:
        identity = uuid.uuid4().hex
        body = {
            "specversion": "1.0", "id": identity, "source": f"/bracelet/{self.county}",
            "type": f"bracelet.telemetry.{kind}", "time": iso(self.now()), "datacontenttype": "application/json",
            "data": {"county": self.county, "basis": self.wanted.basis, "rows": list(rows.values())},
        }  # fmt: skip
        return Batch(identity, kind, _ENCODER.encode(body), rows)
