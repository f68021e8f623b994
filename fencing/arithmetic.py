"""One formula for one wearer in floats and for many in columns, to the same bit.

Only + - * /, comparisons and what stands here may be in such a formula: these are exact in IEEE 754, so that one row
comes out the same either way. Exponentials and logarithms, which are not, are taken in columns beforehand.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What a formula needs beside the operators: on float64 arrays of one shape, or on floats."""

    where: Callable[[Any, Any, Any], Any]
    maximum: Callable[[Any, Any], Any]
    minimum: Callable[[Any, Any], Any]
    sqrt: Callable[[Any], Any]


def _chosen(condition: bool, one: Any, other: Any) -> Any:  # noqa: ANN401, FBT001  as numpy's where
    return one if condition else other


COLUMNS: Final = Arithmetic(np.where, np.maximum, np.minimum, np.sqrt)
FLOATS: Final = Arithmetic(_chosen, max, min, math.sqrt)
