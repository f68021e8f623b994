"""The messages of the GT06 family: one row each. One that is not here is journaled and acknowledged like most."""

from __future__ import annotations

from protocols.gt06.messages import alarm, card, cell_alarm, cells, modules, place_text, position, state
from protocols.gt06.messages.message import Due, Form, Message, Test

__all__ = ["MESSAGES", "Due", "Form", "Message", "Test", "message_of"]

_NOTHING = Due.NOTHING
_LONG = 0x100

# fmt: off
_ROWS = (
    Message(0x01, "login", Due.LOGIN),
    Message(0x10, "gps", forms=(position.GPS_ALONE,), least=18),
    Message(0x11, "gps_cell_words", forms=position.GPS_11, least=14),
    Message(0x12, "gps_cell", forms=position.GPS_12, least=18),
    Message(0x13, "heartbeat", forms=state.HEARTBEAT, least=1),
    Message(0x15, "order_answer", forms=place_text.WHERE_15),
    Message(0x16, "alarm", forms=alarm.ALARM_16, least=18),
    Message(0x17, "wifi", Due.WIFI, (*card.CARD_OR_PHONE, *cells.WIFI_FIRST)),
    Message(0x18, "cells_extended", forms=cells.CELLS, least=52),
    Message(0x19, "cell_alarm", forms=cell_alarm.ALARM_19, least=12),
    Message(0x1A, "gps_phone", forms=(position.GPS_ALONE,), least=18),
    Message(0x1E, "gps_cells", forms=(position.GPS_ALONE,), least=18),
    Message(0x21, "order_answer", _NOTHING, place_text.WHERE_21),
    Message(0x22, "gps_cell_utc", forms=position.GPS_22, least=18),
    Message(0x23, "heartbeat_volts", forms=state.HEARTBEAT_23, least=1),
    Message(0x24, "gps_or_cells", forms=(*position.GPS_24, *cells.CELLS_24)),
    Message(0x26, "alarm_utc", forms=alarm.ALARM_26, least=18),
    Message(0x27, "fence_alarm", forms=alarm.ALARM, least=18),
    Message(0x28, "cells", forms=cells.CELLS, least=52),
    Message(0x2A, "address_request", Due.ADDRESS),
    Message(0x2C, "cells_wifi", forms=cells.CELLS_WIFI, least=52),
    Message(0x2D, "gps_cell", forms=position.with_cell(), least=18),
    Message(0x2E, "cells", forms=cells.CELLS, least=52),
    Message(0x31, "gps_cell_words", forms=position.GPS_31, least=18),
    Message(0x32, "gps_cell_status", forms=position.GPS_32, least=18),
    Message(0x132, "blocks", Due.ACK_SAME_FORM, alarm.BLOCKS_32, least=6),
    Message(0x33, "cells_words", forms=cells.CELLS_33),
    Message(0x133, "blocks_alarm", Due.ACK_SAME_FORM, alarm.BLOCKS_32, least=6),
    Message(0x34, "gps_cell_driver", _NOTHING, (position.X1, *cells.CELLS_33)),
    Message(0x35, "photo_offer", _NOTHING),
    Message(0x36, "heartbeat_4g", forms=state.HEARTBEAT_36, least=1),
    Message(0x136, "photo_data", _NOTHING),
    Message(0x37, "gps_cell", forms=position.with_cell(), least=18),
    Message(0x38, "gps_cell_radio", _NOTHING, position.GPS_38, least=18),
    Message(0x69, "wifi", Due.WIFI, (*card.CARD_OR_PHONE, *cells.WIFI_FIRST)),
    Message(0x70, "modules", forms=modules.REPORT_70),
    Message(0x81, "order_state", _NOTHING),
    Message(0x8A, "time_request", Due.TIME),
    Message(0x8C, "vehicle_data", _NOTHING, state.STAMPED_8C),
    Message(0x94, "information", _NOTHING, state.STATE_94),
    Message(0x95, "event", forms=alarm.EVENT_95, least=7),
    Message(0x9B, "pass_through", _NOTHING),
    Message(0xA0, "gps_cell_4g", forms=position.GPS_A0, least=18),
    Message(0xA1, "cells_4g", forms=cells.CELLS_A1, least=101),
    Message(0xA2, "cells_wifi_4g", forms=(*position.STATUS_A2, *cells.CELLS_WIFI_A2), least=50),
    Message(0xA3, "alarm_4g", forms=alarm.ALARM_A3, least=4),
    Message(0xA4, "fence_alarm_4g", forms=alarm.ALARM_A4, least=18),
    Message(0xA5, "cell_alarm_4g", forms=cell_alarm.ALARM_A5, least=19),
    Message(0xA7, "cell_address_request_4g", forms=cell_alarm.ADDRESS_A7, least=15),
    Message(0xA9, "cells_alarm", forms=cells.CELLS_A9),
    Message(0xF1, "modules_state", forms=state.STAMPED_F1),
    Message(0xF3, "wifi_addresses", forms=cells.WIFI_F3, least=7),
)
# fmt: on
MESSAGES = {row.number: row for row in _ROWS}


def message_of(number: int) -> Message:
    """The row of a number; one for the other form where this form has none; a plain one for a number without a row."""
    row = MESSAGES.get(number) or MESSAGES.get(number ^ _LONG)
    return row or Message(number, f"unknown_{number & 0xFF:02x}")
