"""A Merkle tree over the entries of a row, as RFC 6962 has it: leaves and nodes cannot be taken for one another.

A leaf is SHA-256(0 + its bytes), a node SHA-256(1 + left + right). Each level pairs its nodes from the left; a last one
without a partner goes up as it is, which is the same tree as the RFC's.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LEAF = b"\x00"
_NODE = b"\x01"


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = zip(level[::2], level[1::2], strict=False)
    nodes = [sha256(_NODE + left + right).digest() for left, right in pairs]
    return [*nodes, level[-1]] if len(level) % 2 else nodes


def top_of(leaves: Sequence[bytes]) -> bytes:
    """The uppermost node over the hashes of leaves, one at least."""
    while len(leaves) > 1:
        leaves = _above(leaves)
    return leaves[0]


def path_of(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What one leaf's hash is joined with on its way up, from below."""
    path = []
    while len(leaves) > 1:
        if index ^ 1 < len(leaves):
            path.append(leaves[index ^ 1])
        leaves, index = _above(leaves), index // 2
    return path


def climb(leaf: bytes, index: int, count: int, path: Sequence[bytes]) -> bytes:
    """The uppermost node by one leaf's hash, its place among ``count`` and its path; empty where they do not fit."""
    if not 0 <= index < count:
        return b""
    siblings = list(reversed(path))
    while count > 1:
        if index ^ 1 < count:
            if not siblings:
                return b""
            left, right = (leaf, siblings.pop()) if index % 2 == 0 else (siblings.pop(), leaf)
            leaf = sha256(_NODE + left + right).digest()
        index, count = index // 2, (count + 1) // 2
    return b"" if siblings else leaf
