"""What somebody looks for: asked once, and kept for that person and session a while."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.clock import Clock

KEPT: Final = 900.0
"""Real seconds for which a purpose holds."""
LONGEST: Final = 120
"""Signs of it."""
CHOICES: Final = ("verification", "visit", "search", "other")
"""Of a free look; the last one needs words."""


@dataclass(slots=True)
class Purposes:
    """Purposes of free looks, by session and person."""

    clock: Clock
    _held: dict[tuple[str, str], tuple[float, str]] = field(default_factory=dict)

    def keep(self, session: str, person: str, purpose: str) -> None:
        """From now on it is this."""
        now = self.clock.monotonic()
        self._held = {key: held for key, held in self._held.items() if held[0] > now}
        self._held[session, person] = (now + KEPT, purpose)

    def of(self, session: str, person: str) -> str:
        """The purpose that holds; empty: none does."""
        until, purpose = self._held.get((session, person), (0.0, ""))
        return purpose if until > self.clock.monotonic() else ""


def chosen(form: Mapping[str, object], names: Mapping[str, str]) -> str:
    """The purpose that a form says; empty: it says none.

    Args:
        form: ``purpose``, one of CHOICES, and ``words``.
        names: of the choices, as they are written down.
    """
    choice, words = str(form.get("purpose", "")), plain(str(form.get("words", "")))[:LONGEST]
    if choice not in CHOICES or (choice == CHOICES[-1] and not words):
        return ""
    return f"{names[choice]}：{words}" if words else names[choice]


def plain(words: str) -> str:
    """Words in one line, without what cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in words).split())
