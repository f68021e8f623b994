"""A request to an HTTP gateway for short messages, made of a template: pure."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


FIELDS: Final = ("number", "text", "username", "password")
_FIELD: Final = re.compile("|".join(rf"\{{{name}\}}" for name in FIELDS))
_JSON, _FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Template:
    """Of a request: ``url``, ``headers`` and ``body`` have the FIELDS in them.

    Attributes:
        accepts: statuses of an answer that has taken the text; ``accepts_text``: what has to stand in it besides.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    accepts: tuple[int, ...] = (200,)
    accepts_text: str = ""
    username: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be sent; it has a number in it, and a secret perhaps."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def request_of(gateway: Template, number: str, text: str) -> Request:
    """The template filled: in the address as its parts are quoted, in the body as its Content-Type has it."""
    values = dict(zip(FIELDS, (number, text, gateway.username, gateway.password), strict=True))
    kinds = [value for name, value in gateway.headers if name.lower() == "content-type"]
    kind = kinds[0].partition(";")[0].strip().lower() if kinds else ""
    quoted = _QUOTING.get(kind, str)
    return Request(
        gateway.method, _filled(gateway.url, values, lambda value: quote(value, safe="")),
        {name: _filled(value, values, _in_header) for name, value in gateway.headers},
        _filled(gateway.body, values, quoted).encode(),
    )  # fmt: skip


def _filled(template: str, values: Mapping[str, str], quoted: Callable[[str], str]) -> str:
    """Each field once: what stands in a value stays as it is."""
    return _FIELD.sub(lambda found: quoted(values[found[0][1:-1]]), template)


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_form(value: str) -> str:
    return quote_plus(value)


_QUOTING: Final[Mapping[str, Callable[[str], str]]] = {_JSON: _in_json, _FORM: _in_form}
"""By the Content-Type of a body."""


def _in_header(value: str) -> str:
    """No line can end inside a value."""
    return "".join(sign for sign in value if sign.isprintable())
