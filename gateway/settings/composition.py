"""YAML texts as node trees: syntax faults named, nesting capped, aliases refused before they could be expanded."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from gateway.settings.faults import Place
from gateway.settings.values import to_ascii

if TYPE_CHECKING:
    from ruamel.yaml.nodes import Node

    from gateway.settings.faults import Findings

MOST_DEPTH = 32
"""Lists and mappings inside one another; a configuration needs six."""
_CODE_ONLY = re.compile(r""""[^"]*"|'[^']*'|#.*$""")
_ODD_SPACE = re.compile(r"(?:^|[:,\[{]|^ *-) *([\u00a0\u2000-\u200a\u202f\u205f\u3000])")
"""Instead of an indentation, or before a value."""
_WORD = re.compile(r"[^\s,\[\]{}]*[\uff01-\uff5e“”‘’【】、][^\s,\[\]{}]*")


class _Refused(MarkedYAMLError):
    """Good YAML that is not taken; ``problem`` is a key of the message table."""


class _CappedComposer(Composer):
    """Stops at the first alias, and where nesting goes deeper than any configuration."""

    def __init__(self, loader: Any = None) -> None:  # noqa: ANN401 - as in the class it overrides
        super().__init__(loader)
        self.warn_double_anchors = False  # an anchor is no fault as long as nothing refers to it

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as in the class it overrides
        event = self.parser.peek_event()
        if isinstance(event, AliasEvent):
            raise _Refused(problem="yaml_alias", problem_mark=event.start_mark)
        if self.depth >= MOST_DEPTH:
            raise _Refused(problem="yaml_depth", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def compose(file: str, text: str, findings: Findings) -> tuple[Node | None, bool]:
    """The root node of one YAML 1.2 text (None: it is empty), and whether the text could be read.

    A text that could not leaves exactly one fault in ``findings``.
    """
    if _note_odd_space(file, text, findings):
        return None, False
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _CappedComposer
    try:
        return yaml.compose(text), True
    except _Refused as refused:
        mark = refused.problem_mark
        findings.add(Place(file, mark.line + 1, mark.column + 1), str(refused.problem), most=MOST_DEPTH)
    except MarkedYAMLError as fault:
        _note_syntax(file, text, fault, findings)
    except YAMLError as fault:
        findings.add(Place(file), "yaml_syntax", cause=str(fault).splitlines()[0])
    return None, False


def _note_odd_space(file: str, text: str, findings: Findings) -> bool:
    """Whether a space that YAML does not take for one stands where one has to; the first is noted."""
    for number, line in enumerate(text.splitlines(), 1):
        code = _CODE_ONLY.sub(lambda found: " " * len(found[0]), line)
        found = _ODD_SPACE.search(code)
        if found is not None:
            findings.add(Place(file, number, found.start(1) + 1), "yaml_space", value=f"U+{ord(found[1]):04X}")
            return True
    return False


def _note_syntax(file: str, text: str, fault: MarkedYAMLError, findings: Findings) -> None:
    """Full-width punctuation beside the broken line is the likelier cause, so it is named instead."""
    mark = fault.problem_mark or fault.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.splitlines()
    for number in range(max(line - 1, 0), min(line + 1, len(lines))):
        code = _CODE_ONLY.sub(lambda found: " " * len(found[0]), lines[number])
        for found in _WORD.finditer(code):
            findings.add(
                Place(file, number + 1, found.start() + 1), "full_width", value=found[0], ascii=_spaced(found[0])
            )
            return
    if line < len(lines) and "\t" in lines[line][: column + 1]:
        findings.add(Place(file, line + 1, column + 1), "yaml_tab")
        return
    findings.add(Place(file, line + 1, column + 1), "yaml_syntax", cause=fault.problem or fault.context or "")


def _spaced(text: str) -> str:
    """ASCII for a full-width word of YAML: a colon that separates takes a space after it."""
    return re.sub(r":(?=[^\s\d])", ": ", to_ascii(text).replace("：", ":"))
