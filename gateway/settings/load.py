"""Reading a county's configuration: every fault found in one go, or one frozen Configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from fencing.datum import Datum
from gateway.settings import (
    alarms,
    appraisal,
    bases,
    canary,
    carriers,
    console,
    forward,
    holds,
    holidays,
    law,
    leaves,
    listeners,
    notices,
    ports,
    protected,
    roll_call,
    rules,
    staff,
    syslog,
    tables,
    tasks,
    upstreams,
    zone_terms,
    zones,
)  # fmt: skip
from gateway.settings.asked import NotedFiles
from gateway.settings.faults import ConfigurationRefused, Fault, Findings, Place
from gateway.settings.files import OVERLAY, DirectoryFiles, KeptFiles
from gateway.settings.model import Configuration, County, Credential, Storage
from gateway.settings.overlay import overlaid
from gateway.settings.profiles import county_families, known_profiles
from gateway.settings.sections import Sections, read_credentials, read_sections
from gateway.settings.sources import Sources, digest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from shapely import Geometry

    from gateway.settings.files import Files
    from gateway.settings.readings import Readings
    from protocols.session import Family

    Look = Callable[[Sections, Configuration, Findings], None]

__all__ = [
    "ConfigurationRefused",
    "Fault",
    "FilesRead",
    "Inspection",
    "examine",
    "examine_sources",
    "inspect",
    "load",
    "load_sources",
]

_UNKNOWN_ZONE = "UTC"
"""Stands in where the county's time zone is refused, so that everything else is still checked."""


class Inspection(NamedTuple):
    """What was found: the configuration where there are no faults; both lists sorted by place."""

    configuration: Configuration | None
    faults: list[Fault]
    warnings: list[Fault]


def load(path: Path) -> Configuration:
    """The configuration in a directory (its ``gateway.yaml``), or of the main file itself.

    Raises:
        ConfigurationRefused: with every fault, in the county's language.
    """
    return _demanded(DirectoryFiles(path))


def load_sources(sources: Mapping[str, str], language: str | None = None) -> Configuration:
    """The configuration again from its ``sources``, as the journal kept them.

    Credentials are empty; relative directories and files stay as written.

    Raises:
        ConfigurationRefused: the texts are not those of a sound configuration; in ``language``, or the county's.
    """
    return _demanded(KeptFiles(sources), language)


def inspect(
    path: Path, language: str | None = None, *, secrets: bool = True, deeds: bool = True
) -> tuple[Configuration | None, list[Fault]]:
    """The configuration, or None and all its faults, sorted by place.

    Args:
        path: the directory, or the main file under any name.
        language: ``zh`` or ``en`` for the faults; None: the county's.
        secrets: False: credentials are not read, stay empty and are not asked for.
        deeds: False: the files alone, without what was done at the desk.
    """
    return _read(DirectoryFiles(path, secrets=secrets, deeds=deeds), language)[:2]


def examine(path: Path, language: str | None = None, look: Look | None = None) -> Inspection:
    """The same with its warnings, which keep nothing from being used; ``look`` adds some where there is no fault."""
    return _read(DirectoryFiles(path), language, look)


def examine_sources(texts: Mapping[str, str], language: str | None = None) -> Inspection:
    """The same of texts as the journal keeps them: as :func:`load_sources`, with every fault and warning."""
    return _read(KeptFiles(texts), language)


