"""What a draft makes of the county's texts: the outline as a GeoJSON file, the zone and the rule as entries.

A zone that is in force keeps its entry and all that is said in it besides how it is drawn; a new one, and each new
rule, stands in a file of its own.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from ruamel.yaml import YAML

from gateway.drafts.draft import BE_THERE, HOME, check_bounds
from gateway.drafts.outline import check_system, text_of
from gateway.errors import UserFault
from gateway.kinds import LEVELS
from gateway.settings.drawings import WAYS
from gateway.settings.faults import Findings
from gateway.settings.files import MAIN, KeptFiles
from gateway.settings.sections import read_sections
from gateway.settings.sources import Sources
from gateway.settings.yaml_edit import EntryEdit, edited_yaml, with_item, without_keys
from gateway.words.draft_phrases import DRAFTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gateway.drafts.draft import Binding, Draft
    from gateway.settings.entries import Entry
    from gateway.settings.raw import ZoneEntry

SETS: Final = ("daily", "workdays", "weekend")
"""Names for several weekdays."""
FOLDER: Final = "rules"
"""Of new files, where the county includes none by a pattern."""
_PATTERN: Final = re.compile(r"[^*?\[\]]*\*\.ya?ml")
DRAWN: Final = frozenset(WAYS) | {key for more in WAYS.values() for key in more}
"""Keys by which a zone is drawn."""


class Laid(NamedTuple):
    """Texts that a draft changes or adds, by name; ``outline``: that of the GeoJSON, ``entries``: of a new file.

    Empty: there is none.
    """

    changed: dict[str, str]
    outline: str
    entries: str


def laid(texts: Mapping[str, str], draft: Draft) -> Laid:
    """The texts of a county that a draft changes.

    Args:
        texts: of the configuration that it is laid over.
        draft: as it was drawn.

    Raises:
        UserFault: it is too large, its zone cannot be named so, its file says another system of coordinates, or it is
            of HOME and has no rule.
    """
    check_bounds(draft)
    if draft.form == HOME:
        return _of_home(texts, draft)
    check_system(draft.text)
    outline, entries = f"zones/drawn-{draft.zone}.geojson", ""
    changed, standing = {outline: text_of(draft)}, standing_of(texts, draft.zone)
    if standing is not None:
        name = standing.document.file
        changed[name] = _redrawn(texts[name], int(standing.path[-1]), outline, draft.datum)
    if standing is None or draft.binding is not None:
        entries, main = _place_for(texts, draft)
        changed[entries] = "\n".join(_entries(draft, outline, is_new=standing is None)) + "\n"
        changed |= main
    return Laid(changed, outline, entries)


def _of_home(texts: Mapping[str, str], draft: Draft) -> Laid:
    """A rule alone: home is where the registers say."""
    if draft.binding is None:
        raise UserFault(DRAFTS["draft_unfinished"])
    entries, main = _place_for(texts, draft)
    rule = _listed("rules", _rule(draft.binding, HOME))
    return Laid({entries: "\n".join(rule) + "\n", **main}, "", entries)


def standing_of(texts: Mapping[str, str], zone: str) -> Entry[ZoneEntry] | None:
    """The entry of a zone; None: there is no such zone."""
    zones = read_sections(Sources(KeptFiles(texts)), Findings()).zones
    return next((one for one in zones if one.value.id == zone), None)


def files_of(texts: Mapping[str, str]) -> dict[str, str]:
    """By zone, the file in which it is drawn."""
    zones = read_sections(Sources(KeptFiles(texts)), Findings()).zones
    return {one.value.id: one.value.file or one.document.file for one in zones}


def base_of(texts: Mapping[str, str], zone: str) -> str:
    """Digest of all that is said of a zone, its outline's file included; empty: there is no such zone."""
    standing = standing_of(texts, zone)
    if standing is None:
        return ""
    said = [standing.value.model_dump_json(), texts.get(standing.value.file or "", "")]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _redrawn(text: str, at: int, outline: str, datum: str) -> str:
    """An entry that is drawn by the file now."""
    text = edited_yaml(text, [EntryEdit("zones", at, {"file": outline, "datum": datum})])
    return without_keys(text, "zones", at, DRAWN - {"file"})


def _place_for(texts: Mapping[str, str], draft: Draft) -> tuple[str, dict[str, str]]:
    """Name of a new file that the county includes, and the main file where that has to say so."""
    included = YAML(typ="safe", pure=True).load(texts[MAIN]).get("include") or []
    stem = f"drawn-{draft.zone}-{draft.id}"
    pattern = next((str(one) for one in included if _PATTERN.fullmatch(str(one))), None)
    if pattern is not None:
        return pattern.replace("*", stem), {}
    name = f"{FOLDER}/{stem}.yaml"
    return name, {MAIN: with_item(texts[MAIN], "include", name)}


def _entries(draft: Draft, outline: str, *, is_new: bool) -> Iterator[str]:
    if is_new:
        yield from _listed("zones", {
            "id": draft.zone, "name": _quoted(draft.name), "datum": draft.datum, "file": outline,
        })  # fmt: skip
    if draft.binding is not None:
        yield from _listed("rules", _rule(draft.binding, draft.zone))


def _rule(binding: Binding, zone: str) -> dict[str, str]:
    written = {
        "id": _quoted(binding.id), "people": _people(binding.people), "basis": _quoted(binding.basis),
        "basis_kind": _quoted(binding.basis_kind), **_asked(binding, zone),
        "from": _day(binding.start), "until": _day(binding.until),
    }  # fmt: skip
    given = {"basis_kind": binding.basis_kind, "from": binding.start, "until": binding.until}
    return {key: value for key, value in written.items() if given.get(key, value)}


def _asked(binding: Binding, zone: str) -> dict[str, str]:
    """What the rule asks, on a line of its own."""
    if binding.does != BE_THERE:
        return {binding.does: zone}
    grace = f"{binding.grace}min" if binding.grace.isdecimal() else binding.grace
    hours = {
        "from": _quoted(binding.begins), "until": _quoted(binding.ends), "days": _weekdays(binding.days),
        "grace": _quoted(grace),
    }  # fmt: skip
    said = {"from": binding.begins, "until": binding.ends, "days": binding.days, "grace": binding.grace}
    parts = [f"zone: {zone}", *(f"{key}: {value}" for key, value in hours.items() if said[key])]
    return {"curfew": f"{{{', '.join(parts)}}}"}


def _weekdays(typed: str) -> str:
    words = typed.split()
    return _quoted(words[0]) if len(words) == 1 and words[0] in SETS else f"[{', '.join(map(_quoted, words))}]"


def _listed(section: str, values: Mapping[str, str]) -> Iterator[str]:
    """One entry, a key a line, so that a fault's line tells which."""
    yield f"{section}:"
    for at, (key, value) in enumerate(values.items()):
        yield f"  {' ' if at else '-'} {key}: {value}"


def key_at(text: str, line: int) -> str:
    """``zones.name`` or the like: the section and the key that stand on a line (from 1) of a file made here."""
    lines = text.splitlines()[:line]
    section = next((one.rstrip(":") for one in reversed(lines) if not one.startswith(" ")), "")
    return f"{section}.{lines[-1].lstrip(' -').partition(':')[0]}" if lines else ""


def _people(typed: str) -> str:
    words = typed.split()
    if words == ["all"]:
        return "all"
    if len(words) == 1 and words[0] in LEVELS:
        return f"{{level: {words[0]}}}"
    return f"[{', '.join(map(_quoted, words))}]"


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError:
        return _quoted(typed)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
