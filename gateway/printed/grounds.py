"""The statutory grounds of electronic positioning as people read them (Community Corrections Law, article 29)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gateway.words.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

GROUNDS: Final[Mapping[str, Text]] = {
    "prohibition_order_breach": Text("违反人民法院禁止令", "breach of a prohibition order"),
    "left_without_leave": Text(
        "无正当理由，未经批准离开所居住的市、县", "left the city or county without leave"
    ),
    "refused_to_report": Text("拒不按照规定报告自己的活动情况，被给予警告", "refused to report, and was warned"),
    "public_security_penalty": Text(
        "违反监督管理规定，被给予治安管理处罚", "a public-security penalty for breaking supervision"
    ),
    "revocation_pending": Text(
        "拟提请撤销缓刑、假释或者暂予监外执行收监执行", "revocation or recall is being proposed"
    ),
}  # fmt: skip
