"""Part of the model: templates of tasks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Owner(StrEnum):
    """Whose a task is: the person's office, whoever is on duty, a leader."""

    OFFICE = "office"
    DUTY = "duty"
    LEADER = "leader"


class Ending(StrEnum):
    """Before which end a task comes."""

    AUTHORITY = "authority"
    TERM = "term"
    RULE = "rule"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class TaskTemplate:
    """Of a kind of task.

    Attributes:
        id: names it. ``zh``, ``en``: what is to be done.
        every_s: for everybody under authority again after so many seconds; 0: not.
        before, days: so many days before an end of this kind; None: not.
        alarm: after an alarm of this kind; empty: not.
        due_after_s: seconds from its beginning until it is due.
        owner: whose it is.
        courtesy: it is ticked without a note.
    """

    id: str
    zh: str
    en: str
    every_s: float
    before: Ending | None
    days: int
    alarm: str
    due_after_s: float
    owner: Owner
    courtesy: bool
