"""A city's desk: its counties' alarms and what was done about them, as their gateways tell; no places, no tracks."""
