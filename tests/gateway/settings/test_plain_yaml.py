"""A text that is read quickly is read as the YAML reader reads it: data, places and texts; and all else by that one."""

from __future__ import annotations

from random import Random

import pytest

from gateway.settings import documents
from gateway.settings.documents import read_yaml
from gateway.settings.faults import Findings
from gateway.settings.plain_yaml import read_plain

PLAIN = """# authorities
authorities:   # and who has them
  - {person: P1, kind: bracelet, document: 2026-12, from: 2026-11-01,
     until: 2027-01-31}
  - person: P2
    kind: phone_check   # located by the carrier
    document: 'no. 7'

    note: "a: b, {c} #d"
  # the last one
  - {person: P3}

zones:
- {id: Z1, name: 地点一, longitude: 109.5, latitude: -24, on: true, polygon: [[109.1, 24.0], [109.2, 24], [109, 24.5]]}
rules:
    - {id: r, people: [P1, P2], curfew: {zone: home, from: "22:00", days: [mon, tue]}, basis: county head A}
    - {id: s, people: {level: strict}, until: 12:30, much: 1_000, exponent: 1e5, half: .5, hex: 0x1f}
"""
FRAGMENTS = (
    "  - {a: 1, b: two}\n",
    "  - a: 1\n    b: two\n",
    "  - {a: [1, [2, 3]], c: {d: e}}\n",
    "zones:\n",
    "rules: # more\n",
    "  - {a: -0, b: 007, c: 1.50, d: 12345678901234567890}\n",
    "  - {a: null, b: True, c: ~, d: no, e: NULL}\n",
    "  - {a: 'it''s', b: \"x\\ty\"}\n",
    "  - {a: 'x', b: \"it's\"}\n",
    "  -  {a: 1}\n",
    "    - {a: 1}\n",
    "- {a: 1}\n",
    "  - {a: b c, d: e  f, g: h-i, j: k/l.m(n)+o%}\n",
    "  - {a: 2026-11-01 18:00, b: 18:00, c: 1:2:3}\n",
    "\n",
    "# note\n",
    "  - {a: 1, a: 2}\n",
    "  - a: 1\n    a: 2\n",
    "  - {a: , b: 1}\n",
    "  - a:\n    b: 1\n",
    "  - {a: 1, b: 2,}\n",
    "  - {a: x\n     , b: y}\n",
    "  - {a: x,\n  b: y}\n",
    "  - {a: x,\nb: y}\n",
    "  - {a: x y\n    z, b: 1}\n",
    "  - a: x\n    y\n",
    "  - a: x\n      y\n",
    "  - a: x\n   y: z\n",
    "  - [1, 2]\n",
    "  - word\n",
    "  - {a: *b}\n",
    "  - {a: &b c}\n",
    "  - {a: !t c}\n",
    "  - {a: [1, 2, [3, [4, [5]]]]}\n",
    "  - {a: [1.2.3, 4]}\n",
    "  - {a: [01]}\n",
    "  - {a: b:c, d: 'e'f}\n",
    "  - {a: b#c, d: e #f\n    }\n",
    "  - {a: <<, b: =}\n",
    "  - a: {b: 1}\n    c: [x, y]\n",
    "  - {a: 1}  # well\n",
    "  - {a: 1}# ill\n",
    "  - {a: 1} b\n",
    "---\n",
    "x: 1\n",
    "\t\n",
    "  - {a:\u00a01}\n",
    "  - {a: b\u3000c}\n",
    "  - {a: \"\u3000\", b: '“'}\n",
    "  - {a: 0o17, b: +1, c: 1., d: .inf, e: 1e3, f: 0x1F, g: 1_0}\n",
    "  - {a: [ ], b: {}, c: [1,2]}\n",
    "  - {a: [P1,P2 , P3], b: [ -1 , 2.50]}\n",
    "  - {a: ..., b: - , c: -}\n",
    "  - {a: \"\", b: ''}\n",
    "# \u2028x\n",
    "  - {a: yes, b: off, c: truely}\n",
)


def by_the_yaml_reader(text: str, monkeypatch: pytest.MonkeyPatch) -> documents.Document:
    with monkeypatch.context() as patched:
        patched.setattr(documents, "read_plain", lambda _: None)
        return read_yaml("f", text, Findings())


def typed(data: object) -> str:
    return repr(data)


def are_alike(text: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether both readers give the same, where the quick one gives anything; False: it does not."""
    if read_plain(text) is None:
        return False
    quick, slow = read_yaml("f", text, Findings()), by_the_yaml_reader(text, monkeypatch)
    assert not slow.broken, text
    assert typed(quick.data) == typed(slow.data), text
    for path, place in slow.values.items():
        assert quick.place(path) == place, (text, path)
        assert quick.values.get(path) == place, (text, path)
    for path, place in slow.keys.items():
        assert quick.keys[path] == place, (text, path)
    for path in slow.values:
        assert quick.texts.get(path) == slow.texts.get(path), (text, path)
    assert set(quick.values) | {()} == set(slow.values) | {()}
    return True


def test_a_plain_text_is_read_alike(monkeypatch):
    assert are_alike(PLAIN, monkeypatch)


@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_each_way_of_writing_an_entry_is_read_alike_or_left_to_the_yaml_reader(fragment, monkeypatch):
    are_alike("a:\n  - {z: 1}\n" + fragment, monkeypatch)
    are_alike("a:\n" + fragment, monkeypatch)


def test_whatever_stands_together_is_read_alike_or_left_to_the_yaml_reader(monkeypatch):
    chance, plain = Random(7), 0  # noqa: S311  the same each time
    for _ in range(250):
        chosen = chance.choices(FRAGMENTS, k=chance.randint(1, 3))
        plain += are_alike("a:\n  - {z: 1}\n" + "".join(chosen), monkeypatch)
    assert plain > 25


def test_a_letter_changed_or_left_out_is_read_alike_or_left_to_the_yaml_reader(monkeypatch):
    chance, plain = Random(11), 0  # noqa: S311  the same each time
    letters = " \n,:{}[]'\"#-_a1.&*!|>%@\\`?"
    for _ in range(150):
        at = chance.randrange(len(PLAIN))
        changed = PLAIN[:at] + chance.choice(("", *letters)) + PLAIN[at + chance.randint(0, 2) :]
        plain += are_alike(changed, monkeypatch)
    assert plain > 30


@pytest.mark.parametrize(
    "text",
    ["", "a:\n", "a: 1\n", "a:\n  b: 1\n", "- {a: 1}\n", "a:\n  - {a: 1}\na:\n  - {b: 2}\n", "a:\n  - {a: *b}\n",
     "a:\n  - {a: " + "[" * 100_000 + "]" * 100_000 + "}\n", "a:\n  - {a: [[[1]]]}\n"],
)  # fmt: skip
def test_what_is_not_plain_is_left_to_the_yaml_reader(text):
    assert read_plain(text) is None
