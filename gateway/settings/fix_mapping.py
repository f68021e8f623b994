"""How another system writes its positions, where it does so otherwise than we: a small YAML file of a county's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from gateway.settings.documents import read_yaml
from gateway.settings.entries import read_entry
from gateway.settings.faults import ConfigurationRefused, Findings, Place
from gateway.settings.files import NamedFile
from gateway.settings.sources import Sources
from gateway.settings.values import DatumWord, Text

if TYPE_CHECKING:
    from pathlib import Path

SourceWord = Literal["gnss", "wifi", "cell", "beacon", "phone"]


class ColumnNames(BaseModel):
    """What the first line of a file calls our columns; what is left out is called as with us."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    device: Text | None = None
    person: Text | None = None
    time: Text | None = None
    received_at: Text | None = None
    source: Text | None = None
    latitude: Text | None = None
    longitude: Text | None = None
    datum: Text | None = None
    accuracy_m: Text | None = None
    speed_kmh: Text | None = None
    course_deg: Text | None = None
    satellites: Text | None = None
    cells: Text | None = None
    wifi: Text | None = None

    def named(self) -> dict[str, str]:
        """Theirs by ours."""
        return self.model_dump(exclude_none=True)


class FixMapping(BaseModel):
    """What a file's columns are called, and what stands in them."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    columns: ColumnNames = ColumnNames()
    time_zone: Text | None = Field(default=None, description="Of times that say none.", examples=["Asia/Shanghai"])
    time_format: Text | None = Field(
        default=None, description="epoch, epoch_ms, or as strptime has it; ISO 8601 if left out.",
        examples=["%d.%m.%Y %H:%M:%S"],
    )  # fmt: skip
    datum: DatumWord = Field(default="wgs84", description="Of positions whose line names none.")
    source: SourceWord = Field(default="gnss", description="Of lines that name none.")
    sources: dict[Text, SourceWord] = Field(default={}, description="What they call a source, and ours.")


def read_mapping(path: Path, language: str) -> FixMapping:
    """Read such a file.

    Raises:
        ConfigurationRefused: with every fault in it, in ``language``.
    """
    findings, sources = Findings(), Sources(NamedFile(path))
    place = Place(sources.shown(path.name))
    text = sources.text(path.name, place, findings)
    document = None if text is None else read_yaml(place.file, text, findings)
    entry = None if document is None or document.broken else read_entry(document, (), FixMapping, findings)
    if findings or entry is None:
        raise ConfigurationRefused(findings.faults(language))
    return entry.value
