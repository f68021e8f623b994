"""Answers of location servers as text, made to the layout of OMA MLP 3.2 and of the Le dialect."""

from __future__ import annotations

NOON = 1793505600.0
"""2026-11-01 04:00 UTC, noon in China."""
CIRCLE = "<CircularArea><coord><X>31 12 36.000N</X><Y>121 30 00.000E</Y></coord><radius>240</radius></CircularArea>"


def pd(shape=CIRCLE, time="20261101120000", offset="+0800", more=""):
    utc_off = f' utc_off="{offset}"' if offset else ""
    return f"<pd><time{utc_off}>{time}</time><shape>{shape}</shape>{more}</pd>"


def poserr(code, time='<time utc_off="+0800">20261101120000</time>'):
    return f'<poserr><result resid="{code}">said so</result>{time}</poserr>'


def pos(body, number="13800000001"):
    return f'<pos><msid type="MSISDN" enc="ASC">{number}</msid>{body}</pos>'


def slia(*positions, encoding="UTF-8", head="", service="slia"):
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>{head}<svc_result ver="3.2.0"><{service} ver="3.2.0">'
        f"{''.join(positions)}</{service}></svc_result>"
    )
    return text.encode("gb18030" if encoding.upper() in ("GB2312", "GBK") else encoding)
