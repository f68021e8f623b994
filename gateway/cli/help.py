"""The command line's help in the reader's language: the one asked for, else the county's, else the terminal's."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from gateway.cli.options import DEFAULT_CONFIG
from gateway.words.help_texts import CHINESE, PANELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAIN: Final = "gateway.yaml"
MOST: Final = 65_536
"""Bytes of a configuration that are looked at for its language."""
_LANGUAGE = re.compile(r"^[ \t]+language:\s*[\"']?(zh|en)\b", re.MULTILINE)
_IN_ONE_LINE = re.compile(r"^county:\s*\{[^}]*\blanguage:\s*[\"']?(zh|en)\b", re.MULTILINE)
_CHINESE = re.compile(r"[\u3000-\u9fff]")


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """``zh`` or ``en``: of ``--lang``, of the county that ``--config`` or its default names, of the terminal."""
    asked = _option(arguments, "--lang")
    if asked in ("zh", "en"):
        return asked
    county = _county(Path(_option(arguments, "--config") or DEFAULT_CONFIG))
    if county:
        return county
    terminal = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    return "zh" if terminal.startswith("zh") else "en"


def _option(arguments: Sequence[str], name: str) -> str:
    for index, word in enumerate(arguments):
        if word == name and index + 1 < len(arguments):
            return arguments[index + 1]
        if word.startswith(f"{name}="):
            return word.removeprefix(f"{name}=")
    return ""


def _county(config: Path) -> str:
    """What a configuration says its language is; empty where none can be read: faults are for the command to tell."""
    try:
        with (config / MAIN if config.is_dir() else config).open("rb") as file:
            text = file.read(MOST).decode("utf-8", "replace")
    except OSError:
        return ""
    found = _IN_ONE_LINE.search(text) or _LANGUAGE.search(text)
    return found[1] if found is not None else ""


def speak(command: Any, language: str) -> None:  # noqa: ANN401  typer's command, whose class it keeps to itself
    """Put the help of a command and of all below it into a language."""
    for each in _all(command):
        each.help = _said(each.help, language)
        own_help = each.get_help_option(each.context_class(each))
        for option in (*each.params, *([own_help] if own_help is not None else [])):
            if hasattr(option, "help"):
                option.help = _said(option.help, language)
                option.rich_help_panel = PANELS[option.param_type_name].of(language)
        each.rich_help_panel = PANELS["command"].of(language)


def _all(command: Any) -> Iterator[Any]:  # noqa: ANN401  as above
    yield command
    for below in getattr(command, "commands", {}).values():
        yield from _all(below)


def _said(text: str | None, language: str) -> str | None:
    """A text of the table, or the half of one that is written in both languages."""
    if not text:
        return text
    found = _CHINESE.search(text)
    if found is not None:
        return text[found.start() :] if language == "zh" else text[: found.start()].strip()
    return CHINESE.get(text, text) if language == "zh" else text
