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
        is_frozen = bool(marker) and bool(gone_from(marker, planned))
        if (is_same and not is_asked) or is_frozen:
            left_out |= known_flaws(marker, planned)
        if is_same and not is_asked:
            up_to_date.append(day)
        elif is_frozen:
            frozen.append(day)
            reasons[day] = frozen_reasons(marker, planned)
        else:
            stale[day] = planned
            reasons[day] = ["asked for"] if is_same else stale_reasons(marker, planned)
    return stale, reasons, frozen, up_to_date, dict(by_key(left_out.items()))


def gone_from(marker, planned):
    """Raw objects that gold has and that are there no more."""
    return set(marker["raw"]) - set(marker.get("leftOut", {})) - set(planned["raw"])


def known_flaws(marker, planned):
    """See knownFlaws of marker.ts."""
    known, current = known_etags(marker or {"raw": []}), known_etags(planned)
    left_out = (marker or {}).get("leftOut", {})
    return {key: left_out[key] for key, etag in current.items() if key in left_out and known.get(key) == etag}


def marker_of(day, objects, transformation):
    return {
        "day": day,
        "fingerprint": fingerprint(transformation, objects),
        "transformation": sha256(transformation),
        "raw": [key for key, _ in objects],
        "etags": [etag for _, etag in objects],
    }


def with_left_out(marker, flaws):
    """The marker to write of a day whose gold has nothing of the objects {key: why not}."""
    rest = {name: value for name, value in marker.items() if name != "leftOut"}
    return rest | ({"leftOut": flaws} if flaws else {})


def unfinished_marker_of(marker, planned, flaws):
    """See unfinishedMarkerOf of marker.ts."""
    known = dict.fromkeys(marker["raw"], "") | known_etags(marker) | known_etags(planned)
    union = by_key(known.items())
    gone = {key: reason for key, reason in marker.get("leftOut", {}).items() if key not in planned["raw"]}
    both = {**marker, "raw": [key for key, _ in union], "etags": [etag for _, etag in union], "unfinished": True}
    return with_left_out(both, gone | flaws)


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
    gone = len(set(marker["raw"]) - set(current))
    if gone > 0:
        reasons.append(f"{count(gone, 'object')} gone that had been left out")
    if marker.get("transformation") != planned["transformation"]:
        reasons.append("transformation changed")
    return reasons


def frozen_reasons(marker, planned):
    gone = len(gone_from(marker, planned))
    return [f"{gone} of {count(len(marker['raw']), 'raw object')} gone", *unfinished_reason(marker)]


def broken_reasons(marker, planned, flaws):
    """See brokenReasons of reasons.ts."""
    if not marker:
        return None
    known, current = known_etags(marker), known_etags(planned)
    broken = sum(
        key not in marker.get("leftOut", {}) and known.get(key, current[key]) != current[key] for key in flaws
    )
    if broken == 0:
        return None
    return [f"{broken} of {count(len(planned['raw']), 'raw object')} broken since", *unfinished_reason(marker)]


def unfinished_reason(marker):
    return ["unfinished: an earlier run ended while it replaced the day"] if "unfinished" in marker else []


def count(number, noun):
    return f"{number} {noun}{'' if number == 1 else 's'}"
