"""Phones by carrier signal: OMA MLP and the Chinese "Le" dialect of it, XML over HTTP.

We ask, the carrier answers. A newcomer reads ``request`` (what is asked, in which ``dialect``), then the way of an
answer: ``encoding`` (bytes to text), ``tree`` (text to elements, capped), ``answer`` (which positions it holds),
``position`` (one ``pos``: ``moment``, ``coordinates``, ``shapes``, ``results``), ``session`` and ``family``.
"""

from __future__ import annotations

from protocols.mlp.family import FAMILY

__all__ = ["FAMILY"]
