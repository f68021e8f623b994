"""Small faults of a module, one at a time: each is one that a reviewer could miss and a test must not."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMPARISONS: Mapping[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}  # fmt: skip
ARITHMETIC: Mapping[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Pow: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}  # fmt: skip
NAMES: Mapping[str, str] = {
    "min": "max", "max": "min", "any": "all", "all": "any", "minimum": "maximum", "maximum": "minimum", "fmax": "fmin",
    "fmin": "fmax",
}  # fmt: skip
SQL: Mapping[str, str] = {
    "FULL": "OFF", "IS NULL": "IS NOT NULL", "IS NOT NULL": "IS NULL", "AND": "OR", "OR REPLACE": "OR IGNORE",
    "OR IGNORE": "OR REPLACE", "DESC": "ASC", "min(": "max(", "max(": "min(", " < ": " <= ", " <= ": " < ",
    " > ": " >= ", " >= ": " > ", " + 1": " + 2", "COMMIT": "ROLLBACK",
}  # fmt: skip
"""What is written instead of a word in a text that is a statement of the database."""
STATEMENT = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN|COMMIT)\b|\b(IS NULL|WHERE)\b|^\s*AND\b")
WORDS = re.compile("|".join(re.escape(word) for word in sorted(SQL, key=len, reverse=True)))
LOGS = ("log", "logger", "_log")
"""What only operators' logs would show is no fault here."""
WIDTH = 90
"""Characters shown of either side."""
SMALL = 10
"""A number up to this is wrong by one; a larger one by a factor, for less is no fault that anybody would see."""
UNSEEN = {"annotation", "returns", "decorator_list"}
"""Fields that say nothing at run time, or whose change is no fault."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a tree: the number of the parent in ``ast.walk``, its field, and the place in a list, or -1."""

    parent: int
    field: str
    index: int


@dataclass(frozen=True, slots=True)
class Mutation:
    """One fault: the line it stands on, what was written there, what is written instead, and where."""

    line: int
    before: str
    after: str
    place: Place
    node: ast.AST


def mutations(source: str) -> list[Mutation]:
    """All faults of a module's text, always in the same order."""
    tree = ast.parse(source)
    seen = {id(node) for node in _seen(tree)}
    found = []
    for number, parent in enumerate(ast.walk(tree)):
        for field, index, node in _children(parent) if id(parent) in seen else ():
            if id(node) in seen:
                found += [_told(node, new, Place(number, field, index)) for new in _variants(node, parent, field)]
    return sorted(found, key=lambda one: one.line)


def mutated(source: str, mutation: Mutation) -> str:
    """The module's text with one fault in it (and without its comments)."""
    tree, place = ast.parse(source), mutation.place
    parent = next(node for number, node in enumerate(ast.walk(tree)) if number == place.parent)
    if place.index < 0:
        setattr(parent, place.field, mutation.node)
    elif isinstance(mutation.node, _Nothing):
        del getattr(parent, place.field)[place.index]
    else:
        getattr(parent, place.field)[place.index] = mutation.node
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


class _Nothing(ast.AST):
    """What stands for a part that is left out."""


def _told(node: ast.AST, new: ast.AST, place: Place) -> Mutation:
    before, after = _first_line(node), "(left out)" if isinstance(new, _Nothing) else _first_line(new)
    return Mutation(getattr(node, "lineno", 1), *_apart(before, after), place, new)


def _first_line(node: ast.AST) -> str:
    lines = ast.unparse(ast.fix_missing_locations(node)).splitlines()
    return lines[0] if lines else ""


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two texts, cut to where they differ if they are long."""
    same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
    start = 0 if max(len(before), len(after)) <= WIDTH else max(0, same - WIDTH // 2)
    first, second = (("..." if start else "") + text[start : start + WIDTH] for text in (before, after))
    return first, second


def _children(parent: ast.AST) -> Iterator[tuple[str, int, ast.AST]]:
    for field, value in ast.iter_fields(parent):
        if isinstance(value, ast.AST):
            yield field, -1, value
        elif isinstance(value, list):
            yield from ((field, index, node) for index, node in enumerate(value) if isinstance(node, ast.AST))


def _seen(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes a fault may be put into: none of types, decorators, docstrings, logs, or the words of an exception."""
    if _is_blind(node):
        return
    yield node
    for field, _, child in _children(node):
        if field not in UNSEEN and not (isinstance(node, ast.Raise) and field in ("exc", "cause")):
            yield from _seen(child)


def _is_blind(node: ast.AST) -> bool:
    match node:
        case ast.Expr(ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Assert():
            return True
        case ast.Expr(ast.Call(ast.Attribute(ast.Name(name)))) if name in LOGS:
            return True
        case ast.If(ast.Name("TYPE_CHECKING")) | ast.Assign([ast.Name("__all__")]):
            return True
        case ast.FormattedValue():
            return True
    return False


def _variants(node: ast.AST, parent: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand in a node's place."""
    match node:
        case ast.Compare():
            yield from _comparisons(node)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield from (_rest(node, index) for index in range(len(values)))
        case ast.UnaryOp(ast.Not() | ast.USub() | ast.Invert(), operand):
            yield operand
        case ast.BinOp(left, op, right) | ast.AugAssign(left, op, right) if type(op) in ARITHMETIC:
            yield type(node)(left, ARITHMETIC[type(op)](), right)
        case ast.Constant(value):
            yield from map(ast.Constant, _constants(value))
        case ast.Name(name) if name in NAMES:
            yield ast.Name(NAMES[name], ast.Load())
        case ast.Attribute(value, name) if name in NAMES:
            yield ast.Attribute(value, NAMES[name], ast.Load())
    if field == "test" and isinstance(parent, ast.If | ast.IfExp | ast.While):
        yield from map(ast.Constant, (False,) if isinstance(parent, ast.While) else (True, False))
    if field == "ifs":
        yield _Nothing()
    yield from _dropped(node)


def _dropped(node: ast.AST) -> Iterator[ast.AST]:
    """A statement that is forgotten; assignments of plain names are not, for that would be found at once."""
    match node:
        case ast.Return(value) if value is not None and not _is_none(value):
            yield ast.Return(ast.Constant(None))
        case ast.Return(None) | ast.Raise() | ast.Continue() | ast.Break() | ast.AugAssign():
            yield ast.Pass()
        case ast.Expr(ast.Call() | ast.Await() | ast.YieldFrom()) | ast.Delete([ast.Attribute() | ast.Subscript(), *_]):
            yield ast.Pass()
        case ast.Assign([ast.Attribute() | ast.Subscript() | ast.Tuple([ast.Attribute() | ast.Subscript(), *_])]):
            yield ast.Pass()


def _comparisons(node: ast.Compare) -> Iterator[ast.AST]:
    for index, op in enumerate(node.ops):
        for other in COMPARISONS[type(op)]:
            yield ast.Compare(node.left, [*node.ops[:index], other(), *node.ops[index + 1 :]], node.comparators)


def _rest(node: ast.BoolOp, index: int) -> ast.AST:
    """One of several conditions left out."""
    rest = node.values[:index] + node.values[index + 1 :]
    return rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def _constants(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | float):
        others = (value * 2, value * 0, *((value + 1, value - 1) if abs(value) <= SMALL else ()))
        yield from dict.fromkeys(other for other in others if other != value)
    elif isinstance(value, str) and STATEMENT.search(value):
        for word in WORDS.finditer(value):
            yield value[: word.start()] + SQL[word.group()] + value[word.end() :]


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
