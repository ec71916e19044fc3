"""Which days of gold are stale, and why; plan.ts says the same."""

import hashlib

from gold_keys import read_raw_key


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def by_key(objects):
    return sorted(objects, key=lambda pair: pair[0].encode())


def fingerprint(transformation, objects):
    """SHA-256, hexadecimal, over the transformation's digest and the sorted (key, etag) pairs; plan.ts computes the same."""
    digest = hashlib.sha256()
    digest.update(f"{sha256(transformation)}\n".encode())
    for key, etag in by_key(objects):
        digest.update(f"{key}\t{etag}\n".encode())
    return digest.hexdigest()


def plan_days(transformation, raw_prefix, raw, markers, first=None, last=None):
    """What planDays of plan.ts says.

    ({day: marker to write} of the stale days, {day: reasons}, frozen days, days up to date, {key: why it is left out}).
    A frozen day's raw is partly gone, so its gold stays, also when it is asked for.
    """
    is_asked = first is not None or last is not None
    days, left_out = {}, {}
    for key, etag in by_key(raw):
        day, why_not = read_raw_key(key[len(raw_prefix):])
        if why_not is None:
            days.setdefault(day, []).append((key, etag))
        else:
            left_out[key] = why_not
    stale, reasons, frozen, up_to_date = {}, {}, [], []
    for day, members in sorted(days.items()):
        if (first is not None and day < first) or (last is not None and day > last):
            continue
        marker = markers.get(day)
        planned = marker_of(day, members, transformation)
        is_same = bool(marker) and marker["fingerprint"] == planned["fingerprint"] and "unfinished" not in marker
        if is_same and not is_asked:
            up_to_date.append(day)
        elif marker and set(marker["raw"]) - set(planned["raw"]):
            frozen.append(day)
            reasons[day] = frozen_reasons(marker, planned)
        else:
            stale[day] = planned
            reasons[day] = ["asked for"] if is_same else stale_reasons(marker, planned)
    return stale, reasons, frozen, up_to_date, left_out


def marker_of(day, objects, transformation):
    return {
        "day": day,
        "fingerprint": fingerprint(transformation, objects),
        "transformation": sha256(transformation),
        "raw": [key for key, _ in objects],
        "etags": [etag for _, etag in objects],
    }


def unfinished_marker_of(marker, planned):
    """See unfinishedMarkerOf of plan.ts."""
    known = dict.fromkeys(marker["raw"], "") | known_etags(marker) | known_etags(planned)
    union = by_key(known.items())
    return {**marker, "raw": [key for key, _ in union], "etags": [etag for _, etag in union], "unfinished": True}


def known_etags(marker):
    """{key: etag}; markers of earlier versions have no ETags."""
    return dict(zip(marker["raw"], marker.get("etags", [])))


def stale_reasons(marker, planned):
    if not marker:
        return [f"new: {count(len(planned['raw']), 'raw object')}"]
    reasons = unfinished_reason(marker)
    known, current = known_etags(marker), known_etags(planned)
    new = len(set(current) - set(marker["raw"]))
    changed = sum(known.get(key, etag) != etag for key, etag in current.items())
    if new + changed > 0:
        reasons.append(f"raw changed: {count(new, 'object')} new, {changed} changed")
    if marker.get("transformation") != planned["transformation"]:
        reasons.append("transformation changed")
    return reasons


def frozen_reasons(marker, planned):
    gone = len(set(marker["raw"]) - set(planned["raw"]))
    return [f"{gone} of {count(len(marker['raw']), 'raw object')} gone", *unfinished_reason(marker)]


def unfinished_reason(marker):
    return ["unfinished: an earlier run ended while it replaced the day"] if "unfinished" in marker else []


def count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
