"""Previews of drawn zones in sentences, for the desk and the command line alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gateway.words.change_texts import OUTCOMES
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo


def said_of(language: str, key: str, **values: object) -> str:
    """A text of :data:`DRAFTS`, filled."""
    return DRAFTS[key].of(language).format_map(values)


def closed_as(closed: Mapping[str, int], language: str) -> str:
    """How officers had closed them, the most first; empty: nobody had."""
    parts = [
        said_of(language, "draft_closed_as", count=count, outcome=OUTCOMES[outcome].of(language))
        for outcome, count in sorted(closed.items(), key=lambda one: (-one[1], one[0]))
    ]
    joint = "，" if language == "zh" else ", "
    return said_of(language, "draft_closed", parts=joint.join(parts)) if parts else ""


def span_of(since: float, until: float, zone: ZoneInfo) -> tuple[str, str, int]:
    """First and last local day, and how many days those are."""
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (since, until))
    return first.isoformat(), last.isoformat(), (last - first).days + 1
