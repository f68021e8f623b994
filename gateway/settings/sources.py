"""The texts read so far: what the journal stores once and replay reads again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gateway.settings.faults import Place
from gateway.settings.files import FileRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.settings.faults import Findings
    from gateway.settings.files import Files
    from gateway.settings.readings import Readings

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
"""Control characters, and the marks that hide or turn the text around them; tab and line ends are none."""


@dataclass(slots=True)
class Sources:
    """Reads files once each and keeps their texts; ``texts`` never has credentials.

    ``readings``: what was read of such texts before; None: nothing is at hand, and nothing is to be kept.
    """

    files: Files
    texts: dict[str, str] = field(default_factory=dict)
    readings: Readings | None = None

    def text(self, name: str, cited: Place, findings: Findings, *, secret: bool = False) -> str | None:
        """The text of a file cited at ``cited``, or None with the fault noted. Secret ones are not kept."""
        if name in self.texts:
            return None if _INVISIBLE.search(self.texts[name]) else self.texts[name]
        try:
            text = self.files.text(name)
        except FileNotFoundError:
            findings.add(cited, "file_missing", name=name)
        except FileRefused as refused:
            findings.add(cited, refused.key, **refused.values)
        except OSError as fault:
            findings.add(cited, "file_unreadable", name=name, cause=fault.strerror)
        except UnicodeDecodeError:
            findings.add(Place(self.shown(name)), "file_encoding")
        else:
            if not secret:
                self.texts[name] = text
            return text if self._visible(name, text, findings) else None
        return None

    def at_hand(self, name: str) -> str | None:
        """The text of a file in which nothing need be noted; None: it cannot be had, or there is."""
        if name not in self.texts:
            try:
                text = self.files.text(name)
            except (OSError, UnicodeDecodeError):
                return None
            if _INVISIBLE.search(text):
                return None
            self.texts[name] = text
        return self.texts[name]

    def _visible(self, name: str, text: str, findings: Findings) -> bool:
        """Whether all characters can be seen; the first that cannot is named by its number."""
        found = _INVISIBLE.search(text)
        if found is None:
            return True
        line, start = text.count("\n", 0, found.start()) + 1, text.rfind("\n", 0, found.start())
        place = Place(self.shown(name), line, found.start() - start)
        findings.add(place, "invisible", value=f"U+{ord(found[0]):04X}")
        return False

    def shown(self, name: str) -> str:
        """The name under which faults of a file are reported."""
        return self.files.shown(name)


def digest(texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over the texts with their names, whatever their order."""
    canonical = json.dumps(dict(sorted(texts.items())), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def text_digest(text: str) -> str:
    """SHA-256 (hex) of one text."""
    return hashlib.sha256(text.encode()).hexdigest()