def read_noting(
    path: Path, language: str | None = None, *, deeds: str | None = None, readings: Readings | None = None
) -> tuple[Configuration, NotedFiles, dict[str, str]]:
    """The configuration as :func:`inspect` gives it, the files with what they were asked, and names of credentials.

    Args:
        path: the directory, or the main file under any name.
        language: ``zh`` or ``en`` for the faults; None: the county's.
        deeds: the text of what was done at the desk; None: as the storage directory has it.
        readings: what was read of such files before, and where what is read now is kept.

    Raises:
        ConfigurationRefused: with every fault.
    """
    files, findings = NotedFiles(path, deeds=deeds), Findings()
    sources = Sources(files, readings=readings)
    sections = read_sections(sources, findings)
    configuration = _granted(_composed(sections, sources, findings, language))
    if readings is not None:
        readings.keep(sections.listed(), configuration.zones, sources)
    named = [("listeners", entry.value.name, entry.value.credential) for entry in sections.listeners]
    named += [("carriers", entry.value.name, entry.value.credential) for entry in sections.carriers]
    named += [("upstreams", entry.value.name, entry.value.credential) for entry in sections.upstreams]
    names = {f"{part}/{name}": entry for part, name, entry in named if entry is not None}
    if sections.notices is not None and sections.notices.value.credential is not None:
        names["notices"] = sections.notices.value.credential
    return configuration, files, names


def known_credentials(files: Files) -> dict[str, Credential]:
    """The entries of the credentials by name; those of a file that is in order."""
    entries = read_credentials(Sources(files), Findings()) or {}
    return {name: ports.credential_of(entry) for name, entry in entries.items()}


def families_of(sources: Mapping[str, str]) -> Mapping[str, Family]:
    """The wire formats with a county's own profiles in them, of texts that are in order."""
    return county_families(Sources(KeptFiles(sources)), Findings())


