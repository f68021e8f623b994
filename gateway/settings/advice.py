"""What to write instead of full-width characters, and numbers as examples: advice that would be taken itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gateway.settings.values import full_width, to_ascii

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gateway.settings.documents import Document, Path

_EXAMPLE = 150


def ascii_key(written: str) -> str:
    """A full-width name in ASCII; the colon that separates it from its value takes a space."""
    return re.sub(r":\s*", ": ", to_ascii(written), count=1).rstrip()


class Refused(NamedTuple):
    """An entry with a fault: where it stands, its model, and the fault's place as the model's validation says it."""

    base: Path
    model: type[BaseModel]
    location: tuple[str | int, ...]


def ascii_value(document: Document, path: Path, refused: Refused) -> str:
    """The full-width value at ``path`` in ASCII, if that mends the fault; else empty."""
    shown = document.shown(path)
    if not full_width(shown):
        return ""
    plain, data, within = to_ascii(shown), document.at(refused.base), path[len(refused.base) :]
    mended = (_sound(refused, _with(data, within, value), lax=document.table) for value in _read(plain))
    return plain if any(mended) else ""


def _read(plain: str) -> Iterator[list[object]]:
    """What a text is in quotes, and what without them: in brackets its commas part several items."""
    yield [plain]
    try:
        yield YAML(typ="safe", pure=True).load(f"[{plain}]")
    except YAMLError:
        return


def _with(data: object, path: Path, values: list[object]) -> object:
    """The data with other values at ``path``; several take the place of an item only."""
    if not path:
        return values[0] if len(values) == 1 else values
    step, rest = path[0], path[1:]
    if isinstance(data, dict):
        return {key: _with(each, rest, values) if key == step else each for key, each in data.items()}
    if not isinstance(data, list) or not isinstance(step, int):
        return data
    return [*data[:step], *([_with(data[step], rest, values)] if rest else values), *data[step + 1 :]]


def _sound(refused: Refused, data: object, *, lax: bool) -> bool:
    try:
        refused.model.model_validate(data, strict=False if lax else None)
    except ValidationError as left:
        return all(error["loc"] != refused.location for error in left.errors(include_url=False))
    return True


def example_of(model: type[BaseModel], name: str | int) -> Any:  # noqa: ANN401  whatever the key takes
    """A number that the key takes: the example of its description, its default, or one that most take."""
    info = next((each for key, each in model.model_fields.items() if name in (key, each.alias)), None)
    if info is None:
        return _EXAMPLE
    default = info.default if isinstance(info.default, int | float) and info.default else _EXAMPLE
    return next((examples[0] for examples in _examples(info)), default)


def _examples(info: object) -> Iterator[list[Any]]:
    if isinstance(info, FieldInfo):
        if info.examples:
            yield info.examples
        yield from _examples(info.annotation)
    for part in get_args(info):
        yield from _examples(part)
