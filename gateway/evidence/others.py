"""What concerns somebody else in one person's evidence: it is found, and not shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from gateway.words.evidence_words import SOMEBODY

if TYPE_CHECKING:
    from gateway.engine import Episode, Policy

_ID = r"(?<![A-Za-z0-9_-]){}(?![A-Za-z0-9_-])"


@dataclass(frozen=True, slots=True)
class Others:
    """All people of a county but one, by their ids."""

    people: tuple[str, ...]

    @classmethod
    def of(cls, policy: Policy, person: str) -> Others:
        """All but this one."""
        return cls(tuple(each for each in policy.configuration.people if each != person))

    def named_in(self, text: str) -> list[str]:
        """Who is named in a text."""
        return [each for each in self.people if each in text and re.search(_ID.format(re.escape(each)), text)]

    def without(self, text: str) -> str:
        """A text in which nobody else is named."""
        for each in self.named_in(text):
            text = re.sub(_ID.format(re.escape(each)), SOMEBODY, text)
        return text

    def masked(self, episode: Episode) -> Episode:
        """An alarm in whose texts nobody else is named."""
        change = msgspec.structs.replace
        return change(
            episode, zone=self.without(episode.zone), zone_name=self.without(episode.zone_name),
            facts={
                name: self.without(said) if isinstance(said, str) else said for name, said in episode.facts.items()
            },
            acts=[change(act, note=self.without(act.note)) for act in episode.acts],
            notes=[change(note, text=self.without(note.text)) for note in episode.notes],
        )  # fmt: skip
