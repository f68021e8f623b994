"""Each kind of fault on a tiny invented module, and what is left alone."""

from __future__ import annotations

import ast

import pytest

from tools.mutations import mutated, mutations

KINDS = [
    ("x = a < b", "a < b", "a <= b"),
    ("x = a < b", "a < b", "a >= b"),
    ("x = a == b", "a == b", "a != b"),
    ("x = a in b", "a in b", "a not in b"),
    ("x = a and b", "a and b", "a or b"),
    ("x = a and b and c", "a and b and c", "a and c"),
    ("x = not a", "not a", "a"),
    ("x = ~a & b", "~a & b", "~a | b"),
    ("x = ~a & b", "~a", "a"),
    ("x = a + b", "a + b", "a - b"),
    ("x += b", "x += b", "x -= b"),
    ("x += b", "x += b", "pass"),
    ("x = 3", "3", "4"),
    ("x = 3", "3", "2"),
    ("x = 3", "3", "6"),
    ("x = 3", "3", "0"),
    ("x = 128", "128", "256"),
    ("x = True", "True", "False"),
    ("def f(a=True): pass", "True", "False"),
    ("x = min(a, b)", "min", "max"),
    ("x = np.maximum(a, b)", "np.maximum", "np.minimum"),
    ("db.execute('PRAGMA synchronous=FULL')", "'PRAGMA synchronous=FULL'", "'PRAGMA synchronous=OFF'"),
    ("q = 'delivered IS NULL'", "'delivered IS NULL'", "'delivered IS NOT NULL'"),
    ("q = f'{c} AND d IS NULL'", "' AND d IS NULL'", "' OR d IS NULL'"),
    ("def f(): return a", "return a", "return None"),
    ("if a: b()", "a", "True"),
    ("if a: b()", "a", "False"),
    ("if a: b()", "b()", "pass"),
    ("while a: b()", "a", "False"),
    ("x = [a for a in b if c]", "c", "(left out)"),
    ("self.a = b", "self.a = b", "pass"),
    ("if a: raise ValueError(1)", "raise ValueError(1)", "pass"),
    ("for a in b: continue", "continue", "pass"),
]
ALONE = [
    '"""A docstring of 3 words WHERE none IS NULL."""',
    "def f(a: Literal[3]) -> Literal[4]: ...",
    "@dataclass(slots=True)\nclass A: ...",
    "log.warning('a', n=3)",
    "from a import b",
    "x = 'plain words AND more'",
    "a = b",
    "if TYPE_CHECKING:\n    x = 3",
    "assert a < 3",
]
SMALL = '''
def clamp(value, most=5):
    """At most ``most``."""
    if value > most and value is not None:
        return most
    return [one for one in value if one < 3]
'''


@pytest.mark.parametrize(("source", "before", "after"), KINDS)
def test_a_fault_of_each_kind_is_made(source, before, after):
    assert (before, after) in {(one.before, one.after) for one in mutations(source)}


@pytest.mark.parametrize("source", ALONE)
def test_what_nobody_would_see_or_what_is_found_at_once_is_left_alone(source):
    assert mutations(source) == []


def test_of_an_exception_only_that_it_is_raised_is_tried():
    assert [(one.before, one.after) for one in mutations("raise ValueError(3)")] == [("raise ValueError(3)", "pass")]


def test_each_makes_another_module_that_can_be_read_and_differs_in_one_place():
    found = mutations(SMALL)
    texts = {mutated(SMALL, one) for one in found}
    assert len(texts) == len(found) > 15
    assert ast.unparse(ast.parse(SMALL)) + "\n" not in texts
    for text in texts:
        ast.parse(text)


def test_a_fault_says_its_line_and_stands_in_order():
    lines = [one.line for one in mutations(SMALL)]
    assert lines == sorted(lines)
    assert [one.line for one in mutations(SMALL) if one.after == "value >= most"] == [4]


def test_a_long_text_is_cut_to_where_it_differs():
    (fault, *_) = mutations(f"x = {'a + ' * 60} b - c")
    assert len(fault.before) <= 93
    assert fault.before.startswith("...")
    assert fault.before != fault.after
