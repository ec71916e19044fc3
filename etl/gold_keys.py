"""What the keys of the lake stand for; keys.ts reads the same."""

import datetime
import re

# What follows the prefix in a raw key. Spark hides files whose names begin with `_` or `.`.
RAW_KEY = re.compile(
    r"year=([0-9]{4})/month=([0-9]{2})/day=([0-9]{2})/hour=([0-9]{2})/[^/_.][^/]*\.ndjson\.gz"
)

HOURS_A_DAY = 24


def day_of_raw_key(rest):
    """Day of a raw object, None for any other object. `rest` is what follows the prefix."""
    match = RAW_KEY.fullmatch(rest)
    if not match:
        return None
    *date, hour = match.groups()
    day = "-".join(date)
    return day if is_day(day) and int(hour) < HOURS_A_DAY else None


def is_day(text):
    """Whether it is a day that exists, YYYY-MM-DD."""
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None
