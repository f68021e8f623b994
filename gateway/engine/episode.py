"""An episode: one alarm from its raising to its close, and the identity that is minted once."""

from __future__ import annotations

import copy
import hashlib
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from gateway.engine.act_lines import ActLine, FollowUp

if TYPE_CHECKING:
    from collections.abc import Mapping


class Change(StrEnum):
    """What an outcome says of an episode; the suffix of the CloudEvents type."""

    RAISED = "raised"
    UPDATED = "updated"
    CLEARED = "cleared"
    RETRACTED = "retracted"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    DISPUTED = "disputed"
    EXAMINED = "examined"


class Stage(StrEnum):
    """Where an episode stands: its condition holds or is latched; it is over; a person has closed it; taken back."""

    ONGOING = "ongoing"
    OVER = "over"
    CLOSED = "closed"
    RETRACTED = "retracted"


TURNS: Mapping[Change, Mapping[Stage, Stage]] = {
    Change.RAISED: {},
    Change.UPDATED: {Stage.ONGOING: Stage.ONGOING, Stage.OVER: Stage.OVER},
    Change.ACKNOWLEDGED: {Stage.ONGOING: Stage.ONGOING, Stage.OVER: Stage.OVER},
    Change.CLEARED: {Stage.ONGOING: Stage.OVER},
    Change.CLOSED: {Stage.ONGOING: Stage.CLOSED, Stage.OVER: Stage.CLOSED},
    Change.DISPUTED: {Stage.CLOSED: Stage.OVER},
    Change.EXAMINED: {Stage.CLOSED: Stage.CLOSED},
    Change.RETRACTED: {
        Stage.ONGOING: Stage.RETRACTED, Stage.OVER: Stage.RETRACTED, Stage.CLOSED: Stage.RETRACTED,
    },
}  # fmt: skip
"""What may become of an episode: change -> stage -> stage. It begins with RAISED, ongoing. A latched one has no
CLEARED: only a person ends it (:meth:`Episode.may`)."""


class CloseOutcome(StrEnum):
    """What a person found. Only a person's close is a finding."""

    CONFIRMED = "confirmed"
    EXCUSED = "excused"
    TECHNICAL = "technical"
    FALSE = "false"
    UNVERIFIABLE = "unverifiable"


WERE_NONE = frozenset({CloseOutcome.TECHNICAL, CloseOutcome.FALSE})
"""Closed as one of these an alarm was none, and has a cause."""
Fact = str | float | int | list[list[float]]
"""A detail of an alarm that its text and its evidence quote."""


class Note(msgspec.Struct, frozen=True):
    """What a person wrote, when (UTC epoch seconds) and who."""

    at: float
    by: str
    text: str


class Episode(msgspec.Struct):
    """One alarm. Times are UTC epoch seconds; the position is WGS-84 with its 95 % radius.

    Attributes:
        evidence, over: order (``arrival``) of the reports that raised it and that ended it; None: of an older engine,
            or not yet.
        owner: staff number of who has taken it: whoever acknowledged it first, or took it over since.
        assigned: staff number or office that it was given to; empty: nobody.
        verified_by: how a close as confirmed was verified.
        acts: all that was done about it, oldest first; ``follow_up``: what was agreed last.
        disputed: when the wearer objected to its close last; None: never.
    """

    id: str
    kind: str
    severity: str
    ends: str
    person: str
    device: str
    office: str
    level: str
    zone: str
    zone_name: str
    rule: str
    basis: str
    onset: float
    decided: float
    received: float
    first_offset: int
    last_offset: int
    probability: float | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_m: float | None = None
    retrospective: bool = False
    revision: int = 0
    ended: float | None = None
    retracted: bool = False
    acknowledged: float | None = None
    acknowledged_by: str = ""
    closed: float | None = None
    closed_by: str = ""
    outcome: str = ""
    evidence: float | None = None
    over: float | None = None
    notes: list[Note] = []
    facts: dict[str, Fact] = {}
    owner: str = ""
    assigned: str = ""
    verified_by: str = ""
    acts: list[ActLine] = []
    follow_up: FollowUp | None = None
    disputed: float | None = None

    def copied(self) -> Episode:
        """A copy that no later change reaches: of its fields the facts alone are ever changed in place."""
        return msgspec.structs.replace(self, facts=copy.deepcopy(self.facts))

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.retracted:
            return Stage.RETRACTED
        if self.closed is not None:
            return Stage.CLOSED
        return Stage.ONGOING if self.ended is None else Stage.OVER

    @property
    def cause(self) -> str:
        """Why it was none (:data:`gateway.journal.controls.CAUSES`); empty: nobody has said since its close."""
        since = next((at for at, act in enumerate(reversed(self.acts)) if act.do == "close"), len(self.acts))
        said = [act.cause for act in self.acts[len(self.acts) - since :] if act.do == "cause"]
        return said[-1] if said and self.closed is not None else ""

    @property
    def is_disputed(self) -> bool:
        """It was closed, the wearer has objected, and no leader has closed it since."""
        return self.disputed is not None and self.stage not in {Stage.CLOSED, Stage.RETRACTED}

    @property
    def is_ongoing(self) -> bool:
        """The condition holds (or is latched)."""
        return self.stage is Stage.ONGOING

    def may(self, change: Change) -> bool:
        """Whether a change can befall it as it stands."""
        return self.stage in TURNS[change] and (change is not Change.CLEARED or self.ends == "self")

    @property
    def resolved(self) -> bool:
        """Nobody has to look at it any more: closed by a person, retracted, or a mild one that cleared itself."""
        mild = self.severity in ("info", "warning") and not self.is_disputed
        return self.closed is not None or self.retracted or (self.ended is not None and self.ends == "self" and mild)


def mint(device: str, kind: str, zone: str, device_time: float, opening: bytes) -> str:
    """Identity of an alarm, from its opening entry: 32 hexadecimal digits, the same at every replay."""
    text = f"{device}\n{kind}\n{zone}\n{device_time!r}\n".encode()
    return hashlib.sha256(text + hashlib.sha256(opening).digest()).hexdigest()[:32]
