"""What the keys of the lake stand for; keys.ts says the same."""

import datetime
import re

# What follows the prefix in a raw key. Spark hides files whose names begin with `_` or `.`.
RAW_KEY = re.compile(
    r"year=([0-9]{4})/month=([0-9]{2})/day=([0-9]{2})/hour=([0-9]{2})/[^/_.][^/]*\.ndjson\.gz"
)
MARKER_KEY = re.compile(r".*/day=([^/]*)\.json", re.DOTALL)

HOURS_A_DAY = 24


def read_raw_key(rest):
    """(day, None) of a raw object, (None, why not) of anything else. `rest` is what follows the prefix."""
    match = RAW_KEY.fullmatch(rest)
    if not match:
        return None, "not year=/month=/day=/hour=/NAME.ndjson.gz"
    *date, hour = match.groups()
    day = "-".join(date)
    if not is_day(day):
        return None, no_such_day(day)
    if int(hour) >= HOURS_A_DAY:
        return None, f"no such hour: {hour}"
    return day, None


def no_such_day(day):
    return f"no such day: {day}"


def is_day(text):
    """Whether it is a day that exists, YYYY-MM-DD."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


def day_of_marker_key(key):
    """DAY of state/etl/TABLE/day=DAY.json, whatever stands there; None: it has none."""
    match = MARKER_KEY.fullmatch(key)
    return match.group(1) if match else None
