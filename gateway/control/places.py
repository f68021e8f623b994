"""Where somebody is, or was.

The last place comes out of the running state. A track, and why an alarm stands, are worked out anew from the history
(``replay/past.py``, ``replay/explain.py``) in a process of its own, one at a time, within a bound: it would take the
loop's thread. What came last is put down before.
"""

from __future__ import annotations

import asyncio
import math
import os
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np
import structlog

from fencing.verdict import posterior
from gateway.clock import iso
from gateway.control.last_places import LastPlaces
from gateway.decoded import from_json
from gateway.engine import CALLS, IS_IN, Past, Presence, WatchKind, duty_now, last_known, place_of
from gateway.errors import OurFault, UserFault
from gateway.words.accounts import Explained
from gateway.words.coordinates import on_maps
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from gateway.engine import EngineState, Policy

LONGEST = 31 * 86_400.0
"""Seconds of the longest track that may be asked for at once."""
PATIENCE = 320.0
"""Real seconds until a track is given up."""
DAY = 86_400.0
NEAR = 300.0
"""Metres around a place within which registered places are worth a word."""
MOST = 10
TELLS_OF_NOBODY = frozenset({"authority_ended"})
"""Kinds of alarm whose account has nothing in it that its wearer did."""

log = structlog.get_logger()


class Subject(NamedTuple):
    """What is to be explained: whose evidence, of which rule and kind of alarm (empty: of all).

    ``at``: device time up to which fixes count, ``known``: receive time; 0: up to now. ``alarm``: this one alone.
    """

    person: str
    rule: str = ""
    kind: str = ""
    at: float = 0.0
    known: float = 0.0
    alarm: str = ""


