"""Requests: what stands in them, in each dialect, and that nothing put into them breaks out."""

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from protocols.mlp.dialect import DIALECTS
from protocols.mlp.request import Client, Wish, follow, follow_no_more, locate

CLIENT = Client("county", "p<w>&\"d'", service="checks", requestor="office")
_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


def tree(data):
    return fromstring(data.decode("gb18030" if b"GB2312" in data[:60] else "utf-8").partition("?>")[2])


def test_the_le_template():
    data = locate(["8613800000001"], CLIENT, Wish(200), DIALECTS["le"])
    root = tree(data)
    assert data.startswith(b'<?xml version="1.0" encoding="GB2312"?>')
    assert root.get("ver") == root.find("slir").get("ver") == "2.0.0"
    assert root.find("slir").get("res_type") == "SYNC"
    assert root.findtext("hdr/client/pwd") == CLIENT.password
    assert root.find("slir/eqop/resp_req").get("type") == "LOW_DELAY"
    assert (root.findtext("slir/eqop/hor_acc"), root.find("slir/eqop/hor_acc").get("qos_class")) == (
        "200",
        "BEST_EFFORT",
    )
    assert root.find("slir/loc_type").get("type") == "CURRENT_OR_LAST"
    assert root.find("slir/prio").get("type") == "HIGH"
    assert [msid.text for msid in root.iterfind("slir/msids/msid")] == ["8613800000001"]
    assert root.findtext("slir/geo_info/CoordinateReferenceSystem/Identifier/code") == "4326"


def test_mlp_3_asks_for_the_age_and_where_to_report():
    wish = Wish(500, 600, "http://127.0.0.1:9210/?a=1&b=2", "ASYNC")
    root = tree(locate(["1", "2"], CLIENT, wish, DIALECTS["mlp"]))
    assert root.findtext("slir/eqop/max_loc_age") == "600"
    assert root.findtext("slir/pushaddr/url") == wish.push_address
    assert len(root.findall("slir/msids/msid")) == 2
    assert tree(locate(["1"], CLIENT, wish, DIALECTS["le"])).find("slir/eqop/max_loc_age") is None


def test_periodic_reports_are_asked_for_and_ended():
    root = tree(follow(["1"], 90061, CLIENT, Wish(), DIALECTS["mlp"]))
    assert root.findtext("tlrr/interval") == "01010101"
    assert tree(follow_no_more("a<b", CLIENT, DIALECTS["mlp"])).findtext("tlrsr/req_id") == "a<b"
    with pytest.raises(ValueError, match="interval"):
        follow(["1"], 0, CLIENT, Wish(), DIALECTS["mlp"])


def test_the_password_is_not_in_what_is_printed_of_a_client():
    assert CLIENT.password not in repr(CLIENT)


@given(_TEXT, _TEXT, st.sampled_from(sorted(DIALECTS)))
def test_whatever_is_put_in_comes_out_as_text(name, password, dialect):
    root = tree(locate([name], Client(name, password), Wish(), DIALECTS[dialect]))
    assert (root.findtext("hdr/client/id"), root.findtext("hdr/client/pwd")) == (name, password)
    assert root.findtext("slir/msids/msid") == name
