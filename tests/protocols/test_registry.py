"""Every registered family has what the rest of the gateway asks of one."""

import pytest

from protocols.errors import OrderFault
from protocols.order import Order, OrderForm
from protocols.registry import FAMILIES
from protocols.session import Delivery, FrameBatch

EACH = pytest.mark.parametrize("family", FAMILIES.values(), ids=list(FAMILIES))


@EACH
def test_a_family_has_the_name_it_is_registered_under(family):
    assert FAMILIES[family.name] is family
    assert family.profiles
    assert isinstance(family.delivery, Delivery)
    assert all(isinstance(head, bytes) and head for head in family.signature)
    assert all(isinstance(form, OrderForm) and form.meaning for form in family.orders.values())


@EACH
def test_a_fresh_session_of_every_profile_holds_nothing_and_names_its_family(family):
    for profile in family.profiles:
        session = family.session(profile, identity="861")
        assert session.protocol == family.name
        assert not session.discarded


@EACH
def test_an_order_nobody_has_is_refused_in_words(family):
    with pytest.raises(OrderFault, match=r"\w+ \w+"):
        family.session(family.profiles[0], identity="861").order("861", Order("no_such_order"))


@EACH
def test_no_frames_give_no_reports(family):
    assert len(family.decode(FrameBatch.of([], family.profiles[0]))) == 0


@EACH
def test_a_line_that_is_no_frame_is_an_account_with_an_error(family):
    (account,) = family.describe([b"\x00nothing"], family.profiles[0])
    assert account["protocol"] == family.name
    assert account["error"]
    assert account["reports"] == []
