"""How a carrier wants to be asked: versions, encoding and quality wished, one row a dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect.

    Attributes:
        encoding: declared and used.
        version: of header, service and frame.
        has_age: whether ``max_loc_age`` is understood.
        answer: ``resp_req``: how long the server may take.
        kind: ``loc_type``: whether an old place will do; its age is in the answer.
        priority: ``prio``.
    """

    encoding: str
    version: str
    has_age: bool
    answer: str = "LOW_DELAY"
    kind: str = "CURRENT_OR_LAST"
    priority: str = "NORMAL"


DIALECTS: Mapping[str, Dialect] = {
    "mlp": Dialect("UTF-8", "3.2.0", has_age=True),
    "le": Dialect("GB2312", "2.0.0", has_age=False, priority="HIGH"),
}
"""OMA MLP 3.2, and the Chinese template over LIF TS 101 2.0.0."""
