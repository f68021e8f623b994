"""Ids that other entries may refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.documents import Document, Path
    from gateway.settings.faults import Findings, Place


@dataclass(frozen=True, slots=True)
class Known:
    """Declared ids, by the fault that a reference to any other one is.

    Ids of entries that have faults of their own count as declared, and where a table could not be read (None) every
    id does, so that one fault does not drag in others.
    """

    ids: Mapping[str, frozenset[str] | None]

    def check(self, fault: str, value: str, place: Place, findings: Findings) -> bool:
        """Whether ``value`` is declared; noted under ``fault`` where it is not."""
        declared = self.ids[fault]
        if declared is None or value in declared:
            return True
        findings.add(place, fault, value=value, allowed=", ".join(sorted(declared)))
        return False


def declared(document: Document, path: Path, key: str) -> frozenset[str] | None:
    """Ids under ``key`` in the list at ``path``, well-formed or not; None where there is no list."""
    items = document.at(path)
    if not isinstance(items, list) or document.broken:
        return None
    return frozenset(str(item[key]) for item in items if isinstance(item, dict) and key in item)
