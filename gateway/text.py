"""A message in the two languages that people here read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message in both languages."""

    zh: str
    en: str

    def of(self, language: str) -> str:
        """The message in ``zh`` or ``en``."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """The same with its places filled."""
        return Text(self.zh.format_map(values), self.en.format_map(values))

    def __str__(self) -> str:
        return self.en


def text_of(fault: BaseException) -> Text:
    """What a fault says: in both languages where it carries both, else its words as they are."""
    said = fault.args[0] if fault.args else ""
    return said if isinstance(said, Text) else Text(str(fault), str(fault))
