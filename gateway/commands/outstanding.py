"""One order in the queue, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from gateway.engine import End

if TYPE_CHECKING:
    from gateway.commands.saying import Saying
    from gateway.engine import Command


class Phase(Enum):
    """Where an order stands before its end."""

    WAITING = "waiting"
    """Behind another one, or for the device to be reached."""
    SENT = "sent"
    """On its way down a session; each message repeated until the device says something."""
    TAKEN = "taken"
    """The device has it; its answer is to come. Not sent again."""
    DELEGATED = "delegated"
    """With whoever does this protocol's orders."""


@dataclass(eq=False, slots=True)
class Outstanding:
    """One order in the queue; times by the queue's clock.

    Attributes:
        expires: it is never sent at or after that.
        due: when time alone changes something: the next repeat, or the expiry.
        is_ignored: the device has not said anything of it on this session for so long that later ones may go out.
        is_overtaken: it has answered a later one since: this one is not said again, whatever session comes.
    """

    command: Command
    expires: float
    due: float
    phase: Phase = Phase.WAITING
    saying: Saying | None = None
    """Its message that is being said."""
    sessions: int = 0
    is_ignored: bool = False
    is_overtaken: bool = False


def unanswered(outstanding: Outstanding) -> tuple[End, str]:
    """How an order ends that time has run out for."""
    if outstanding.phase is Phase.WAITING:
        return End.EXPIRED, "the device could not be reached in time"
    if outstanding.phase is Phase.TAKEN:
        return End.NO_ANSWER, "the device took the order and did not answer it"
    return End.NO_ANSWER, "no answer came"
