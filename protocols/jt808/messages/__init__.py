"""The messages of JT/T 808: one row each. A message that is not here is journaled and answered "not supported"."""

from __future__ import annotations

from protocols.jt808.messages import (
    areas,
    attributes,
    general,
    login,
    media,
    menu,
    parameters,
    position,
    resend,
    secrecy,
    text,
    vehicle,
)
from protocols.jt808.messages.message import Direction, Due, Edition, Message

__all__ = ["MESSAGES", "Direction", "Due", "Edition", "Message", "message_of"]

_UP, _DOWN = Direction.UP, Direction.DOWN
_GENERAL = Due.GENERAL

# fmt: off
_ROWS = (
    Message(0x0001, "terminal_general_answer", _UP, schema=general.GENERAL_ANSWER),
    Message(0x0002, "heartbeat", _UP, _GENERAL),  # bsj puts battery, signal and state into the body
    Message(0x0003, "log_out", _UP, _GENERAL, general.EMPTY),
    Message(0x0004, "query_server_time", _UP, Due.SERVER_TIME, general.EMPTY),
    Message(0x0005, "resend_fragments", _UP, schema=resend.RESEND, schema_2019=resend.RESEND_2019),
    Message(0x0100, "register", _UP, Due.REGISTER, login.REGISTER, login.REGISTER_2011, login.REGISTER_2019),
    Message(0x0102, "authenticate", _UP, Due.AUTHENTICATE, login.AUTHENTICATE, schema_2019=login.AUTHENTICATE_2019),
    Message(0x0104, "parameters", _UP,
            schema=parameters.PARAMETER_ANSWER, schema_2011=parameters.PARAMETER_ANSWER_2011),
    Message(0x0107, "attributes", _UP, schema=attributes.ATTRIBUTES, schema_2019=attributes.ATTRIBUTES_2019),
    Message(0x0108, "upgrade_result", _UP, _GENERAL, attributes.UPGRADE_RESULT),
    Message(0x0109, "query_time", _UP, Due.MAKER_TIME),
    Message(0x0200, "location", _UP, _GENERAL, position.LOCATION_REPORT),
    Message(0x0201, "location_answer", _UP, schema=position.LOCATION_ANSWER),
    Message(0x0210, "location_series", _UP, _GENERAL, position.MAKER_BATCH),
    Message(0x0301, "event", _UP, _GENERAL, menu.EVENT),
    Message(0x0302, "question_answer", _UP, schema=text.QUESTION_ANSWER),
    Message(0x0303, "information_subscription", _UP, _GENERAL, menu.SUBSCRIPTION),
    Message(0x0500, "vehicle_control_answer", _UP, schema=position.LOCATION_ANSWER),
    Message(0x0506, "second_heartbeat", _UP, _GENERAL),
    Message(0x0608, "areas", _UP, schema=areas.AREAS),
    Message(0x0702, "driver_identity", _UP, _GENERAL, vehicle.DRIVER, vehicle.DRIVER_2011, vehicle.DRIVER_2019),
    Message(0x0704, "location_batch", _UP, _GENERAL, position.LOCATION_BATCH),
    Message(0x0705, "can_data", _UP, _GENERAL),
    Message(0x0800, "media_event", _UP, _GENERAL, media.MEDIA_EVENT),
    Message(0x0801, "media_data", _UP, Due.MEDIA, media.MEDIA_DATA, media.MEDIA_DATA_2011),
    Message(0x0802, "stored_media", _UP),
    Message(0x0805, "recorded_media", _UP),
    Message(0x0900, "pass_through", _UP, _GENERAL, text.PASS_THROUGH, text.PASS_THROUGH_2011),
    Message(0x0901, "compressed", _UP, _GENERAL, secrecy.COMPRESSED),
    Message(0x0A00, "terminal_key", _UP, schema=secrecy.KEY),
    Message(0x1300, "maker_text", _UP),
    Message(0x2070, "acceleration", _UP, _GENERAL),
    Message(0x4401, "padlock_answer", _DOWN, schema=general.PADLOCK_ANSWER),
    Message(0x5501, "padlock_report", _UP, Due.PADLOCK),
    Message(0x5502, "padlock_stored_report", _UP, Due.PADLOCK),
    Message(0x6006, "text_answer", _UP, _GENERAL, text.MAKER_TEXT),
    Message(0x8001, "platform_general_answer", _DOWN, schema=general.GENERAL_ANSWER),
    Message(0x8003, "resend_fragments", _DOWN, schema=resend.RESEND, schema_2019=resend.RESEND_2019),
    Message(0x8004, "server_time", _DOWN, schema=general.SERVER_TIME),
    Message(0x8100, "register_answer", _DOWN, schema=login.REGISTER_ANSWER),
    Message(0x8103, "set_parameters", _DOWN,
            schema=parameters.PARAMETERS, schema_2011=parameters.PARAMETERS_2011),
    Message(0x8104, "query_parameters", _DOWN, schema=general.EMPTY),
    Message(0x8105, "control", _DOWN, schema=parameters.CONTROL),
    Message(0x8106, "query_some_parameters", _DOWN, schema=parameters.PARAMETER_QUERY),
    Message(0x8107, "query_attributes", _DOWN, schema=general.EMPTY),
    Message(0x8108, "upgrade", _DOWN, schema=attributes.UPGRADE),
    Message(0x8109, "time", _DOWN, schema=general.MAKER_TIME),
    Message(0x8201, "query_location", _DOWN, schema=general.EMPTY),
    Message(0x8202, "temporary_tracking", _DOWN, schema=position.TRACKING),
    Message(0x8203, "confirm_alarm", _DOWN, schema=position.CONFIRM_ALARM),
    Message(0x8204, "link_test", _DOWN, schema=general.EMPTY),
    Message(0x8300, "text", _DOWN, schema=text.TEXT, schema_2019=text.TEXT_2019),
    Message(0x8301, "events", _DOWN, schema=menu.EVENTS, schema_2011=menu.EVENTS_2011),
    Message(0x8302, "question", _DOWN, schema=text.QUESTION),
    Message(0x8303, "information_menu", _DOWN, schema=menu.INFORMATION_MENU),
    Message(0x8304, "information", _DOWN, schema=menu.INFORMATION),
    Message(0x8400, "call_back", _DOWN, schema=menu.CALL_BACK),
    Message(0x8401, "phone_book", _DOWN, schema=menu.PHONE_BOOK),
    Message(0x8500, "control_vehicle", _DOWN,
            schema=vehicle.CONTROL_VEHICLE, schema_2019=vehicle.CONTROL_VEHICLE_2019),
    Message(0x8600, "circles", _DOWN,
            schema=areas.CIRCLES, schema_2011=areas.CIRCLES_2011, schema_2019=areas.CIRCLES_2019),
    Message(0x8601, "delete_circles", _DOWN, schema=areas.DELETION),
    Message(0x8602, "rectangles", _DOWN,
            schema=areas.RECTANGLES, schema_2011=areas.RECTANGLES_2011, schema_2019=areas.RECTANGLES_2019),
    Message(0x8603, "delete_rectangles", _DOWN, schema=areas.DELETION),
    Message(0x8604, "polygon", _DOWN,
            schema=areas.POLYGON, schema_2011=areas.POLYGON_2011, schema_2019=areas.POLYGON_2019),
    Message(0x8605, "delete_polygons", _DOWN, schema=areas.DELETION),
    Message(0x8606, "route", _DOWN, schema=areas.ROUTE, schema_2011=areas.ROUTE_2011, schema_2019=areas.ROUTE_2019),
    Message(0x8607, "delete_routes", _DOWN, schema=areas.DELETION),
    Message(0x8608, "query_areas", _DOWN, schema=areas.AREA_QUERY),
    Message(0x8702, "query_driver", _DOWN, schema=general.EMPTY),
    Message(0x8800, "media_answer", _DOWN, schema=media.MEDIA_ANSWER, schema_2011=media.MEDIA_ANSWER_2011),
    Message(0x8801, "photograph", _DOWN),
    Message(0x8802, "query_media", _DOWN),
    Message(0x8803, "upload_media", _DOWN),
    Message(0x8804, "record_sound", _DOWN),
    Message(0x8805, "upload_one_medium", _DOWN),
    Message(0x8900, "pass_through", _DOWN, schema=text.PASS_THROUGH, schema_2011=text.PASS_THROUGH_2011),
    Message(0x8A00, "platform_key", _DOWN, schema=secrecy.KEY),
)
# fmt: on
MESSAGES = {message.number: message for message in _ROWS}

_STANDARD_DOWN = range(0x8000, 0xA000)
_MAKERS_DOWN = range(0xF000, 0x10000)


def message_of(number: int) -> Message:
    """The row of a message id; for an unknown one a row named ``unknown`` in the direction its range belongs to."""
    known = MESSAGES.get(number)
    if known is not None:
        return known
    if number in _STANDARD_DOWN or number in _MAKERS_DOWN:
        return Message(number, "unknown", Direction.DOWN)
    return Message(number, "unknown", Direction.UP, Due.UNSUPPORTED)
