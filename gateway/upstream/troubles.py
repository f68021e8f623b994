"""What is wrong with an upstream, in words for the county's staff; each kind at most once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.words.phrases import phrase
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Troubles:
    """By name of the phrase that says it."""

    _said: dict[str, Text] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self._said

    def note(self, name: str, **values: object) -> None:
        """This is wrong now."""
        self._said[name] = phrase(name, **values)

    def clear(self, name: str) -> None:
        """This is no longer wrong."""
        self._said.pop(name, None)

    def said(self, set_aside: Mapping[str, int]) -> Text | None:
        """All of it as one text, what is set aside last; None: nothing is wrong."""
        rest = [phrase(f"set_aside_{reason}", count=count) for reason, count in sorted(set_aside.items())]
        texts = [*self._said.values(), *rest]
        return Text("；".join(one.zh for one in texts), "; ".join(one.en for one in texts)) if texts else None
