"""The tree of a row, against the values that are published for RFC 6962, and every path in it."""

from __future__ import annotations

from hashlib import sha256

import pytest

from gateway.journal.merkle import LEAF, climb, path_of, top_of

INPUTS = [
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
]  # fmt: skip
PUBLISHED = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def leaves(count: int) -> list[bytes]:
    return [sha256(LEAF + index.to_bytes(2, "big")).digest() for index in range(count)]


@pytest.mark.parametrize("count", PUBLISHED)
def test_it_is_the_tree_of_the_rfc(count):
    hashes = [sha256(LEAF + bytes.fromhex(text)).digest() for text in INPUTS[:count]]
    assert top_of(hashes).hex() == PUBLISHED[count]


@pytest.mark.parametrize("count", range(1, 34))
def test_every_leaf_climbs_by_its_path_and_no_other_does(count):
    whole = leaves(count)
    top = top_of(whole)
    for index, leaf in enumerate(whole):
        path = path_of(whole, index)
        assert climb(leaf, index, count, path) == top
        assert len(path) <= (count - 1).bit_length()
        wrong = [
            climb(sha256(leaf).digest(), index, count, path),
            climb(leaf, index, count, [*path, leaf]),
            climb(leaf, index, count, path[:-1]) if path else b"",
            climb(leaf, index ^ 1, count, path) if path else b"",
            climb(leaf, index, count, [sha256(one).digest() for one in path]) if path else b"",
            climb(leaf, count, count, path),
            climb(leaf, -1, count, path),
        ]
        assert top not in wrong
