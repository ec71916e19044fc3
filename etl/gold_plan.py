"""Which days of gold are stale, and why; plan.ts decides the same."""

import hashlib

from gold_keys import day_of_raw_key

RAW_GONE = "raw gone"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def plan_days(transformation, raw_prefix, raw, markers, first=None, last=None):
    """See planDays of plan.ts.

    ({day: marker to write} of the stale days, {day: reason}, frozen days, days up to date, keys that are skipped).
    """
    is_asked = first is not None or last is not None
    digest = sha256(transformation)
    days, skipped = {}, []
    for key, etag in raw:
        day = day_of_raw_key(key[len(raw_prefix):])
        if day is None:
            skipped.append(key)
        else:
            days.setdefault(day, {})[key] = etag
    stale, reasons, frozen, up_to_date = {}, {}, [], []
    for day, objects in sorted(days.items()):
        if (first is not None and day < first) or (last is not None and day > last):
            continue
        marker = markers.get(day)
        reason = stale_reason(marker, objects, digest) or ("asked for" if is_asked else None)
        if reason is None or reason == RAW_GONE:
            (frozen if reason else up_to_date).append(day)
            skipped += known_unreadable(marker, objects)
        else:
            stale[day] = {"day": day, "transformation": digest, "raw": objects}
        if reason is not None:
            reasons[day] = reason
    return stale, reasons, frozen, up_to_date, skipped


def stale_reason(marker, objects, digest):
    """Why a day is not up to date, None: it is."""
    if not marker:
        return "new"
    if set(marker["raw"]) - set(marker["skipped"]) - set(objects):
        return RAW_GONE
    if marker["transformation"] is None:
        return "unfinished"
    if marker["raw"] != objects:
        return "raw changed"
    return None if marker["transformation"] == digest else "transformation changed"


def known_unreadable(marker, objects):
    """Objects that the marker records as skipped and whose ETag has not changed since."""
    return [key for key in marker["skipped"] if objects.get(key) == marker["raw"].get(key)] if marker else []


def is_broken(marker, objects, unreadable):
    """Whether gold has rows of an object that was overwritten with something unreadable: a rebuild would lose them."""
    known = {key: etag for key, etag in marker["raw"].items() if key not in marker["skipped"]} if marker else {}
    return any(known.get(key, objects[key]) != objects[key] for key in unreadable)


def unfinished_marker_of(marker, objects, unreadable):
    """See unfinishedMarkerOf of plan.ts."""
    gone = [key for key in marker["skipped"] if key not in objects]
    return {
        "day": marker["day"],
        "transformation": None,
        "raw": {**marker["raw"], **objects},
        "skipped": [*gone, *unreadable],
    }
