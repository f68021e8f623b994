"""One ``pos``: whose, when, where and how sure, or why not. The smallest thing that the journal holds of an answer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.errors import PeerFault
from protocols.mlp.identity import msisdn
from protocols.mlp.moment import read_moment
from protocols.mlp.reading import DATUMS
from protocols.mlp.results import ABSENT, OK
from protocols.mlp.shapes import find_shape, read_area, sigma_m
from protocols.report import Flag, Source
from protocols.rows import Cell, Row, is_cell
from protocols.text import decimal, whole

if TYPE_CHECKING:
    from protocols.mlp.reading import Reading
    from protocols.mlp.tree import Node

_MPS = 3.6
_MOST_SPEED = 1200.0
_MOST_RESULT = 9999
_FULL_TURN = 360.0


@dataclass(frozen=True, slots=True)
class Position:
    """One ``pos``, read.

    Attributes:
        identity: the subscriber's number, normalised.
        result: 0 where there is a place, else the ``resid``.
        row: the report, its frame index 0.
        usual_offset: ``utc_off`` is the one that the country's clocks show.
    """

    identity: str
    result: int
    row: Row
    usual_offset: bool


def read_position(node: Node, reading: Reading) -> Position:
    """Read a ``pos`` or ``trl_pos``.

    Raises:
        PeerFault: ``mlp_msid``, ``mlp_no_place``, ``mlp_time``, ``mlp_shape``, ``mlp_coordinates``, ``mlp_result``.
    """
    identity = msisdn(node.word("msid"))
    if not identity:
        raise PeerFault("mlp_msid", "a position without a subscriber's number, or with an encrypted one")
    place, fault = node.child("pd"), node.child("poserr")
    if place is not None:
        return _located(identity, place, reading)
    if fault is not None:
        return _not_located(identity, fault)
    raise PeerFault("mlp_no_place", "a position with neither a place nor a reason why there is none")


def result_in(node: Node) -> int:
    """The code in the ``result`` of a ``poserr`` or of a whole answer.

    Raises:
        PeerFault: ``mlp_result``.
    """
    result = node.child("result")
    code = None if result is None else whole(result.attributes.get("resid", ""))
    if code is None or not 0 <= code <= _MOST_RESULT:
        raise PeerFault("mlp_result", "a result without a code")
    return code


def _located(identity: str, pd: Node, reading: Reading) -> Position:
    moment = read_moment(pd.child("time"))
    if math.isnan(moment.time):
        raise PeerFault("mlp_time", "a place without a time: nobody knows how old it is")
    shape = find_shape(pd)
    if shape is None:
        raise PeerFault("mlp_shape", "a place without a shape")
    area = read_area(shape, reading)
    row = Row(
        frame=0, time=moment.time, located=True, latitude=area.place.latitude, longitude=area.place.longitude,
        datum=DATUMS[reading.datum], altitude_m=decimal(pd.word("alt")), speed_kmh=_speed(pd), course_deg=_course(pd),
        accuracy_m=sigma_m(area, decimal(pd.word("lev_conf")), reading), source=Source.PHONE, cells=_cells(pd),
    )  # fmt: skip
    return Position(identity, OK, row, moment.usual)


def _not_located(identity: str, poserr: Node) -> Position:
    code, moment = result_in(poserr), read_moment(poserr.child("time"))
    flags = Flag.ABSENT if code == ABSENT else Flag(0)
    if code == OK:
        raise PeerFault("mlp_result", "an error whose code says that all is well")
    return Position(identity, code, Row(frame=0, time=moment.time, source=Source.PHONE, flags=flags), moment.usual)


def _speed(pd: Node) -> float:
    speed = decimal(pd.word("speed")) * _MPS
    return speed if 0.0 <= speed <= _MOST_SPEED else math.nan


def _course(pd: Node) -> float:
    course = decimal(pd.word("direction"))
    return course % _FULL_TURN if 0.0 <= course <= _FULL_TURN else math.nan


def _cells(pd: Node) -> tuple[Cell, ...]:
    """The serving cell, where the answer names it: ``cgi``, or ``eci`` with ``tac``."""
    holder = pd.find("cgi") or pd.find("lte_net_param") or pd
    mcc, mnc = _number(holder, pd, "mcc"), _number(holder, pd, "mnc")
    area = _number(holder, pd, "lac") or _number(holder, pd, "tac")
    cell = _number(holder, pd, "cellid") or _number(holder, pd, "eci")
    if mcc is None or mnc is None or area is None or cell is None or not is_cell(mcc, mnc, area, cell):
        return ()
    return (Cell(mcc, mnc, area, cell),)


def _number(holder: Node, pd: Node, name: str) -> int | None:
    found = holder.find(name) or pd.find(name)
    return None if found is None else whole(found.text)
