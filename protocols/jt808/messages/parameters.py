"""Parameters (2013, sections 8.8-8.12).

8103: count BYTE, {id DWORD, length BYTE, value}*; 2011: total BYTE, count BYTE, items.
8106: count BYTE, ids DWORD*. 0104: answered serial WORD, then as 8103.
8105: command BYTE, parameters STRING separated by ``;``.
"""

from __future__ import annotations

from construct import GreedyBytes, GreedyRange, Int8ub, Int16ub, Int32ub, Prefixed, PrefixedArray, Struct

PARAMETER = Struct("id" / Int32ub, "value" / Prefixed(Int8ub, GreedyBytes))
PARAMETERS = Struct("count" / Int8ub, "parameters" / GreedyRange(PARAMETER), "rest" / GreedyBytes)
PARAMETERS_2011 = Struct("total" / Int8ub, *PARAMETERS.subcons)
PARAMETER_QUERY = Struct("ids" / PrefixedArray(Int8ub, Int32ub))
PARAMETER_ANSWER = Struct("answered_serial" / Int16ub, *PARAMETERS.subcons)
PARAMETER_ANSWER_2011 = Struct("answered_serial" / Int16ub, *PARAMETERS_2011.subcons)
CONTROL = Struct("command" / Int8ub, "parameters" / GreedyBytes)
