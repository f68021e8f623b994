"""A whole answer: which service, which positions, or one result for everything asked (MLP 3.2, 5.2.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.errors import PeerFault
from protocols.mlp.encoding import text_of
from protocols.mlp.position import result_in
from protocols.mlp.results import OK
from protocols.mlp.tree import parse

if TYPE_CHECKING:
    from protocols.mlp.tree import Node

SERVICES = ("slia", "slrep", "slirep", "tlra", "tlrep", "tlrsa", "eme_lia", "emerep")
"""Immediate answer and report, triggered answer, its reports, its stop, emergency."""
_POSITIONS = ("pos", "trl_pos", "eme_pos")
MOST_POSITIONS = 1000
"""Of one answer: four times as many as any carrier takes numbers in a request."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says.

    Attributes:
        service: its element's name, one of ``SERVICES``; ``pos`` for a position by itself, as the journal holds it.
        version: of the service.
        request: ``req_id``: under which reports will come later; empty where there is none.
        result: code for the whole request, 0 where it has none of its own.
        positions: the ``pos`` elements, each to be read by itself.
    """

    service: str
    version: str
    request: str
    result: int
    positions: tuple[Node, ...]


def read_answer(data: bytes) -> Answer:
    """Read an answer, or a position by itself.

    Raises:
        PeerFault: it is neither, or not XML that may be read.
    """
    root = parse(text_of(data))
    if root.name in _POSITIONS:
        return Answer("pos", "", "", OK, (root,))
    found = (node for name in SERVICES if (node := root if root.name == name else root.find(name)) is not None)
    service = next(found, None)
    if service is None:
        return _general(root)
    positions = tuple(node for node in service.children if node.name in _POSITIONS)
    if len(positions) > MOST_POSITIONS:
        raise PeerFault("mlp_too_large", f"an answer has at most {MOST_POSITIONS} positions")
    result = result_in(service) if service.child("result") is not None else OK
    return Answer(service.name, service.attributes.get("ver", "")[:16], _request(service), result, positions)


def _general(root: Node) -> Answer:
    """``gem``: the general error message of a server that has not understood the service."""
    holder = root.find("gem") or (root if root.child("result") is not None else None)
    if holder is None:
        raise PeerFault("mlp_not_an_answer", "XML, but no answer of a location server")
    return Answer("gem", "", "", result_in(holder), ())


def _request(service: Node) -> str:
    return service.word("req_id")[:64]
