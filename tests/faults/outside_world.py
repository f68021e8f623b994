"""What is outside a gateway and outlives its ends: bracelets, officers, a platform, and the script of what they do."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum, auto
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from plain_terminal import BATTERY_LOW, SOS, STRAP_CUT, position

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DEVICES = 3
TURNS = 9
KINDS = {"sos", "strap_cut", "battery_low"}
"""What the bracelets' own words raise, whenever they arrive; what hangs on when they arrive is not compared."""
PACE = 30.0
DAY = 86400.0


class Do(StrEnum):
    """What happens in a turn. What staff and the daemon do takes a device's number all the same."""

    REPORT, ACKNOWLEDGE, CLOSE, RELOAD, SNAPSHOT, MIDNIGHT, RETIRE = (auto() for _ in range(7))


ONCE = {Do.SNAPSHOT, Do.MIDNIGHT, Do.RETIRE}
"""What nobody repeats who does not know whether it was done."""
SINCE = {Do.ACKNOWLEDGE: 1, Do.CLOSE: 2}
"""Turns since the SOS that an act is about."""


class Deed(NamedTuple):
    """In one turn; ``bits`` are a report's alarms."""

    turn: int
    do: Do
    device: int = 0
    bits: int = 0

    @property
    def id(self) -> str:
        return f"{self.turn}-{self.do}-{self.device}"


class Script(NamedTuple):
    """Turns one after another, the deeds of each at the same time; ``retires``: old days go."""

    turns: tuple[tuple[Deed, ...], ...]

    @property
    def retires(self) -> bool:
        return any(deed.do is Do.RETIRE for turn in self.turns for deed in turn)

    @property
    def stay(self) -> int:
        """The turn from which on the days stay."""
        midnight = [number for number, turn in enumerate(self.turns) for deed in turn if deed.do is Do.MIDNIGHT]
        return midnight[0] if self.retires else 0

    @classmethod
    def of(cls, seed: int) -> Script:
        """The script of a seed: two days, SOS that are acknowledged and closed, straps cut, batteries low and well."""
        chance, pressed = Random(seed), dict[int, Do]()  # noqa: S311  a schedule, no secret
        bits = dict.fromkeys(range(DEVICES), 0)
        midnight, reload = chance.randrange(3, TURNS - 2), chance.randrange(1, TURNS)
        turns = []
        for turn in range(TURNS):
            said = {
                Do.MIDNIGHT: turn == midnight,
                Do.RELOAD: turn == reload,
                Do.SNAPSHOT: chance.random() < 0.5,
                Do.RETIRE: turn == TURNS - 1 and chance.random() < 0.5,
            }
            deeds = [Deed(turn, do) for do, is_done in said.items() if is_done]
            deeds += [Deed(turn, do, device) for device, do in pressed.items()]
            busy = [device for device in range(DEVICES) if device not in pressed and chance.random() < 0.8]
            pressed = {device: Do.CLOSE for device, do in pressed.items() if do is Do.ACKNOWLEDGE}
            for device in busy:
                low, cut = chance.choice([0, BATTERY_LOW]), STRAP_CUT if chance.random() < 0.1 else 0
                # One that is pressed still is not pressed again.
                sos = SOS if not bits[device] & SOS and chance.random() < 0.3 else 0
                bits[device] = low | cut | sos | (bits[device] & STRAP_CUT)
                if sos:
                    pressed[device] = Do.ACKNOWLEDGE
                deeds.append(Deed(turn, Do.REPORT, device, bits[device]))
            turns.append(tuple(deeds))
        return cls(tuple(turns))

    def times(self, epoch: float) -> list[float]:
        """When each turn is, UTC epoch seconds."""
        at, times = epoch, []
        for turn in self.turns:
            at += PACE
            if any(deed.do is Do.MIDNIGHT for deed in turn):
                at = (at // DAY + 1) * DAY + 5.0
            times.append(at)
        return times


def report(time: float, bits: int) -> bytes:
    """Body of a 0200: where, when, which alarms, and what the battery holds, for only that ends a low one."""
    return position(time, alarm=bits) + bytes((0x56, 2, *((1, 10) if bits & BATTERY_LOW else (8, 80))))


@dataclass
class Known:
    """What the world has heard: codes by device, deeds that were acknowledged, and those that nobody repeats."""

    codes: dict[int, bytes] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    reached: float = 0.0
    """When it is, at least."""

    def hear(self, notes: Iterable[bytes], unheard: frozenset[str] = frozenset()) -> Known:
        """What has been said until an end; ``unheard``: deeds whose answer was lost on its way."""
        for note in notes:
            what, name, said = json.loads(note)
            if what == "code":
                self.codes[int(name)] = bytes.fromhex(said)
            elif what == "done" and name not in unheard:
                self.done.add(name)
            elif what == "begun":
                self.begun.add(name)
                self.reached = said
        return self

    def copy(self) -> Known:
        return Known(dict(self.codes), set(self.done), set(self.begun), self.reached)

    def is_left(self, deed: Deed) -> bool:
        """Whether somebody still does it."""
        return deed.id not in (self.begun if deed.do in ONCE else self.done)


@dataclass(frozen=True)
class Platform:
    """Lines of a file upstream; each alarm counts once by its id."""

    path: Path

    @cached_property
    def lines(self) -> list[bytes]:
        return [line for line in self.path.read_bytes().split(b"\n") if line] if self.path.exists() else []

    @cached_property
    def messages(self) -> dict[str, bytes]:
        """By id, those lines that are whole."""
        found = {}
        for line in self.lines:
            try:
                found[json.loads(line)["id"]] = line
            except ValueError:
                continue  # torn in a power cut, said again below
        return found

    def alarms(self) -> Counter[tuple[str, str, str, int]]:
        """(device, kind, change, onset) of what the bracelets' words have raised."""
        said = [json.loads(body) for body in self.messages.values()]
        return Counter(
            (
                one["data"]["device"], one["data"]["kind"], one["type"].rsplit(".", 1)[1],
                round(datetime.fromisoformat(one["data"]["onset"]).timestamp()),
            )
            for one in said if one["data"]["kind"] in KINDS
        )  # fmt: skip