class FilesRead:
    """The files of a county as the journal keeps them, read once: deeds are laid over them without reading them anew.

    ``texts``: theirs, by name, without the deeds.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self._sources, self._findings = Sources(KeptFiles(texts)), Findings()
        self._sections = read_sections(self._sources, self._findings)

    def with_deeds(self, deeds: str, language: str | None = None) -> Configuration:
        """As :func:`load_sources` of the texts with these deeds.

        Raises:
            ConfigurationRefused: as there.
        """
        files = KeptFiles({**self.texts, OVERLAY: deeds} if deeds else self.texts)
        sources = Sources(files, dict(self._sources.texts))
        return _granted(_composed(self._sections, sources, self._findings.copy(), language))


def _demanded(files: Files, language: str | None = None) -> Configuration:
    return _granted(_read(files, language))


def _granted(inspection: Inspection) -> Configuration:
    if inspection.configuration is None:
        raise ConfigurationRefused(inspection.faults)
    return inspection.configuration


def _read(files: Files, language: str | None, look: Look | None = None) -> Inspection:
    sources, findings = Sources(files), Findings()
    return _composed(read_sections(sources, findings), sources, findings, language, look)


def _composed(
    sections: Sections, sources: Sources, findings: Findings, language: str | None, look: Look | None = None
) -> Inspection:
    sections = _with_deeds(sections, sources, findings)
    configuration = _checked(sections, sources, findings)
    if look is not None and not findings:
        look(sections, configuration, findings)
    spoken = language or sections.language
    faults, warnings = findings.faults(spoken), findings.warnings(spoken)
    return Inspection(None if faults else configuration, faults, warnings)


def _with_deeds(sections: Sections, sources: Sources, findings: Findings) -> Sections:
    """What was done at the desk stands above the files, as one more text."""
    if sections.storage is None:
        return sections
    try:
        text = sources.files.deeds(sections.storage.value.directory)
    except PermissionError:
        findings.warn(sections.storage.place("directory"), "deeds_unread")
        return sections
    except (OSError, UnicodeDecodeError) as fault:
        findings.add(Place(OVERLAY), "deeds_damaged", cause=fault)
        return sections
    if text:
        sources.texts[OVERLAY] = text
    return overlaid(sections, text, _time_zone(sections), findings)


def _checked(sections: Sections, sources: Sources, findings: Findings) -> Configuration:
    """Each section against the others. The result is good only where nothing was found."""
    zone, known = _time_zone(sections), sections.known
    families = county_families(sources, findings)
    profiles = known_profiles(families, sources.files)
    bounds = zones.county_bounds(sections.county, sources, findings) if sections.county else None
    people = tables.people(sections.people, bounds, zone, findings)
    for entries in (sections.zones, sections.rules):
        tables.note_duplicates(((entry.value.id, entry.place("id")) for entry in entries), findings)
    carriers.check_ports(sections.listeners, findings)
    devices = tables.devices(sections.devices, profiles, findings)
    devices = carriers.phones(devices, sections.devices, sections.carriers, findings)
    areas = zones.zone_definitions(sections.zones, bounds, sources, findings)
    areas = zone_terms.in_force(sections.zones, areas, people, known, zone, findings)
    tables.note_worn(sections.devices, sections.assignments, findings)
    restrictions = rules.rules(sections.rules, people, known, zone, findings)
    zone_terms.check_rules(sections.rules, restrictions, areas, zone, findings)
    zone_terms.check_leave(sections.leave, areas, zone, findings)
    bases.check_bases(sections.rules, restrictions, people, areas, known, findings)
    bases.note_office_rules(sections.rules, restrictions, findings)
    worn = tables.assignments(sections.assignments, devices, known, zone, findings)
    protected.check(sections.protected, people, worn, known, zone, findings)
    return Configuration(
        county=_county(sections, bounds),
        listeners=listeners.listeners(sections, profiles, sources.files, findings),
        commands=ports.commands(sections.commands, findings),
        storage=ports.storage(sections.storage, sources.files, findings) if sections.storage else Storage("", 0),
        staff=staff.staff(sections.staff, findings),
        roll_call=roll_call.roll_calls(sections.roll_call),
        canary=canary.canary(sections.canary, worn, known, findings),
        control=staff.control(sections.control, sources.files, findings),
        console=console.console(sections.console, _maps(sections), sources.files, sections.credentials, findings),
        upstreams=upstreams.upstreams(sections.upstreams, sections.credentials, sources.files, findings),
        people=people | protected.people(sections.protected),
        devices=devices,
        assignments=(*worn, *protected.assignments(sections.protected, zone)),
        authorities=(
            *law.authorities(sections.authorities, people, known, zone, findings),
            *protected.consents(sections.protected, devices, zone),
        ),
        zones=areas,
        rules=restrictions,
        leave=leaves.leave(sections.leave, restrictions, known, zone, findings),
        appointments=leaves.appointments(sections.appointments, known, zone, findings),
        appraisal=appraisal.appraisal(sections.appraisal, findings),
        holds=holds.holds(sections.holds, known, zone, findings),
        removals=leaves.removals(sections.removal, known, zone, findings),
        alarms=alarms.alarm_policies(sections.alarms, known, findings),
        duty=alarms.duty(sections.duty, sections.staff, findings),
        tasks=tasks.tasks(sections.tasks, findings),
        calendar=holidays.work_calendar(sections.published, sections.holidays, findings),
        notices=notices.notices(sections.notices, sections.upstreams, sections.credentials, findings),
        syslog=syslog.syslog(sections.syslog, sources.files, findings, are_there=sections.credentials is not None),
        forward=forward.forward(sections.forward, sections.credentials, sources.files, findings),
        carriers=carriers.carriers(sections.carriers, sections.credentials, sources.files, findings),
        sources=dict(sorted(sources.texts.items())),
        digest=digest(sources.texts),
        families=families,
    )


def _time_zone(sections: Sections) -> ZoneInfo:
    if sections.county is None:
        return ZoneInfo(_UNKNOWN_ZONE)
    return ZoneInfo(sections.county.value.timezone)


def _maps(sections: Sections) -> Datum:
    """Datum of the county's maps."""
    return Datum.GCJ02 if sections.county is None else Datum(sections.county.value.maps)


def _county(sections: Sections, bounds: Geometry | None) -> County:
    """A county without a sound entry or bounds stands at 0, 0: its faults keep it from ever being used."""
    centre = (float(bounds.centroid.y), float(bounds.centroid.x)) if bounds is not None else (0.0, 0.0)
    if sections.county is None:
        return County("", _UNKNOWN_ZONE, sections.language, bounds, centre)
    value = sections.county.value
    return County(value.code, value.timezone, value.language, bounds, centre, Datum(value.maps))
