"""Values are decoded in whatever thread comes first: a kind that many meet at once is whole for each of them."""

from __future__ import annotations

import subprocess
import sys
from functools import partial
from threading import Thread

import msgspec
import pytest

from gateway.decoded import converted, from_json, from_msgpack, plain_json, plain_msgpack

KINDS, THREADS = 60, 8


class Inner(msgspec.Struct):
    number: int


class Outer(msgspec.Struct):
    inner: list[Inner]


def test_what_is_asked_for_comes_and_what_is_none_of_it_is_refused():
    wanted = Outer([Inner(1)])
    plain = {"inner": [{"number": 1}]}
    assert from_json(msgspec.json.encode(plain), Outer) == wanted
    assert from_msgpack(msgspec.msgpack.encode(plain), Outer) == wanted
    assert converted(plain, Outer) == wanted
    assert plain_json(b'{"a": [1]}') == plain_msgpack(msgspec.msgpack.encode({"a": [1]})) == {"a": [1]}
    for broken in (partial(from_json, b"{"), partial(plain_json, b"{"), partial(plain_msgpack, b"")):
        with pytest.raises(msgspec.DecodeError):
            broken(Outer) if broken.func is from_json else broken()
    for other in (partial(from_json, b"{}"), partial(converted, {"inner": 1})):
        with pytest.raises(msgspec.ValidationError):
            other(Outer)


def meet(kind: type, body: bytes) -> None:
    """Many threads decode a kind that nobody has decoded yet."""
    found: list[object] = []
    threads = [Thread(target=lambda: found.append(from_json(body, kind))) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [found[0]] * THREADS


def new_kind(number: int) -> type:
    """With as much in it as takes a while to be worked out."""
    parts = [
        (f"part_{at}", list[msgspec.defstruct(f"Part{number}_{at}", [("value", dict[str, int])])]) for at in range(40)
    ]
    return msgspec.defstruct(f"Kind{number}", parts)


def test_threads_that_meet_a_kind_at_once_all_get_it_whole():
    """In a process of its own: without the lock it would be ended there by a signal."""
    done = subprocess.run([sys.executable, __file__], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (0, f"{KINDS}\n"), done.stderr


if __name__ == "__main__":
    sys.setswitchinterval(1e-6)
    text = msgspec.json.encode({f"part_{at}": [{"value": {"a": 1}}] for at in range(40)})
    for each in range(KINDS):
        meet(new_kind(each), text)
    print(KINDS)  # noqa: T201  what the test waits for
