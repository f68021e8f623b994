"""Orders to JT/T 808 terminals: one row each, by the kind of the order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.errors import OrderFault
from protocols.jt808.messages import Edition
from protocols.jt808.orders import control, fences, parameters, position, text
from protocols.jt808.orders.row import Row, Words

if TYPE_CHECKING:
    from protocols.order import Order

__all__ = ["FORMS", "ROWS", "Row", "Words", "words_of"]

ROWS: dict[str, Row] = {**position.ROWS, **parameters.ROWS, **text.ROWS, **control.ROWS, **fences.ROWS}


def _trial(order: Order) -> None:
    """Refuse what no edition that has the order can say.

    Raises:
        OrderFault: in the words of the latest edition.
    """
    fault: OrderFault | None = None
    for edition in (one for one in Edition if one in ROWS[order.kind].editions):
        try:
            words_of(order, edition)
        except OrderFault as refused:
            fault = refused
        else:
            return
    if fault is not None:
        raise fault


FORMS = {kind: replace(row.form, trial=_trial) for kind, row in ROWS.items()}


def words_of(order: Order, edition: Edition) -> tuple[Words, ...]:
    """The messages of an order, in their order, for a terminal of an edition.

    Raises:
        OrderFault: no such order, not of this edition, or an argument that is missing, too much or wrong.
    """
    row = ROWS.get(order.kind)
    if row is None:
        raise OrderFault(f"jt808 has no order {order.kind!r}; it has {', '.join(ROWS)}")
    if edition not in row.editions:
        since = ", ".join(sorted(one.value for one in row.editions))
        raise OrderFault(f"{order.kind} is an order of the editions {since}; the device speaks {edition.value}")
    missing = [name for name in row.form.required if name not in order.values]
    unknown = sorted(set(order.values) - set(row.form.required) - set(row.form.optional))
    if missing:
        raise OrderFault(f"{order.kind} needs {', '.join(missing)}")
    if unknown:
        raise OrderFault(f"{order.kind} has no argument {', '.join(unknown)}")
    if order.shapes and not row.takes_shapes:
        raise OrderFault(f"{order.kind} takes no places")
    return row.encode(order, edition)
