"""What a message is to this gateway: one row of the table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any


class Edition(Enum):
    """Editions of the standard that are told apart on the wire."""

    E2011 = "2011"
    E2013 = "2013"
    E2019 = "2019"


class Direction(Enum):
    """Who sends it."""

    UP = "terminal to platform"
    DOWN = "platform to terminal"


class Due(Enum):
    """What the platform owes for a message (2013, table of section 8; 2019, table of section 8)."""

    NOTHING = "nothing"
    GENERAL = "8001 with result 0"
    UNSUPPORTED = "8001 with result 3"
    REGISTER = "8100, once it is known who asks"
    AUTHENTICATE = "8001, once it is known who asks"
    SERVER_TIME = "8004"
    MAKER_TIME = "8109"
    MEDIA = "8800: complete, or what is missing"
    PADLOCK = "4401 where attribute bit 15 asks for it"


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Attributes:
        number: message id.
        name: English name, snake case: what ``decode`` prints.
        direction: who sends it.
        due: what the platform owes for it.
        schema: construct schema of the body (2013); None where the body is not described.
        schema_2011, schema_2019: where an edition differs.
    """

    number: int
    name: str
    direction: Direction
    due: Due = Due.NOTHING
    schema: Any = None
    schema_2011: Any = None
    schema_2019: Any = None

    def schema_of(self, edition: Edition) -> Any:  # noqa: ANN401  # construct ships no types
        """The body's schema in an edition, None where there is none."""
        special = {Edition.E2011: self.schema_2011, Edition.E2019: self.schema_2019}.get(edition)
        return self.schema if special is None else special
