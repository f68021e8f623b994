"""What an alarm's circle may be, as ``alarms show`` tells it: by the configuration of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.engine import Registered

if TYPE_CHECKING:
    from gateway.engine import Episode
    from gateway.settings.model import Configuration


def registered_in(episode: Episode, configuration: Configuration) -> str:
    """Names of the registered places inside the circle of an alarm's place; empty: none, or there is no place."""
    if episode.latitude is None or episode.longitude is None:
        return ""
    return Registered.of(configuration).names(
        episode.latitude, episode.longitude, episode.radius_m or 0.0, episode.decided
    )
