"""A county's own model profiles: ``profiles/<protocol>/<name>.yaml`` beside the main file."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from gateway.settings.documents import read_yaml
from gateway.settings.entries import read_entry
from gateway.settings.faults import ConfigurationRefused, Findings, Place
from gateway.settings.files import NamedFile
from gateway.settings.sources import Sources
from protocols.errors import ProfileFault
from protocols.on_demand import OnDemand
from protocols.registry import FAMILIES, families
from protocols.session import Profiled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pydantic import BaseModel

    from gateway.settings.entries import Entry
    from gateway.settings.files import Files
    from protocols.session import Family

FOLDER = "profiles"


def county_families(sources: Sources, findings: Findings) -> Mapping[str, Family]:
    """The wire formats with the county's profiles; what is wrong with one is noted and that one left out."""
    for name in sources.files.matching(f"{FOLDER}/*.yaml"):
        findings.add(Place(sources.shown(name)), "profile_folder", allowed=_protocols())
    entries: dict[str, list[Entry[BaseModel]]] = {}
    for name in sources.files.matching(f"{FOLDER}/*/*.yaml"):
        protocol = PurePosixPath(name).parts[1]
        family = FAMILIES.get(protocol)
        if not isinstance(family, Profiled):
            findings.add(Place(sources.shown(name)), "profile_folder", allowed=_protocols())
            continue
        entry = _entry(name, family, sources, findings)
        if entry is not None:
            entries.setdefault(protocol, []).append(entry)
    return families({protocol: _standing(FAMILIES[protocol], own, findings) for protocol, own in entries.items()})


def known_profiles(wires: Mapping[str, Family], files: Files) -> Mapping[str, Sequence[str]]:
    """Profiles by protocol, the default first. A faulty file's counts as known: one fault does not drag in others."""
    return OnDemand(
        wires,
        lambda name: tuple(dict.fromkeys((*wires[name].profiles, *_stems(files.matching(f"{FOLDER}/{name}/*.yaml"))))),
    )


def _stems(names: Sequence[str]) -> list[str]:
    return [PurePosixPath(name).stem for name in names]


def family_with(family: Family, path: Path) -> tuple[Family, str]:
    """A family with the one profile of a file in it, and the profile's name.

    Raises:
        ConfigurationRefused: with every fault of the file, in English.
    """
    findings, sources = Findings(), Sources(NamedFile(path))
    entry = _entry(path.name, family, sources, findings) if isinstance(family, Profiled) else None
    own = _standing(family, [entry], findings) if entry is not None else []
    if not isinstance(family, Profiled):
        findings.add(Place(str(path)), "profile_folder", allowed=_protocols())
    if findings or not own or not isinstance(family, Profiled):
        raise ConfigurationRefused(findings.faults("en"))
    return family.with_profiles(own), str(getattr(own[0], "name", ""))


def _protocols() -> str:
    return ", ".join(name for name, family in FAMILIES.items() if isinstance(family, Profiled))


def _entry(name: str, family: Profiled, sources: Sources, findings: Findings) -> Entry[BaseModel] | None:
    """One file, checked by itself. Its profile is called like the file, so that it is found by its name."""
    place = Place(sources.shown(name))
    text = sources.text(name, place, findings)
    if text is None:
        return None
    document = read_yaml(place.file, text, findings)
    if document.broken:
        return None
    entry = read_entry(document, (), family.profile_schema, findings)
    stem = PurePosixPath(name).stem
    if entry is not None and getattr(entry.value, "name", "") != stem:
        findings.add(entry.place("name"), "profile_name", value=document.shown(("name",)), name=stem)
        return None
    return entry


def _standing(family: Family, entries: Sequence[Entry[BaseModel]], findings: Findings) -> list[BaseModel]:
    """The profiles that can stand beside the family's own and each other."""
    good: list[BaseModel] = []
    for entry in entries:
        try:
            families({family.name: [*good, entry.value]})
        except ProfileFault as fault:
            findings.add(entry.place(fault.field), "profile_unfit", detail=fault.detail)
        else:
            good.append(entry.value)
    return good
