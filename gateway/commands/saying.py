"""One message of an order on one session: how far it has been said, and what a reply means for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from protocols.order import Result

if TYPE_CHECKING:
    from collections.abc import Callable

    from gateway.commands.reach import Line
    from protocols.order import Reply, Sending


class Meaning(Enum):
    """What a reply is to a message."""

    STRANGE = "strange"
    """It answers something else."""
    PART = "part"
    """The device has a part of it; others have not been written yet."""
    TAKEN = "taken"
    """The device has it; its answer is to come."""
    ANSWERED = "answered"
    DECLINED = "declined"


@dataclass(eq=False, slots=True)
class Saying:
    """One message.

    Attributes:
        session: the only one it is numbered for.
        make: numbers it, once its turn to be written has come.
        number: its place in the order, from 1.
        sending: it, once it is numbered.
        said: how often it has been written to its end.
        left: segments of it that are still to be written.
        turn: the latest time it was to be said; turns before are void.
        is_held: its turn came while the session might hear nothing.
    """

    session: object
    make: Callable[[Line], Sending]
    number: int = 1
    sending: Sending | None = None
    said: int = 0
    left: int = 0
    turn: int = 0
    is_held: bool = False

    def meaning(self, reply: Reply) -> Meaning:
        """What a reply is to this message."""
        sending = self.sending
        if sending is None or not reply.key:
            return Meaning.STRANGE
        if reply.key not in (sending.accepted_by, sending.answered_by, *sending.parts):
            return Meaning.STRANGE
        if reply.result is not Result.DONE:
            return Meaning.DECLINED
        if reply.key == sending.answered_by:
            return Meaning.ANSWERED
        if reply.key in sending.parts and self.left and not self.said:
            return Meaning.PART
        return Meaning.ANSWERED if sending.answered_by in sending.parts else Meaning.TAKEN

    def follower(self) -> Saying | None:
        """The order's next message on the same session; None after the last."""
        then = None if self.sending is None else self.sending.then
        return None if then is None else Saying(self.session, lambda _: then(), self.number + 1)

    def text_of(self, reply: Reply) -> str:
        """What a reply that declines says; where an order has several messages, of which of them."""
        is_one = self.number == 1 and (self.sending is None or self.sending.then is None)
        return reply.text if is_one else f"message {self.number} of the order: {reply.text}".removesuffix(": ")
