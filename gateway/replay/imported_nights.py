"""Whether somebody was where he had to be, as an imported past says it: of that nothing stands in state.db.

What the gateway itself received is judged as it comes, and stored. What was imported is judged when somebody looks,
by the rules of then, as a track is (:mod:`gateway.replay.past`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from gateway.engine import Presence, imported_name
from gateway.replay.walk import walked
from gateway.store.presence import Stretch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from gateway.engine import Interval, Policies
    from gateway.replay.past import Reports

WARM_UP: Final = 86_400.0
"""Seconds before the stretch from which reports are read: a night that had begun is judged from its beginning."""
KNOWN: Final = 1800.0
"""Seconds for which the last fix of all tells something."""


def imported_nights(  # noqa: PLR0913, PLR0917  whose, when, and what it is made of
    history: Reports, policies: Policies, person: str, devices: Sequence[str], since: float, until: float, in_force: str
) -> list[Stretch]:  # fmt: skip
    """What is known of a person's duties out of imported fixes, between since and until, oldest first.

    Args:
        history: what came; where nothing of ``devices`` was imported, no configuration is asked for.
        policies: the configurations.
        person: an id.
        devices: that may be looked at.
        since: UTC epoch seconds of device time.
        until: as above.
        in_force: digest of the configuration that is so now.

    Raises:
        TransientFault, OurFault: history or configurations cannot be read.
    """
    rows = history.rows([imported_name(device) for device in devices], since - WARM_UP, until)
    if not len(rows):
        return []
    now = policies(in_force)
    group = now.groups.of_person.get(person, -1)
    known = [now.device_index.get(device, -1) for device in devices]
    rows = rows[[known[at] >= 0 for at in rows["device"].tolist()]]
    if group < 0 or not len(rows):
        return []
    rows["device"] = [known[at] for at in rows["device"].tolist()]
    ledgers = {
        id(context.ledger): context.ledger for context, _ in walked(rows, group, now, policies, history.epochs())
    }
    said = [one for ledger in ledgers.values() for one in ledger.presence if one.person == person]
    return _between(_standing(said), since, min(until, float(rows["order"][-1]) + KNOWN))


def _standing(said: Iterable[Interval]) -> list[Stretch]:
    """What stands in the end of what was said in its order: each in the place of all that stood from there on."""
    duties: dict[tuple[str, str, str], list[Stretch]] = {}
    for one in said:
        held = duties.setdefault((one.rule, one.duty, one.zone), [])
        held[:] = [_cut(each, -math.inf, one.since) for each in held if each.since < one.since]
        if one.state is not Presence.NONE:
            held.append(Stretch(one.rule, one.duty, one.zone, one.since, one.until, one.state.name.lower()))
    return [one for held in duties.values() for one in held]


def _between(held: Iterable[Stretch], since: float, until: float) -> list[Stretch]:
    cut = [_cut(one, since, until) for one in held if one.since < until and one.until > since]
    return sorted(cut, key=lambda one: (one.since, one.rule, one.duty, one.zone))


def _cut(one: Stretch, since: float, until: float) -> Stretch:
    return Stretch(one.rule, one.duty, one.zone, max(one.since, since), min(one.until, until), one.state)
