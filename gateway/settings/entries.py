"""Data of a document against a raw model: good entries go on, every fault of the others is found with its place."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from gateway.settings.advice import Refused, ascii_key, ascii_value, example_of
from gateway.settings.profile_messages import PROFILE_MESSAGES
from gateway.settings.values import full_width, to_ascii

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from gateway.settings.documents import Document, Path
    from gateway.settings.faults import Findings, Place

Model = TypeVar("Model", bound=BaseModel)

_KEYS = {
    "model_type": "mapping_expected", "model_attributes_type": "mapping_expected", "dict_type": "mapping_expected",
    "list_type": "list_expected", "tuple_type": "list_expected", "string_type": "text_expected",
    "int_type": "number_expected", "int_parsing": "number_expected", "int_from_float": "number_expected",
    "float_type": "number_expected", "float_parsing": "number_expected", "finite_number": "number_expected",
    "bool_type": "boolean_expected", "bool_parsing": "boolean_expected", "literal_error": "choice", "enum": "choice",
    "greater_than": "number_above", "greater_than_equal": "number_least", "less_than_equal": "number_most",
    "too_short": "items_few", "too_long": "items_many", "frozen_set_type": "list_expected",
    "union_tag_invalid": "kind_unknown", "union_tag_not_found": "kind_missing",
}  # fmt: skip
_OWN_ADVICE = ("unquoted_number", "boolean_expected")
_BOUNDS = ("gt", "ge", "le", "min_length", "max_length")


@dataclass(frozen=True, slots=True)
class Entry(Generic[Model]):
    """One well-formed entry, and where it was written. ``origin``: the one that it was before a deed changed it."""

    document: Document
    path: Path
    value: Model
    origin: Entry[Model] | None = None

    def place(self, *path: str | int) -> Place:
        """Where the value at ``path`` below this entry stands, or the entry itself."""
        return self.document.place((*self.path, *path))


def read_entry(document: Document, path: Path, model: type[Model], findings: Findings) -> Entry[Model] | None:
    """The entry at ``path``, or None with its faults noted."""
    try:
        value = model.model_validate(document.at(path), strict=False if document.table else None)
    except ValidationError as refused:
        for error in refused.errors(include_url=False):
            _note(document, path, model, error, findings)
        return None
    return Entry(document, path, value)


def read_once(document: Document, key: str, model: type[Model], findings: Findings) -> Entry[Model] | None:
    """The section of a file that it has to have, or None with its faults noted."""
    if (key,) in document.values:
        return read_entry(document, (key,), model, findings)
    findings.add(document.place(()), "missing", key=key)
    return None


def read_list(document: Document, path: Path, model: type[Model], findings: Findings) -> list[Entry[Model]]:
    """The well-formed entries of the list at ``path`` (none when it is absent); the faults of the others are noted."""
    if document.kept is not None:
        return document.kept.listed(document, path)
    items = document.at(path)
    if items is None:
        return []
    if not isinstance(items, list):
        findings.add(document.place(path), "list_expected", value=document.shown(path))
        return []
    entries = (read_entry(document, (*path, index), model, findings) for index in range(len(items)))
    return [entry for entry in entries if entry is not None]


def check_keys(document: Document, model: type[BaseModel], findings: Findings) -> bool:
    """Whether the document is a mapping; keys that ``model`` does not know are noted."""
    if not isinstance(document.data, dict):
        _note_value(document, (), "mapping_expected", {}, findings)
        return False
    allowed = _written_keys(model)
    for key in document.data:
        if key not in allowed:
            note_unknown(document.keys[(key,)], key, allowed, findings)
    return True


def note_unknown(place: Place, key: str, allowed: list[str], findings: Findings) -> None:
    """Note an unknown key with the nearest known one, or with all of them."""
    guesses = difflib.get_close_matches(to_ascii(key), allowed, 1, 0.6)
    if full_width(key):
        findings.add(place, "full_width", value=key, ascii=ascii_key(key))
    elif guesses:
        findings.add(place, "did_you_mean", key=key, guess=guesses[0])
    else:
        findings.add(place, "unknown_key", key=key, allowed=", ".join(allowed))


def _note(document: Document, base: Path, model: type[BaseModel], error: ErrorDetails, findings: Findings) -> None:
    path = _written(document, base, error["loc"])
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        _note_missing(document, path, findings)
    elif kind == "extra_forbidden":
        place = document.keys.get(path, document.place(path))
        key = "***" if document.secret else str(path[-1])  # a secret may stand where a name should
        note_unknown(place, key, _written_keys(_model_at(model, error["loc"][:-1])), findings)
    else:
        key = error["msg"] if kind == "settings" else kind if kind in PROFILE_MESSAGES else _KEYS.get(kind, "invalid")
        if context.get("value"):
            path = document.leaf(path, str(context["value"]))
        example = example_of(_model_at(model, error["loc"][:-1]), error["loc"][-1]) if error["loc"] else ""
        plain = ascii_value(document, path, Refused(base, model, error["loc"]))
        _note_value(document, path, key, {"example": example, "ascii": plain, **context}, findings)


def _written(document: Document, base: Path, location: tuple[str | int, ...]) -> Path:
    """Where a fault stands in the document: a validator puts the kind of an item, or ``[key]``, between its steps."""
    path, kind = base, None
    for step in location:
        if step in (kind, "[key]"):
            kind = None
            continue
        path = (*path, step)
        data = document.at(path)
        kind = data.get("kind") if isinstance(data, dict) else None
    return path


def _note_missing(document: Document, path: Path, findings: Findings) -> None:
    key = "datum_missing" if path[-1] == "datum" else "missing_cell" if document.table else "missing"
    findings.add(document.place(path[:-1]), key, key=path[-1])


def _note_value(document: Document, path: Path, key: str, context: dict[str, Any], findings: Findings) -> None:
    """Note what is wrong with a value; full-width characters are named first where nothing else is."""
    shown = document.shown(path)
    if document.at(path) is None:
        key = "empty"
    elif context.get("ascii") and key not in _OWN_ADVICE:
        key = "full_width"
    allowed = ", ".join(re.findall("'([^']*)'", context.get("expected", context.get("expected_tags", ""))))
    values = {"allowed": allowed, "bound": _bound(context), **context}
    findings.add(document.place(path), key, **(values | {"value": shown}))


def _bound(context: dict[str, Any]) -> str:
    return next((f"{context[name]:g}" for name in _BOUNDS if name in context), "")


def _written_keys(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items()]


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    """The raw model that describes what stands at ``path`` below ``model``."""
    for step in path:
        for name, info in model.model_fields.items():
            if step == (info.alias or name):
                model = next(_models_in(info.annotation), model)
    return model


def _models_in(annotation: object) -> Any:  # noqa: ANN401 - an iterator of model classes found by looking
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, list, dict, Annotated):
        for part in get_args(annotation):
            yield from _models_in(part)
