"""The sheets that there are: a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gateway.settings.model import Role

if TYPE_CHECKING:
    from collections.abc import Mapping

_DUTY: Final = frozenset({Role.DUTY, Role.OFFICE, Role.LEADER})
_LEADER: Final = frozenset({Role.LEADER})


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of sheet.

    Attributes:
        signers: whose signatures it asks for, in order: the roles of which each needs one. They are different people.
        ticked: whether every line has to be ticked, or struck out, before it is signed (see ``goes_over``).
        makers: the roles of which one has it made.
        seen: headings whose lines need no tick: what they tell is done.
        goes_over: whether it is signed with lines that are not ticked: the next sheet has them again.
        bare: headings whose lines are ticked without a note.
        looks: whether who looked at tracks is a part of it.
    """

    signers: tuple[frozenset[Role], ...]
    ticked: bool = False
    makers: frozenset[Role] = _DUTY
    seen: frozenset[str] = frozenset()
    goes_over: bool = False
    bare: frozenset[str] = frozenset()
    looks: bool = False


FORMS: Final[Mapping[str, Form]] = {
    "hand_over": Form((_DUTY, _DUTY)),
    "daily": Form((_DUTY,), ticked=True),
    "weekly": Form((_DUTY,), ticked=True, seen=frozenset({"track_seen"}), looks=True),
    "leaders_list": Form((_LEADER,), ticked=True, makers=_LEADER),
    "tasks": Form((_DUTY,), ticked=True, goes_over=True, bare=frozenset({"courtesy"})),
    "roll_call": Form((_DUTY,)),
}
