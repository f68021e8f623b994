"""Which device tells where an alarm's wearer is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from gateway.engine import Episode
    from gateway.settings.model import Configuration

LOCATE: Final = "locate"


def located(episode: Episode, configuration: Configuration, now: float) -> str:
    """The device that tells where the wearer is: a bracelet he has on now, else a phone, else the alarm's own."""
    worn = [
        one.device for one in configuration.assignments
        if episode.person and one.person == episode.person and one.start <= now < one.until
    ]  # fmt: skip
    worn.sort(key=lambda device: configuration.devices[device].is_phone)
    known = episode.device if not episode.person and episode.device in configuration.devices else ""
    return worn[0] if worn else known
