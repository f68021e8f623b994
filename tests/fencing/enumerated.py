"""Recurrences and schedules counted out day by day: what the real ones are held to."""

from calendar import monthrange
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def recurring(start, rule, last):
    """Days of a rule (its parts by name) that begins on a day, up to a last day, in order."""
    days = [start + timedelta(days=each) for each in range((last - start).days + 1)]
    found = [day for day in days if _holds(day, start, rule)]
    if "UNTIL" in rule:
        found = [day for day in found if day <= rule["UNTIL"]]
    return found[: rule.get("COUNT", len(found))]


def _holds(day, start, rule):
    interval = rule.get("INTERVAL", 1)
    if rule["FREQ"] == "DAILY":
        return (day - start).days % interval == 0 and _is_of_month(day, rule) and _is_weekday(day, rule)
    if rule["FREQ"] == "WEEKLY":
        weeks = (_week_of(day, rule) - _week_of(start, rule)).days // 7
        named = rule.get("BYDAY", (DAYS[start.weekday()],))
        return weeks % interval == 0 and DAYS[day.weekday()] in named and _is_of_month(day, rule)
    months = (day.year - start.year) * 12 + day.month - start.month
    if rule["FREQ"] == "YEARLY":
        return (day.year - start.year) % interval == 0 and (day.month, day.day) == (start.month, start.day)
    return months % interval == 0 and day in _of_month(day, start, rule)


def _of_month(day, start, rule):
    length = monthrange(day.year, day.month)[1]
    days = [date(day.year, day.month, each) for each in range(1, length + 1)]
    if "BYDAY" not in rule and "BYMONTHDAY" not in rule:
        days = [each for each in days if each.day == start.day]
    days = [each for each in days if _is_of_month(each, rule) and _is_nth(each, length, rule)]
    if "BYSETPOS" in rule:
        chosen = (position - 1 if position > 0 else position for position in rule["BYSETPOS"])
        days = [days[at] for at in chosen if -len(days) <= at < len(days)]
    return days


def _is_nth(day, length, rule):
    forward, backward = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    name = DAYS[day.weekday()]
    return "BYDAY" not in rule or bool({name, f"{forward}{name}", f"{backward}{name}"} & set(rule["BYDAY"]))


def _is_of_month(day, rule):
    length = monthrange(day.year, day.month)[1]
    of_month = {each if each > 0 else length + 1 + each for each in rule.get("BYMONTHDAY", ())}
    return day.day in (of_month or {day.day}) and day.month in rule.get("BYMONTH", {day.month})


def _is_weekday(day, rule):
    return DAYS[day.weekday()] in rule.get("BYDAY", DAYS)


def _week_of(day, rule):
    return day - timedelta(days=(day.weekday() - DAYS.index(rule.get("WKST", "MO"))) % 7)


def written(rule):
    """The rule as iCalendar has it."""
    return ";".join(f"{key}={_text(value)}" for key, value in rule.items())


def _text(value):
    if isinstance(value, date):
        return f"{value:%Y%m%d}"
    return ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)


def holding(days, start_minute, until_minute, zone):
    """The periods that start on days, as (start, until) in UTC epoch seconds."""
    longer = 0 if until_minute > start_minute else 1
    return [(_at(day, start_minute, zone), _at(day + timedelta(days=longer), until_minute, zone)) for day in days]


def _at(day, minute, zone):
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return (midnight + timedelta(minutes=minute)).timestamp()


def at_work(time, periods):
    """Whether any of the periods holds at a time: from its start on, up to and without its end."""
    return any(start <= time < until for start, until in periods)
