"""One moment of a small county, of which a sheet is made: 08:10 of the morning after."""

from __future__ import annotations

from timeline import at, county

from gateway.engine import EngineState, compile_policy
from gateway.papers.seen import Seen

NOW = at(1, 8.17)
SINCE = at(0, 21.75)


def seen(*episodes, office: str = "", state: EngineState | None = None, **changes) -> Seen:
    """What the gateway knows; ``changes``: parts of the county."""
    configuration = county(**changes)
    policy = compile_policy(configuration)
    return Seen(NOW, SINCE, NOW, office, configuration, episodes, state or EngineState(), policy)


def told(line) -> tuple[str, str, str, str]:
    """Heading, person and both texts of a line."""
    return line.section, line.person, line.zh, line.en