@dataclass(slots=True)
class Places:
    """Looks of officers at places.

    Attributes:
        view: the engine's state, its policy, and the receive time now.
        storage: the directory in which journal and history lie.
        keep: puts down what has come, so that whoever reads the history finds it.
    """

    view: Callable[[], tuple[EngineState, Policy, float]]
    storage: Path
    keep: Callable[[], Awaitable[None]]
    everybody: LastPlaces = field(init=False)
    _one: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self.everybody = LastPlaces(self.view)

    def all(self, offices: Callable[[str], bool], by: str) -> dict[str, Any]:
        """The last known places of everybody of some offices (:meth:`LastPlaces.told`); the log says who looked.

        ``by`` empty: that is written down elsewhere.
        """
        found = self.everybody.told(offices)
        if by:
            log.info("all places were asked for", officer=by, wearers=len(found["places"]))
        return found

    def where(self, person: str, by: str) -> dict[str, Any]:
        """The last known places of a person, one a device, newest first; the log says who (``by``) looked at whom.

        With what is known of each device worn now, and until when authority and term last. Of a protected person while
        a call for help of that person is open, and then alone.

        Raises:
            UserFault: there is no such person, or no authority covers it now.
        """
        state, policy, now = self.view()
        called = is_called(state, person)
        wearings = self._lawful(policy, person, now, called=called)
        places = [found for wearing in wearings if (found := _described(state, policy, wearing, now, called=called))]
        log.info("a place was asked for", wearer=person, officer=by)
        return {
            "person": person, "now": iso(now), **_ends(policy, person, wearings, now),
            "devices": [_contact(state, policy, wearing) for wearing in wearings if _is_worn(policy, wearing, now)],
            "places": sorted(places, key=lambda each: each["age_seconds"]),
        }  # fmt: skip

    def of_device(self, device: str) -> dict[str, Any] | None:
        """The last known place of whoever wears a device now under an authority; None where there is none."""
        state, policy, now = self.view()
        seat = policy.device_index.get(device, -1)
        wearing = policy.wearing_at(np.array([seat]), np.array([now]))
        if seat < 0 or not policy.lawful(wearing, np.array([now]))[0]:
            return None
        return _described(state, policy, int(wearing[0]), now)

    async def track(self, person: str, since: float, until: float, by: str) -> dict[str, Any]:
        """The track of a person, since <= time < until; the log says who looked at whom.

        Raises:
            UserFault: as :meth:`where`; no stretch of time, or too long a one; another track is being worked out.
            OurFault: it could not be worked out.
        """
        _, policy, now = self.view()
        self._lawful(policy, person, now)
        until = min(until, now + DAY)
        if not (math.isfinite(since) and since < until and until - since <= LONGEST):
            raise UserFault(phrase("track_stretch", days=round(LONGEST / DAY)))
        log.info("a track was asked for", wearer=person, since=iso(since), until=iso(until), officer=by)
        words = (person, repr(since), repr(until), policy.configuration.digest)
        past = from_json(await self._worked_out("gateway.replay.past", *words), Past)
        fixes = msgspec.to_builtins(past.fixes)
        return {"person": person, "since": since, "until": until, "fixes": fixes, "cut": past.cut}

    async def explain(self, asked: Subject, by: str) -> Explained:
        """Why an alarm stands, or none does; the log says who looked at whom.

        That an authority is over may be explained when it is: of the wearer nothing is told.

        Raises:
            UserFault: as :meth:`where`; another past is being worked out.
            OurFault: it could not be worked out.
        """
        _, policy, now = self.view()
        if asked.person and asked.kind not in TELLS_OF_NOBODY:
            self._lawful(policy, asked.person, now)
        at, known = (min(each or now, now) for each in (asked.at, asked.known))
        log.info("evidence was asked for", wearer=asked.person, rule=asked.rule, until=iso(at), officer=by)
        words = (asked.person, asked.rule, asked.kind, repr(at), repr(known), asked.alarm, policy.configuration.digest)
        return from_json(await self._worked_out("gateway.replay.explain", *words), Explained)

    async def _worked_out(self, module: str, *words: str) -> bytes:
        """What a module says of the history, in a process of its own: one at a time.

        Raises:
            UserFault: another one is being worked out.
            OurFault: it could not be worked out, or took too long.
        """
        if self._one.locked():
            raise UserFault(phrase("track_busy"))
        async with self._one:
            await self.keep()
            return await self._said(module, *words)

    async def _said(self, module: str, *words: str) -> bytes:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-m", module, str(self.storage), *words,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
        try:
            out, said = await asyncio.wait_for(process.communicate(), PATIENCE)
        except TimeoutError as fault:
            raise OurFault(phrase("track_long")) from fault
        finally:
            if process.returncode is None:
                process.kill()
                await process.communicate()
        if process.returncode:
            log.error("a track could not be worked out", code=process.returncode, said=said.decode(errors="replace"))
            raise OurFault(phrase("track_long") if process.returncode < 0 else phrase("track_failed"))
        return out

    @staticmethod
    def _lawful(policy: Policy, person: str, now: float, *, called: bool = False) -> list[int]:
        """The wearings of a person that may be looked at now; ``called``: who is protected asks for help."""
        if person not in policy.configuration.people:
            raise UserFault(phrase("person_unknown", value=person))
        if policy.configuration.people[person].protected and not called:
            raise UserFault(phrase("person_protected", value=person))
        wearings = np.array([at for at, (_, wearer) in enumerate(policy.wearings) if wearer == person], np.int64)
        lawful: list[int] = wearings[policy.lawful(wearings, np.full(len(wearings), now))].tolist()
        if not lawful:
            raise UserFault(phrase("person_unlawful", value=person))
        return lawful


def is_called(state: EngineState, person: str) -> bool:
    """Whether a call for help of a person is open."""
    return any(one.person == person and one.kind in CALLS and not one.resolved for one in state.episodes.values())


