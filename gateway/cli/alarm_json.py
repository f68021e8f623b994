"""Alarms as JSON, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from gateway.clock import iso
from gateway.upstream.cloudevents import acts_of, facts_of, follow_up_of, position_of
from gateway.words.alarm_list import place_of, state_of
from gateway.words.alarm_text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gateway.engine import Episode
    from gateway.settings.model import County


def json_lines(episodes: Sequence[Episode], county: County, registered: str | None = None) -> Iterator[str]:
    """Alarms as JSON, a line each. ``position`` is WGS-84, ``place`` the same on the county's maps.

    ``registered``, where it was looked for: the registered places inside the circle.
    """
    for episode in episodes:
        text = text_of(episode, "", county.timezone, county.maps)
        line = {
            "alarm": episode.id, "kind": episode.kind, "severity": episode.severity, "state": state_of(episode),
            "resolved": episode.resolved, "person": episode.person, "device": episode.device, "zone": episode.zone,
            "rule": episode.rule, "basis": episode.basis, "onset": iso(episode.onset), "ended": iso(episode.ended),
            "decided": iso(episode.decided), "outcome": episode.outcome, "text": {"zh": text.zh, "en": text.en},
            "verified_by": episode.verified_by, "disputed": iso(episode.disputed),
            "owner": episode.owner, "assigned": episode.assigned,
            "acts": acts_of(episode), "follow_up": follow_up_of(episode),
            "notes": [{"at": iso(note.at), "by": note.by, "text": note.text} for note in episode.notes],
            "position": position_of(episode), "place": place_of(episode, county.maps), "facts": facts_of(episode),
        } | ({} if registered is None else {"registered": registered})  # fmt: skip
        yield msgspec.json.encode(line).decode()
