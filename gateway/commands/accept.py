"""An officer's wish, checked against the configuration and the family's table of orders: it becomes a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.commands.fences import shapes_of
from gateway.engine import LOCATE, Command
from gateway.errors import UserFault
from gateway.words.command_words import usage
from gateway.words.phrases import phrase
from protocols.errors import OrderFault
from protocols.registry import FAMILIES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gateway.commands.wish import Wish
    from gateway.settings.model import Configuration, Device
    from protocols.order import OrderForm

ZONE = "zone"
"""The argument by which a fence order names a zone of the configuration: its places, or their numbers to be deleted."""
FENCE, FENCE_DELETE = "fence", "fence_delete"
FENCING = frozenset({FENCE, FENCE_DELETE})
LOCATING = frozenset({LOCATE, "track"})
LONGEST_VALUE = 32_768
"""Characters of one argument: the 16,384 bytes of a JT/T 808 pass-through in hexadecimal. Other orders take fewer."""
MOST_VALUES = 64
LONGEST_REASON = 500
"""Characters of why maintenance is done."""
LONGEST_EXPIRY = 7 * 86400.0
"""Seconds; an order older than a week is not what anybody wants any more."""
MOST_PER_DEVICE = 32
MOST_IN_ALL = 10_000


def locates(kind: str) -> bool:
    """Whether an order makes a device say where it is: only where an authority covers its wearer."""
    return kind in LOCATING


def device_of(configuration: Configuration, key: str) -> Device:
    """A device of the configuration.

    Raises:
        UserFault: there is none of that key.
    """
    device = configuration.devices.get(key)
    if device is None:
        raise UserFault(phrase("device_unknown", value=key))
    return device


def forms_of(device: Device) -> Mapping[str, OrderForm]:
    """The orders that can be given to a device, by name."""
    return FAMILIES[device.protocol].orders


def command_of(wish: Wish, configuration: Configuration, identity: str, now: float) -> Command:
    """The command of a wish.

    Raises:
        UserFault: unknown device or order, arguments missing, unknown, too long or not what the order takes, no such
            zone; the text says what is possible.
    """
    device = device_of(configuration, wish.device)
    form = forms_of(device).get(wish.kind)
    if form is None:
        possible = ", ".join(forms_of(device)) or "-"
        raise UserFault(
            phrase("order_form", device=wish.device, protocol=device.protocol, value=wish.kind, possible=possible)
        )
    _check_values(wish, form)
    if len(wish.reason) > LONGEST_REASON:
        raise UserFault(phrase("argument_long", name="--reason", count=len(wish.reason), most=LONGEST_REASON))
    if not 0.0 < wish.expires <= LONGEST_EXPIRY:
        raise UserFault(phrase("expiry_long", seconds=wish.expires, days=LONGEST_EXPIRY / 86400.0))
    values = dict(wish.values)
    zone = values.pop(ZONE, "") if wish.kind in FENCING else ""
    shapes = shapes_of(configuration, zone) if zone else ()
    if wish.kind == FENCE_DELETE and zone:
        values["numbers"], shapes = ",".join(str(shape.number) for shape in shapes), ()
    command = Command(identity, wish.device, wish.kind, wish.by, now + wish.expires, values, shapes, zone)
    try:
        form.trial(command.order)
    except OrderFault as fault:
        raise UserFault(phrase("order_values", device=wish.device, cause=fault)) from fault
    return command


def _check_values(wish: Wish, form: OrderForm) -> None:
    given = set(wish.values) - ({ZONE} if wish.kind in FENCING else set())
    missing = set(form.required) - set(wish.values)
    unknown = sorted(given - set(form.required) - set(form.optional))
    if missing or unknown:
        key, names = ("argument_missing", sorted(missing)) if missing else ("argument_unknown", unknown)
        raise UserFault(phrase(key, kind=wish.kind, names=", ".join(names), usage=usage(wish.kind, form)))
    if len(wish.values) > MOST_VALUES:
        raise UserFault(phrase("arguments_many", count=len(wish.values), most=MOST_VALUES))
    for name, value in wish.values.items():
        if len(value) > LONGEST_VALUE:
            raise UserFault(phrase("argument_long", name=name, count=len(value), most=LONGEST_VALUE))
