"""What tables that another system exports have in common: their text, rows, times, and whose each line is.

UTF-8 or GB18030. Times are ISO 8601 (``2026/11/2 22:05`` too) with their offset, unless a zone is given for those
without. A device is our key or its identity on the wire; a person our id.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, Final

from gateway.errors import UserFault
from gateway.settings.files import decoded
from gateway.words.shadow_words import FILES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo
    from pathlib import Path

    from gateway.settings.model import Assignment, Configuration

_MOMENT: Final = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[T ]+(\d{1,2})(:\d{2}.*)")


class Unusable(Exception):
    """Why a line is not counted: a key of FAULTS, and what its text names."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def text_of(path: Path) -> str:
    """A file's text.

    Raises:
        UserFault: it cannot be read, or is neither UTF-8 nor GB18030.
    """
    try:
        octets = path.read_bytes()
    except OSError as fault:
        raise UserFault(FILES["shadow_unreadable"].filled(path=path, cause=fault.strerror)) from fault
    try:
        return decoded(octets)
    except UnicodeDecodeError:
        line = octets.count(b"\n", 0, max(_broken(octets, "utf-8"), _broken(octets, "gb18030"))) + 1
        raise UserFault(FILES["shadow_encoding"].filled(path=path, line=line)) from None


def _broken(octets: bytes, encoding: str) -> int:
    """Up to where text can be read as one encoding."""
    try:
        return len(octets.decode(encoding))
    except UnicodeDecodeError as fault:
        return fault.start


def rows_of(text: str) -> Iterator[tuple[int, list[str] | None]]:
    """Rows that have anything in them, each with its first line; None: its cells cannot be told apart."""
    reader, number = csv.reader(io.StringIO(text), strict=True), 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            yield number, None
        else:
            if cells is None:
                return
            if any(map(str.strip, cells)):
                yield number, [cell.strip() for cell in cells]
        number = reader.line_num + 1


def moment_in(text: str, zone: tzinfo | None) -> float:
    """UTC epoch seconds of a time as it is written; ``zone``: of one that does not say its own.

    Raises:
        Unusable: it is no time, or nobody says of which zone.
    """
    value = text
    if (parts := _MOMENT.fullmatch(text)) is not None:
        year, month, day, hour, rest = parts.groups()
        value = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}{rest}"
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Unusable("time", value=text) from None
    if moment.tzinfo is None:
        if zone is None:
            raise Unusable("zone", value=text)
        moment = moment.replace(tzinfo=zone)
    return moment.timestamp()


class Wearers:
    """Who wore what when, as a configuration has it; asked line by line."""

    def __init__(self, configuration: Configuration) -> None:
        self.known = configuration
        devices = configuration.devices.values()
        told = Counter(one.identity for one in devices)
        self._devices = {one.identity: one.device for one in devices if told[one.identity] == 1}
        self._devices |= {one.device: one.device for one in devices}
        self._worn: defaultdict[str, list[Assignment]] = defaultdict(list)
        for one in configuration.assignments:
            for key in {one.device, one.person}:
                self._worn[key].append(one)

    def whose(self, person: str, device: str, time: float) -> tuple[str, str]:
        """Person and device, by our keys; the person by who wore the device where none is written.

        Raises:
            Unusable: neither is written, one is not known, or the one did not wear the other.
        """
        if not person and not device:
            raise Unusable("who")
        if person and person not in self.known.people:
            raise Unusable("person", value=person)
        key = self._devices.get(device) or self._devices.get(device.lstrip("0"), "")
        if device and not key:
            raise Unusable("device", value=device)
        worn = sorted(
            (one.device, one.person) for one in self._worn[key or person]
            if one.start <= time < one.until and key in {"", one.device} and person in {"", one.person}
        )  # fmt: skip
        if person and key and not worn:
            raise Unusable("apart", device=device, person=person)
        found = worn[0] if worn else (key, person)
        return person or found[1], key or found[0]
