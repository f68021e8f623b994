"""The registers that deeds change, in a configuration that runs: worked out anew from the same files, nothing else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from gateway.deeds import deeds_of, text_of
from gateway.settings.files import OVERLAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gateway.deeds import Deed
    from gateway.settings.load import FilesRead
    from gateway.settings.model import Configuration

REGISTERS: Final = {
    "devices": "devices", "assignments": "assignments", "authorities": "authorities", "leave": "leave",
    "removals": "removal",
}  # fmt: skip
"""Parts of a configuration that deeds change, and what they are called in the files."""


def deeds_in(configuration: Configuration) -> list[Deed]:
    """What was done at the desk and stands above the files of a configuration."""
    return deeds_of(configuration.sources.get(OVERLAY, ""))


@dataclass(slots=True)
class Composer:
    """Makes configurations of texts that differ in their deeds, most of them: the files are read once."""

    _read: FilesRead | None = None

    def loaded(self, sources: Mapping[str, str], language: str | None = None) -> Configuration:
        """As :func:`gateway.settings.load.load_sources`.

        Raises:
            ConfigurationRefused: as there.
        """
        from gateway.settings.load import FilesRead  # noqa: PLC0415  what is recalled at a start is not read

        texts = {name: text for name, text in sources.items() if name != OVERLAY}
        if self._read is None or self._read.texts != texts:
            self._read = FilesRead(texts)
        return self._read.with_deeds(sources.get(OVERLAY, ""), language)

    def with_deeds(self, running: Configuration, deeds: Sequence[Deed], language: str | None = None) -> Configuration:
        """A configuration that runs, with other deeds above the same files.

        Raises:
            ConfigurationRefused: they cannot be done, or the files contradict them; in ``language``, or the county's.
        """
        return taken_over(running, self.loaded({**running.sources, OVERLAY: text_of(list(deeds))}, language))


def taken_over(running: Configuration, read: Configuration) -> Configuration:
    """A configuration that runs, with the registers and the texts of one that was read; secrets and paths stay."""
    registers = {name: getattr(read, name) for name in REGISTERS}
    return replace(running, **registers, sources=read.sources, digest=read.digest)


def are_equal(one: Configuration, other: Configuration) -> bool:
    """Whether the registers of two configurations say the same."""
    return all(getattr(one, name) == getattr(other, name) for name in REGISTERS)
