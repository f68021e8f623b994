"""Acts of a platform, whichever way they come: read, and given to the gateway until they are done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from gateway.backoff import Backoff
from gateway.errors import GatewayFault
from gateway.upstream.acts import check_meant, verify
from gateway.upstream.timing import pause

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from gateway.journal.controls import Act
    from gateway.settings.model import Upstream
    from gateway.upstream.timing import Timing

ACT_TRIES: Final = 3
"""How often an act is given to a gateway that fails at it by a bug, not by a fault that passes."""
LONGEST_WAIT: Final = 30.0

log = structlog.get_logger()


def act_of(payload: bytes, upstream: Upstream, county: str, now: float) -> Act:
    """The act that a message of an upstream asks for, now and of this county.

    Raises:
        PeerFault: it is none, or not meant so.
    """
    act = verify(payload, upstream.credential.act_key, f"upstream {upstream.name}")
    check_meant(act, county, now, upstream.act_seconds)
    return act


async def done(act: Act, on_act: Callable[[Act], Awaitable[str]], upstream: str, timing: Timing) -> bool:
    """Give an act to the gateway until it is journaled, applied and committed. False: that cannot be."""
    backoff, tries = Backoff(longest=LONGEST_WAIT), 0
    while True:
        try:
            await on_act(act)
        except GatewayFault as fault:
            log.warning("act waits", upstream=upstream, act=act.id, fault=str(fault))
        except Exception:
            log.exception("act fails", upstream=upstream, act=act.id)
            tries += 1
            if tries == ACT_TRIES:
                return False
        else:
            return True
        await pause(timing, backoff.next_wait())
