"""``check``: every fault and warning as ``file:line:column: message``; without faults one plain sentence per person."""

from __future__ import annotations

import re
from functools import partial
from io import TextIOWrapper
from typing import TYPE_CHECKING

from gateway.settings.city import examine_city, is_city, sentences_of
from gateway.settings.contacts import PEOPLE, beside, read_contacts
from gateway.settings.due import note_unpublished
from gateway.settings.faults import Fault, Findings
from gateway.settings.files import MAIN, read_capped
from gateway.settings.load import examine
from gateway.settings.messages import say
from gateway.settings.neighbours import note_near_homes
from gateway.settings.offices import note_unknown_offices, read_offices
from gateway.settings.sentences import sentences
from gateway.settings.worker import examine_worker, is_worker
from gateway.settings.worker import sentences_of as worker_sentences

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path
    from typing import TextIO

    from gateway.settings.model import Configuration
    from gateway.settings.sections import Sections

WELL, WRONG = 0, 2
_YAML = (".yaml", ".yml")
_COUNTY = re.compile(rb"^county\s*:", re.MULTILINE)
_DEPTH = 3
"""Folders to go up in search of the main file."""


def run(
    paths: Sequence[Path], language: str | None, stdout: TextIO, *, contacts: bool = False, today: date | None = None
) -> int:
    """Check configurations (directories, or their main files) and report on each.

    Args:
        paths: what to check: a directory, its main file, or any file of it, which stands for the whole.
        language: ``zh`` or ``en``; None: each county's own.
        today: the day for which is said what is due; None: of none.
        contacts: look at names and telephone numbers beside them, too.
        stdout: where faults or sentences go; what its encoding has no character for is written as an escape.

    Returns:
        0 when all are well, 2 when any has a fault.
    """
    if isinstance(stdout, TextIOWrapper):
        stdout.reconfigure(errors="backslashreplace")
    return max((_check(path, language, stdout, contacts=contacts, today=today) for path in paths), default=WELL)


def _check(
    path: Path, language: str | None, stdout: TextIO, *, contacts: bool, today: date | None
) -> int:  # fmt: skip
    if is_city(path):
        return _check_city(path, language, stdout, offices=contacts)
    if is_worker(path):
        return _check_worker(path, language, stdout)
    whole = _whole(path)
    configuration, faults, warnings = examine(whole, language, partial(_look, today, whole if contacts else None))
    others = _contacts(whole, configuration, language) if contacts and configuration else []
    for found in (*faults, *warnings, *others):
        print(found, file=stdout)
    if configuration is None or others:
        return WRONG
    for sentence in sentences(configuration, language or configuration.county.language, today):
        print(sentence, file=stdout)
    return WELL


def _check_city(path: Path, language: str | None, stdout: TextIO, *, offices: bool) -> int:
    """The same of a city's desk; ``offices``: what lies beside it, too."""
    configuration, faults, warnings = examine_city(path, language)
    spoken = language or (configuration.county.language if configuration else "zh")
    others = read_contacts(path.parent, configuration, spoken)[1] if offices and configuration else []
    for found in (*faults, *warnings, *others):
        print(found, file=stdout)
    if configuration is None or others:
        return WRONG
    for sentence in sentences_of(configuration, spoken):
        print(sentence, file=stdout)
    return WELL


def _check_worker(path: Path, language: str | None, stdout: TextIO) -> int:
    """The same of a worker."""
    configuration, faults, warnings = examine_worker(path, language)
    for found in (*faults, *warnings):
        print(found, file=stdout)
    if configuration is None:
        return WRONG
    for sentence in worker_sentences(configuration, language or configuration.language):
        print(sentence, file=stdout)
    return WELL


def _look(
    today: date | None, path: Path | None, sections: Sections, configuration: Configuration, findings: Findings
) -> None:
    """What is worth a note though it is no fault; ``path``: beside what contacts lie that are looked at, too."""
    note_near_homes(sections.rules, configuration, findings)
    if today is not None:
        note_unpublished(today, sections.rules, configuration, findings)
    if path is not None:
        note_unknown_offices(sections.people, read_offices(beside(path, configuration), Findings()), findings)


def _contacts(path: Path, configuration: Configuration, language: str | None) -> list[Fault]:
    """Faults of contacts; that there are none at all is one."""
    directory, spoken = beside(path, configuration), language or configuration.county.language
    faults = read_contacts(directory, configuration, spoken)[1]
    if not configuration.console.contacts_link and not (directory / PEOPLE).exists():
        faults.append(Fault(str(directory / PEOPLE), 1, 1, say(spoken, "contacts_none")))
    return faults


def _whole(path: Path) -> Path:
    """The configuration that a file belongs to: a main file is one itself, others lie in or below its directory."""
    if not path.is_file() or (path.suffix in _YAML and _COUNTY.search(_start(path))):
        return path
    around = (folder for folder in path.absolute().parents[:_DEPTH] if (folder / MAIN).is_file())
    return next(around, path)


def _start(path: Path) -> bytes:
    """What there is to look at; a file that cannot be read is reported when its configuration is."""
    try:
        return read_capped(path)
    except OSError:
        return b""
