"""A draft held against ``check``: the whole configuration with it laid over, every fault at its place on the page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from gateway.drafts.outline import corner_at
from gateway.drafts.texts import key_at, laid
from gateway.errors import OurFault
from gateway.settings.load import examine_sources
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.drafts.draft import Draft
    from gateway.drafts.texts import Laid
    from gateway.settings.faults import Fault
    from gateway.settings.model import Configuration

SHAPE: Final = "shape"
"""Where a fault of the outline stands that is no corner's."""


class Said(NamedTuple):
    """A fault or a warning in words.

    Attributes:
        at: a corner's number from 0, ``zones.name`` or the like, or ``shape``; empty: it stands elsewhere.
        message: in the language that was asked for.
        where: ``file:line:column``.
    """

    at: str
    message: str
    where: str


class Checked(NamedTuple):
    """What was found. ``configuration``: with the draft in it; None: there are faults."""

    configuration: Configuration | None
    faults: list[Said]
    warnings: list[Said]
    laid: Laid


def checked(texts: Mapping[str, str], running: Configuration, draft: Draft, language: str) -> Checked:
    """A draft laid over a configuration.

    Args:
        texts: of the configuration, deeds of the desk included.
        running: what they say.
        draft: which has to be drawn (:attr:`Draft.is_drawn`).
        language: ``zh`` or ``en``, of the messages.

    Raises:
        UserFault: as :func:`gateway.drafts.texts.laid`.
        OurFault: more than the draft says would change.
    """
    over = laid(texts, draft)
    found = examine_sources({**texts, **over.changed}, language)
    if found.configuration is not None and not _is_alone(running, found.configuration, draft):
        raise OurFault(DRAFTS["draft_by_hand"].filled(zone=draft.zone))
    faults = [_said(one, draft, over) for one in found.faults]
    warnings = [_said(one, draft, over) for one in found.warnings if one.file in {over.outline, over.entries} - {""}]
    return Checked(found.configuration, faults, warnings, over)


def _is_alone(running: Configuration, wanted: Configuration, draft: Draft) -> bool:
    """Whether nothing else is otherwise: no other zone, no other rule, and of this zone how it is drawn alone."""
    zones = {name: one for name, one in wanted.zones.items() if name != draft.zone}
    before = {name: one for name, one in running.zones.items() if name != draft.zone}
    rules = tuple(one for one in wanted.rules if draft.binding is None or one.id != draft.binding.id)
    stands = running.zones.get(draft.zone)
    return (
        zones == before and rules == running.rules
        and (stands is None or replace(wanted.zones[draft.zone], places=stands.places) == stands)
    )  # fmt: skip


def _said(fault: Fault, draft: Draft, over: Laid) -> Said:
    where = f"{fault.file}:{fault.line}:{fault.column}"
    if fault.file == over.outline:
        corner = corner_at(draft, fault.line)
        return Said(SHAPE if corner is None else str(corner), fault.message, where)
    if fault.file == over.entries:
        return Said(key_at(over.changed[fault.file], fault.line), fault.message, where)
    return Said("", fault.message, where)
