"""Another system's alarms, out of the CSV that it exports, and which of our kinds its own stand for.

Columns, by their first line, in English or as :data:`NAMES` has them: ``device`` or ``person`` (or both), ``kind``,
``from``, and ``until`` where it names ends; others are passed over. Times are ISO 8601 (``2026/11/2 22:05`` too) with
their offset, unless a zone is given for those without. A device is our key or its identity on the wire. UTF-8 or
GB18030.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.kinds import KINDS, TRIALS
from gateway.replay.their_tables import Unusable, Wearers, moment_in, rows_of, text_of
from gateway.words.kind_names import KIND_NAMES
from gateway.words.shadow_words import FAULTS, FILES, LANGUAGES, line_of
from gateway.words.shadows import Refused, Theirs
from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo
    from pathlib import Path

    from gateway.settings.model import Configuration

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "device": ("device", "设备", "设备编号", "设备号"),
    "person": ("person", "人员", "人员编号"),
    "kind": ("kind", "种类", "类型", "报警类型", "告警类型"),
    "from": ("from", "开始", "开始时间", "报警时间", "告警时间"),
    "until": ("until", "结束", "结束时间", "解除时间"),
}
"""What a column may be called."""
PASSED: Final = "-"
"""In a mapping: alarms of this kind are not to be compared."""


@dataclass(frozen=True, slots=True)
class TheirFile:
    """What a file says: the alarms, those of kinds not to be compared too (no kinds), and what cannot be used."""

    alarms: list[Theirs] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_kinds(path: Path) -> dict[str, tuple[str, ...]]:
    """Read a mapping, lines of their kind and ours; several of one kind: it may be any of them, the first likeliest.

    A first line ``theirs,ours`` is passed over; none of ours (empty): :data:`PASSED`.

    Raises:
        UserFault: ``file:line: what is wrong``.
    """
    found: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if not line.strip() or (number == 1 and cells == ["theirs", "ours"]):
            continue
        if len(cells) != 2 or not cells[0] or (cells[1] != PASSED and cells[1] not in OURS):  # noqa: PLR2004  theirs, ours
            raise UserFault(FILES["shadow_mapping"].filled(path=path, line=number, allowed=", ".join(OURS)))
        found[cells[0]] = (*found.get(cells[0], ()), *((cells[1],) if cells[1] != PASSED else ()))
    return found


OURS: Final = tuple(kind for kind in KINDS if kind not in TRIALS)
"""What may be compared."""


def own_names() -> dict[str, tuple[str, ...]]:
    """Our kinds by their own names, in Chinese and English, too: a system that calls them so needs no mapping."""
    named: dict[str, tuple[str, ...]] = {
        name: (kind,) for kind in OURS for name in (KIND_NAMES[kind].zh, KIND_NAMES[kind].en)
    }
    return named | {kind: (kind,) for kind in OURS}


def read_theirs(
    path: Path, configuration: Configuration, kinds: Mapping[str, tuple[str, ...]], zone: tzinfo | None
) -> TheirFile:
    """Read an export.

    Args:
        path: the CSV.
        configuration: whose people and devices are known, and who wore what when.
        kinds: ours by what they call them; none of ours: not to be compared.
        zone: of times without an offset; None: those are faults.

    Raises:
        UserFault: it cannot be read, its first line lacks a column, or no line can be used.
    """
    numbered = rows_of(text_of(path))
    _, names = next(numbered, (1, []))
    lines, found = _Lines(configuration, kinds, zone, _columns(path, names or []), len(names or [])), TheirFile()
    for number, cells in numbered:
        try:
            found.alarms.append(lines.read(number, cells))
        except Unusable as fault:
            text = FAULTS[fault.reason].filled(**fault.values)
            found.refused.append(Refused(number, fault.reason, text))
    if found.refused and not found.alarms:
        first, count = line_of(path, found.refused[0]), len(found.refused)
        told = [
            FILES["shadow_empty"].of(each).format(path=path, count=count, first=first.of(each)) for each in LANGUAGES
        ]
        raise UserFault(Text(*told))
    return found


def _columns(path: Path, names: list[str]) -> dict[str, int]:
    """Where each of NAMES stands.

    Raises:
        UserFault: one that is needed does not.
    """
    names = [name.lower() for name in names]
    found = {key: names.index(name) for key, each in NAMES.items() for name in reversed(each) if name in names}
    missing = [key for key in ("kind", "from") if key not in found]
    missing += [] if {"device", "person"} & found.keys() else ["device"]
    if missing:
        raise UserFault(FILES["shadow_header"].filled(path=path, missing=", ".join(missing)))
    return found


class _Lines:
    """Reads lines of one file."""

    def __init__(
        self, configuration: Configuration, kinds: Mapping[str, tuple[str, ...]], zone: tzinfo | None,
        columns: Mapping[str, int], most: int,
    ) -> None:  # fmt: skip
        self.kinds, self.zone, self.columns, self.most = kinds, zone, columns, most
        self.wearers = Wearers(configuration)

    def read(self, number: int, cells: list[str] | None) -> Theirs:
        """One line.

        Raises:
            Unusable: it cannot be used.
        """
        if cells is None:
            raise Unusable("quote")
        if len(cells) > self.most:
            raise Unusable("columns", count=len(cells), most=self.most)
        row = {name: cells[at] if at < len(cells) else "" for name, at in self.columns.items()}
        said = row["kind"]
        if said not in self.kinds:
            raise Unusable("kind", value=said)
        since, until = (
            moment_in(row["from"], self.zone),
            moment_in(row["until"], self.zone) if row.get("until") else None,
        )
        if until is not None and until < since:
            raise Unusable("order")
        person, device = self.wearers.whose(row.get("person", ""), row.get("device", ""), since)
        return Theirs(number, person, device, said, self.kinds[said], since, until)
