"""Ids as officers type them: any beginning that only one thing has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.errors import UserFault
from gateway.words.listing import width_of
from gateway.words.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Iterable

_CANDIDATES = 5
"""Named at most where a beginning is not enough."""


def identified(written: str, known: Iterable[str], what: str) -> str:
    """The one id of ``known`` that begins as ``written``; ``what`` is ``alarm`` or ``order``.

    Raises:
        UserFault: none does, or several do.
    """
    found = sorted(identity for identity in known if written and identity.startswith(written.lower()))
    if not found:
        raise UserFault(phrase(f"{what}_unknown", value=written))
    if len(found) > 1 and written.lower() not in found:
        candidates = ", ".join(identity[: width_of(found)] for identity in found[:_CANDIDATES])
        raise UserFault(phrase(f"{what}_ambiguous", value=written, candidates=candidates))
    return found[0]