def _described(
    state: EngineState, policy: Policy, wearing: int, now: float, *, called: bool = False
) -> dict[str, Any] | None:  # fmt: skip
    """A last known place: in the datum of the county's maps, in WGS-84, its age, its zones."""
    found = place_of(state, policy, wearing, is_called=called)
    if found["latitude"] is None or found["longitude"] is None:
        return None
    known = last_known(state, policy, wearing)
    maps = policy.configuration.county.maps
    placed = float(state.track["time"][wearing])
    near = policy.registered.around(found["latitude"], found["longitude"], max(NEAR, found["radius_m"] or 0.0), now)
    return {
        "device": policy.wearings[wearing][0], "time": iso(placed), "age_seconds": round(max(0.0, now - placed), 1),
        "source": known.get("source"), **on_maps(found["latitude"], found["longitude"], maps).fields,
        "radius95_m": found["radius_m"],
        "position": {"type": "Point", "coordinates": [found["longitude"], found["latitude"]]},
        "home_m": known.get("home_m"), "home_deg": known.get("home_deg"),
        "zones": [_zone(state, policy, watch, now) for watch in _watches(policy, wearing)],
        "registered": [place._asdict() for place in near[:MOST]],
    }  # fmt: skip


def _watches(policy: Policy, wearing: int) -> list[int]:
    """The watches that a wearing's device is held against: phones against regions, bracelets against the others."""
    person, watches = int(policy.wearing_person[wearing]), policy.watches
    phone = policy.configuration.devices[policy.wearings[wearing][0]].is_phone
    first = int(watches.first[person])
    mine = range(first, first + int(watches.count[person]))
    return [watch for watch in mine if (watches.kind[watch] == WatchKind.REGION) == phone]


def _ends(policy: Policy, person: str, wearings: list[int], now: float) -> dict[str, Any]:
    """Office, and until when the authorities that cover a person now last, and the term of supervision."""
    configuration = policy.configuration
    kinds = {configuration.devices[policy.wearings[wearing][0]].basis for wearing in wearings}
    covering = [
        each.until for each in configuration.authorities
        if each.person == person and each.kind in kinds and each.start <= now < each.until
    ]  # fmt: skip
    one = configuration.people[person]
    until = max(covering, default=math.inf)
    return {"office": one.office, "authority_until": _until(until), "term_until": _until(one.term_until)}


def _until(time: float) -> str | None:
    return iso(time) if math.isfinite(time) else None


def _is_worn(policy: Policy, wearing: int, now: float) -> bool:
    seat = policy.device_index[policy.wearings[wearing][0]]
    return int(policy.wearing_at(np.array([seat]), np.array([now]))[0]) == wearing


def _contact(state: EngineState, policy: Policy, wearing: int) -> dict[str, Any]:
    """When a device was last heard, whether it is missed, and its battery; None: not known."""
    device = policy.wearings[wearing][0]
    seat = policy.device_index[device]
    heard, battery = float(state.device["heard"][seat]), int(state.levels["battery"][seat])
    return {
        "device": device, "contact": _until(heard), "silent": bool(state.device["silent"][seat]),
        "battery_percent": battery if battery >= 0 else None,
    }  # fmt: skip


def _zone(state: EngineState, policy: Policy, watch: int, now: float) -> dict[str, Any]:
    """Whether the wearer is in a zone, as evidence has it; ``probability`` is that of being inside.

    ``duty``: where he has to be there now, what is known of that, since when, and until when it lasts; else None.
    """
    kind, bank = WatchKind(int(policy.watches.kind[watch])), state.watch
    breach = float(posterior(bank["log_odds"][[watch]])[0])
    _, rule_kind, zone = policy.watches.key[watch]
    return {
        "zone": zone, "name": policy.zones.zone_name(int(policy.watches.zone[watch])),
        "rule": rule_kind.rsplit("/", 1)[0], "asks": kind.name.lower(),
        "is": IS_IN[kind][int(bank["verdict"][watch])],
        "probability": round(breach if kind is WatchKind.KEEP_OUT else 1.0 - breach, 4),
        "duty": _duty(duty_now(state, watch, now)),
    }  # fmt: skip


def _duty(known: tuple[Presence, float, float] | None) -> dict[str, Any] | None:
    if known is None:
        return None
    presence, since, until = known
    return {"is": presence.name.lower(), "since": iso(since), "until": _until(until)}
