"""Phones by carrier signal: OMA MLP and the Chinese "Le" dialect of it, XML over HTTP.

We ask, the carrier answers. A newcomer reads ``request`` (what is asked, in which ``dialect``), then the way of an
answer: ``encoding`` (bytes to text), ``tree`` (text to elements, capped), ``answer`` (which positions it holds),
``position`` (one ``pos``: ``moment``, ``coordinates``, ``shapes``, ``results``), ``session`` and ``family``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.mlp.family import FAMILY

__all__ = ["FAMILY"]


def __getattr__(name: str) -> object:
    """The family, loaded when it is asked for: whoever only writes a subscriber number needs no map projections."""
    if name != "FAMILY":
        raise AttributeError(f"the family's face has no {name!r}")
    return import_module(f"{__name__}.family").FAMILY
