"""What counties' gateways tell, made by the code that tells it."""

from __future__ import annotations

from typing import Any

from made_episodes import episode

from gateway.engine.episode import Change
from gateway.engine.ledger import Outcome
from gateway.upstream.cloudevents import event_of
from gateway.upstream.life import Life, Sign

NOW = 1_793_530_800.0
"""2026-11-01 19:00 in Shanghai."""
HOUR, DAY = 3600.0, 86_400.0


def alarm(county: str, name: str, change: Change = Change.RAISED, **known: Any) -> bytes:
    """An alarm whose id begins with a name, as the gateway of a county tells it; ``kind`` and what else is known."""
    values = {
        "office": "SFS-01", "latitude": 24.3312, "longitude": 109.4107, "radius_m": 20.0, "revision": 1, "onset": NOW,
        "decided": NOW, "zone_name": "网吧4号", "facts": {"home_m": 1874, "home_deg": 62},
    } | known  # fmt: skip
    kind = values.pop("kind", "curfew_late")
    made = episode(kind, id=f"{name:0<32}", **values)
    return event_of(Outcome(change, made, values["decided"], (7, 0, 0.0, "", "")), county, "Asia/Shanghai").body


def sign(county: str, what: Sign = Sign.HEARTBEAT, now: float = NOW, **told: Any) -> bytes:
    """A sign of life of a county's gateway."""
    said = {"healthy": True, "broken": [], "version": "0.1.0", "journal": {"next": 1, "chain": "00"}} | told
    return Life(county, lambda: said, lambda: now).sign(what, 20.0)[1]
