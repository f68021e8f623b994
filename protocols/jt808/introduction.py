"""What a terminal says of itself in a login: maker, model and its own number of a registration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from construct import StreamError

from protocols.jt808.messages import Edition
from protocols.jt808.messages.login import AUTHENTICATE_2019, REGISTER, REGISTER_2011, REGISTER_2019
from protocols.session import Step

if TYPE_CHECKING:
    from protocols.session import Words

_FORMS = {
    (Step.REGISTER, Edition.E2011): (REGISTER_2011, ("maker", "model", "terminal")),
    (Step.REGISTER, Edition.E2013): (REGISTER, ("maker", "model", "terminal")),
    (Step.REGISTER, Edition.E2019): (REGISTER_2019, ("maker", "model", "terminal")),
    (Step.AUTHENTICATE, Edition.E2019): (AUTHENTICATE_2019, ("imei", "software")),
}


def introduction_in(step: Step, body: bytes, edition: Edition) -> Words:
    """Its words by name, printable, without what fills them; none where the body has none or is cut short."""
    if (step, edition) not in _FORMS:
        return ()
    schema, names = _FORMS[step, edition]
    try:
        found = schema.parse(body)
    except StreamError:
        return ()
    words = ((name, _printable(found[name] or b"")) for name in names)
    return tuple((name, word) for name, word in words if word)


def _printable(field: bytes) -> str:
    text = field.strip(b"\0\xff ").decode("gb18030", "replace")
    return "".join(character for character in text if character.isprintable()).strip()
