"""Drafts in sentences, for the desk and the command line alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from gateway.words.change_texts import OUTCOMES
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from gateway.drafts.measures import Edge
    from gateway.drafts.preview import Preview
    from gateway.drafts.shelf import Kept


def said(language: str, key: str, /, **values: object) -> str:
    """A text of :data:`DRAFTS`, filled."""
    return DRAFTS[key].of(language).format_map(values)


def stands(kept: Kept, language: str) -> str:
    """How a draft stands."""
    proposal = kept.proposal
    if proposal is None:
        return said(language, "draft_open")
    if proposal.confirmed_by:
        second = proposal.confirmed_by
        return said(language, "draft_waits_for_files", by=proposal.by, second=second, id=kept.draft.id)
    return said(language, "draft_proposed", by=proposal.by)


def preview_said(preview: Preview, zone: ZoneInfo, language: str) -> Iterator[str]:
    """What a draft would have said of the past, a sentence each."""
    if not preview.is_judged:
        yield said(language, "draft_no_history")
        return
    first, last = (datetime.fromtimestamp(at, zone).date() for at in (preview.since, preview.until))
    yield said(
        language, "draft_would", days=(last - first).days + 1, since=first, until=last, count=preview.comes.alarms,
        closed=closed_as(preview.comes.closed, language), fresh=preview.fresh,
    )  # fmt: skip
    if preview.lost.alarms:
        closed = closed_as(preview.lost.closed, language)
        yield said(language, "draft_lost", count=preview.lost.alarms, closed=closed)
    if preview.others:
        yield said(language, "draft_others", count=preview.others)


def edges_said(edges: Sequence[Edge], language: str) -> Iterator[str]:
    """Whose home lies how far from the edge, the nearest first."""
    for one in edges:
        where = said(language, "draft_inside" if one.inside else "draft_outside")
        yield said(language, "draft_edge", person=one.person, metres=round(one.metres), where=where)


def closed_as(closed: Mapping[str, int], language: str) -> str:
    """How officers had closed them, the most first; empty: nobody had."""
    parts = [
        said(language, "draft_closed_as", count=count, outcome=OUTCOMES[outcome].of(language))
        for outcome, count in sorted(closed.items(), key=lambda one: (-one[1], one[0]))
    ]
    joint = "，" if language == "zh" else ", "
    return said(language, "draft_closed", parts=joint.join(parts)) if parts else ""
