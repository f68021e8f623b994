"""Signs of life of a worker for a county: by whoever owns its first partition, and whether all of them are owned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.stream.names import life_subject
from gateway.upstream.life import Life, Sign

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from gateway.stream.connection import Connection
    from gateway.worker.peers import Peers
    from gateway.worker.standing import Standing

EVERY: Final = 20.0
"""Seconds between two of them."""


@dataclass(slots=True)
class Living:
    """One worker's. ``now``: the wall clock, UTC epoch seconds."""

    connection: Connection
    peers: Peers
    now: Callable[[], float]
    _lives: dict[str, Life] = field(default_factory=dict)

    async def say(self, standings: Iterable[Standing], steady: float) -> None:
        """A sign of life for each county whose first partition is ours. ``steady``: seconds of a steady clock.

        Raises:
            GatewayFault: as ``Connection.publish``.
        """
        held = list(standings)
        for county in [one.county for one in held if one.is_owner and not one.partition]:
            told = {"healthy": self._is_whole(county, held, steady)}
            _, body = self._life(county, told).sign(Sign.HEARTBEAT, EVERY)
            await self.connection.publish(life_subject(county, "worker"), body)

    def _life(self, county: str, told: Mapping[str, object]) -> Life:
        life = self._lives.setdefault(county, Life(county, dict, self.now))
        life.told = lambda: told
        return life

    def _is_whole(self, county: str, held: Iterable[Standing], steady: float) -> bool:
        """Whether each partition of a county that we take has an owner, by his own word or ours."""
        others = {
            (one.county, one.partition)
            for word in self.peers.there(steady).values()
            for one in word.has
            if one.is_owner
        }  # fmt: skip
        return all(one.is_owner or (county, one.partition) in others for one in held if one.county == county)
