"""Text and questions (2013, sections 8.24, 8.27, 8.28), and a maker's answers in text.

8300: flags BYTE, 2019: type BYTE (1 notice, 2 service), text STRING (GBK).
8302: flags BYTE, question length BYTE, question, {answer id BYTE, length WORD, answer}*.
0302: answered serial WORD, answer id BYTE.
6006 (maker): encoding BYTE (0 GBK, 1 UTF-16), text. 0900/8900: type BYTE, data; 2011: type BYTE, total DWORD, data with
length WORD.
"""

from __future__ import annotations

from construct import GreedyBytes, GreedyRange, Int8ub, Int16ub, Int32ub, Prefixed, Struct

TEXT = Struct("flags" / Int8ub, "text" / GreedyBytes)
TEXT_2019 = Struct("flags" / Int8ub, "type" / Int8ub, "text" / GreedyBytes)
QUESTION = Struct(
    "flags" / Int8ub,
    "question" / Prefixed(Int8ub, GreedyBytes),
    "answers" / GreedyRange(Struct("id" / Int8ub, "text" / Prefixed(Int16ub, GreedyBytes))),
    "rest" / GreedyBytes,
)
QUESTION_ANSWER = Struct("answered_serial" / Int16ub, "answer" / Int8ub)
MAKER_TEXT = Struct("encoding" / Int8ub, "text" / GreedyBytes)
PASS_THROUGH = Struct("type" / Int8ub, "data" / GreedyBytes)
PASS_THROUGH_2011 = Struct("type" / Int8ub, "total" / Int32ub, "data" / Prefixed(Int16ub, GreedyBytes))
