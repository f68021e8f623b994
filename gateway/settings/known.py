"""Ids that other entries may refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.settings.model import AuthorityKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.settings.documents import Document, Path
    from gateway.settings.faults import Findings, Place


@dataclass(frozen=True, slots=True)
class Known:
    """Declared ids, by the fault that a reference to any other one is.

    Ids of entries that have faults of their own count as declared, and where a table could not be read (None) every
    id does, so that one fault does not drag in others.
    """

    ids: Mapping[str, frozenset[str] | None]

    def has(self, fault: str, value: str) -> bool:
        """Whether ``value`` is declared, or counts as that."""
        declared = self.ids[fault]
        return declared is None or value in declared

    def check(self, fault: str, value: str, place: Place, findings: Findings) -> bool:
        """Whether ``value`` is declared; noted under ``fault`` where it is not."""
        declared = self.ids[fault]
        if declared is None or value in declared:
            return True
        findings.add(place, fault, value=value, allowed=", ".join(sorted(declared)))
        return False


def declared(document: Document, path: Path, key: str) -> frozenset[str] | None:
    """Ids under ``key`` in the list at ``path``, well-formed or not; None where there is no list."""
    if document.kept is not None:
        return document.kept.declared(path, key)
    if not isinstance(document.at(path), list) or document.broken:
        return None
    return frozenset(str(item[key]) for item in _mappings(document, path) if key in item)


def with_bracelet(documents: Sequence[Document], people: frozenset[str] | None) -> frozenset[str] | None:
    """People with an authority for a bracelet, well-formed or not; None where it cannot be told whose one is."""
    named = frozenset(
        person for each in documents for person, kind in _authorities(each) if kind != AuthorityKind.PHONE_CHECK
    )
    sound = people is not None and named <= people and not any(each.broken for each in documents)
    return named if sound else None


def _authorities(document: Document) -> list[tuple[str, object]]:
    """Person and kind of each authority."""
    if document.kept is not None:
        return [(each.person, each.kind) for each in document.kept.entries.get("authorities", ())]
    return [(str(each.get("person")), each.get("kind")) for each in _mappings(document, ("authorities",))]


def _mappings(document: Document, path: Path) -> list[dict[str, object]]:
    items = document.at(path)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
