"""A scenario file into a :class:`Scenario`; each fault as ``file:line:column: what is wrong, and what to write``."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from firmware_sim.scenario.model import Scenario

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

SHIPPED = Path(__file__).resolve().parents[1] / "scenarios"
"""The scenarios that come with the simulator."""


class ScenarioFault(ValueError):
    """A scenario file that cannot be used; the text has a line a fault."""


def find(name: str) -> Path:
    """A path, or a shipped scenario by its name.

    Raises:
        ScenarioFault: there is neither.
    """
    for path in (Path(name), SHIPPED / name, SHIPPED / f"{name}.yaml", SHIPPED / Path(name).name):
        if path.is_file():
            return path
    raise ScenarioFault(f"{name}: no such file, and no shipped scenario; there are {', '.join(names())}")


def names() -> list[str]:
    """The shipped scenarios."""
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def read(path: Path, **changes: object) -> Scenario:
    """The scenario of a file; ``changes`` (seed, days, devices) stand above it where they are not None.

    Raises:
        ScenarioFault: what is wrong, where, and what to write instead.
    """
    try:
        data = YAML(typ="rt").load(path.read_text("utf-8"))
    except MarkedYAMLError as fault:
        mark = fault.problem_mark
        place = f":{mark.line + 1}:{mark.column + 1}" if mark else ""
        raise ScenarioFault(f"{path}{place}: not YAML: {fault.problem}") from fault
    except (OSError, UnicodeDecodeError, YAMLError) as fault:
        raise ScenarioFault(f"{path}:1:1: cannot be read: {fault}") from fault
    if not isinstance(data, dict):
        raise ScenarioFault(f"{path}:1:1: a scenario is a table; begin with 'why: one sentence'")
    try:
        return Scenario.model_validate({**data, **{key: value for key, value in changes.items() if value is not None}})
    except ValidationError as fault:
        raise ScenarioFault("\n".join(_lines(path, data, fault.errors()))) from fault


def _lines(path: Path, data: Any, errors: Iterable[ErrorDetails]) -> Iterable[str]:  # noqa: ANN401  a YAML tree
    for error in errors:
        where = [part for part in error["loc"] if part != "[key]"]
        line, column = _place(data, where)
        yield f"{path}:{line}:{column}: {'.'.join(map(str, where)) or 'scenario'}: {_said(error)}"


def _place(data: Any, where: list[int | str]) -> tuple[int, int]:  # noqa: ANN401  a YAML tree
    """Line and column, from 1, of a key or of the table it is missing in."""
    line, column = 1, 1
    for part in where:
        marks = getattr(data, "lc", None)
        try:
            at = marks.item(part) if isinstance(part, int) else marks.key(part)  # type: ignore[union-attr]
            data = data[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line, column = at[0] + 1, at[1] + 1
    return line, column


def _said(error: ErrorDetails) -> str:
    """What is wrong and what to write."""
    if error["type"] == "extra_forbidden":
        name = str(error["loc"][-1])
        close = difflib.get_close_matches(name, _keys(error["loc"][:-1]), 1)
        return f"not known here{f'; do you mean {close[0]}?' if close else ': leave it out'}"
    if error["type"] == "missing":
        return "is missing; write it"
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return f"{error['msg']} (here: {error['input']!r})"


def _keys(where: tuple[int | str, ...]) -> list[str]:
    """The keys of the table at a place of a scenario."""
    schema = table = Scenario.model_json_schema()
    for part in where:
        within = table["items"] if isinstance(part, int) else table["properties"][part]
        choices = [within, *within.get("anyOf", ())]
        reference = next((choice["$ref"] for choice in choices if "$ref" in choice), "")
        table = schema["$defs"][reference.rpartition("/")[2]] if reference else within
    return list(table["properties"])
