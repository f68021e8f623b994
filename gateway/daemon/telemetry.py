"""What a platform may have beside alarms: of bracelets' wearers whom the law lets us look at now, and of nobody else.

No phones, which give a region on a basis of their own; nobody who is protected, and of minors only where that is
written. Who is not looked at any more is in no message.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from gateway.clock import iso
from gateway.control.last_places import LastPlaces
from gateway.engine import Presence, WatchKind, duty_now
from gateway.settings.model import PHONE_PROTOCOL

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gateway.engine import EngineState, Policy
    from gateway.settings.model import Telemetry
    from gateway.upstream.telemetry import Rows

PLACE: Final = ("person", "office", "device", "position", "radius95_m", "time", "source")
DUTIES: Final = (WatchKind.STAY_INSIDE, WatchKind.BE_THERE)


@dataclass(slots=True)
class Stream:
    """``view``: the engine's state, its policy, and the receive time now."""

    view: Callable[[], tuple[EngineState, Policy, float]]
    _places: LastPlaces = field(init=False)

    def __post_init__(self) -> None:
        self._places = LastPlaces(self.view)

    def look(self, wanted: Telemetry) -> Mapping[str, Rows]:
        """The rows that a platform may have now, by kind."""
        seen = self._seen(wanted)
        found: dict[str, Rows] = {}
        if wanted.positions:
            placed = (row for row in seen if row["position"] is not None)
            found["positions"] = {(row["person"], row["device"]): {name: row[name] for name in PLACE} for row in placed}
        if wanted.presence:
            found["presence"] = self._presence({row["person"]: row["office"] for row in seen})
        return found

    def _seen(self, wanted: Telemetry) -> list[dict[str, Any]]:
        """The last places of wearers; the policy is that by which they were found, or one that came since."""
        rows, configuration = self._places.told(lambda _: True)["places"], self.view()[1].configuration
        people, devices = configuration.people, configuration.devices
        return [
            row for row in rows
            if row["person"] in people and row["device"] in devices
            and devices[row["device"]].protocol != PHONE_PROTOCOL
            and (wanted.minors or not people[row["person"]].minor)
        ]  # fmt: skip

    def _presence(self, offices: Mapping[str, str]) -> Rows:
        """Duties of these people that hold now, and what is known of each."""
        state, policy, now = self.view()
        watches, found = policy.watches, dict[tuple[str, ...], dict[str, Any]]()
        for watch, (key, kind) in enumerate(zip(watches.key, watches.kind.tolist(), strict=True)):
            if key[0] not in offices or kind not in DUTIES:
                continue
            known = duty_now(state, watch, now)
            if known is not None and known[0] is not Presence.NONE:
                found[tuple(map(str, key))] = _duty(key[0], offices[key[0]], policy, watch, known)
        return found


def _duty(
    person: str, office: str, policy: Policy, watch: int, known: tuple[Presence, float, float]
) -> dict[str, Any]:  # fmt: skip
    presence, since, until = known
    return {
        "person": person, "office": office, "rule": policy.watches.key[watch][1], "zone": policy.watches.key[watch][2],
        "is": presence.name.lower(), "since": iso(since), "until": iso(until) if until < float("inf") else None,
    }  # fmt: skip
