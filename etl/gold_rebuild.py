"""Brings one table of gold up to date, whichever way its days are transformed."""

import json

from gold_keys import day_of_marker_key, is_day, no_such_day
from gold_objects import flaw_of
from gold_plan import (
    broken_reasons,
    by_key,
    count,
    known_flaws,
    plan_days,
    unfinished_marker_of,
    with_left_out,
)
from gold_report import left_out_figures


def rebuild(engine, lake, table, transformation, first=None, last=None, dry_run=False):
    """Brings one table up to date. Returns its report.

    engine.inspect(table, keys, left_out) tells the flaws of raw objects, {key: flaw}, but for those of 0 bytes;
    engine.stage(table, keys, left_out, staging) leaves the gold of the objects below `staging`, as that of gold_spark.py
    does, and returns the same.
    A run that ends anywhere leaves each day as it was or as it becomes, and stale unless it is whole.
    """
    known, no_markers = read_markers(lake, state_prefix(table))
    raw = lake.list(table["rawPrefix"])
    stale, reasons, frozen, up_to_date, left_out = plan_days(
        transformation, table["rawPrefix"], raw, known, first, last
    )
    if dry_run:
        flaws, broken, to_rebuild = {day: known_flaws(known.get(day), stale[day]) for day in stale}, {}, {}
    else:
        flaws = flaws_of(engine, lake, table, stale, left_out)
        found = {day: broken_reasons(known.get(day), stale[day], flaws[day]) for day in stale}
        broken = {day: why for day, why in found.items() if why is not None}
        to_rebuild = {day: planned for day, planned in stale.items() if day not in broken}
    left_out |= {key: flaw for of_day in flaws.values() for key, flaw in of_day.items()}
    lines_in, counts = replace_days(engine, lake, table, to_rebuild, known, flaws, left_out)
    rows, valid = (sum(figures) for figures in zip((0, 0), *counts.values()))
    return {
        "stale": list(stale),
        "rebuilt": list(to_rebuild),
        "frozen": sorted([*frozen, *broken]),
        "upToDate": len(up_to_date),
        "reasons": reasons | broken,
        "linesIn": lines_in,
        "rowsOut": rows,
        "duplicates": valid - rows,
        "rejected": lines_in - valid,
        **left_out_figures(dict(by_key((left_out | no_markers).items()))),
    }


def state_prefix(table):
    return f"state/etl/{table['name']}/"


def flaws_of(engine, lake, table, days, left_out):
    """{day: {key: why it cannot be read}} of the raw objects of {day: marker to write}."""
    if not days:
        return {}
    flaws = dict.fromkeys(lake.list_empty(table["rawPrefix"]), flaw_of(b""))
    keys = [key for planned in days.values() for key in planned["raw"] if key not in flaws]
    if keys:
        flaws |= engine.inspect(table, keys, left_out)
    return {day: {key: flaws[key] for key in planned["raw"] if key in flaws} for day, planned in days.items()}


def replace_days(engine, lake, table, days, known, flaws, left_out):
    """Rebuilds {day: marker to write}, which has the markers `known` so far. Returns what the engine counted."""
    if not days:
        return 0, {}
    staging = f"state/etl/staging/{table['name']}/"
    # Beside the folder, which Spark empties before it writes: Glue's file system makes an object PARENT_$folder$ of each
    # parent that has nothing below it, and the job may write none above state/etl/.
    begun = f"state/etl/staging/{table['name']}.begun"
    lake.write(begun, "")
    keys = [key for day, planned in days.items() for key in planned["raw"] if key not in flaws[day]]
    lines_in, counts = engine.stage(table, keys, left_out, staging) if keys else (0, {})
    staged = [key for key, _ in lake.list(staging)]
    check_still_there(lake, table, days)
    for day, planned in days.items():
        key = f"{state_prefix(table)}day={day}.json"
        if day in known:
            lake.write(key, json.dumps(unfinished_marker_of(known[day], planned, flaws[day])))
        replace_gold(lake, table, day, staged_file(staged, staging, day) if day in counts else None)
        marker = {**planned, "rows": counts.get(day, (0, 0))[0]}
        lake.write(key, json.dumps(with_left_out(marker, flaws[day])))
    lake.remove([*staged, begun])
    return lines_in, counts


def check_still_there(lake, table, planned):
    """Spark lists the folders itself: what expired after the plan was made is not in what it read."""
    there = {key for key, _ in lake.list(table["rawPrefix"])}
    gone = [key for marker in planned.values() for key in marker["raw"] if key not in there]
    if gone:
        raise RuntimeError(f"{count(len(gone), 'raw object')} went away while the run read them, {gone[0]} first")


def replace_gold(lake, table, day, staged):
    """One file a day, replaced at once: readers see the old one or the new. What else lies there goes afterwards."""
    prefix = f"gold/{table['name']}/day={day}/"
    target = f"{prefix}{table['name']}.parquet"
    if staged is not None:
        lake.copy(staged, target)
    others = [key for key, _ in lake.list(prefix) if staged is None or key != target]
    if others:
        lake.remove(others)


def staged_file(keys, staging, day):
    files = [key for key in keys if key.startswith(f"{staging}day={day}/") and key.endswith(".parquet")]
    if len(files) != 1:
        raise RuntimeError(f"{day} was staged as {count(len(files), 'file')}, not as one")
    return files[0]


def read_markers(lake, prefix):
    """({day: marker}, {key: why it is left out}), the latter of days that do not exist: an earlier version made such markers."""
    markers, left_out = {}, {}
    for key, _ in lake.list(prefix):
        day = day_of_marker_key(key)
        if day is not None and not is_day(day):
            left_out[key] = no_such_day(day)
        elif key.endswith(".json"):
            marker = parse_marker(key, lake.read(key))
            markers[marker["day"]] = marker
    return markers, left_out


def parse_marker(key, text):
    try:
        marker = json.loads(text)
        if not is_day(marker["day"]):
            raise ValueError(no_such_day(marker["day"]))
        return {**marker, "fingerprint": marker["fingerprint"], "raw": marker["raw"]}
    except (ValueError, KeyError, TypeError) as error:
        raise RuntimeError(f"{key} is no marker of this job: delete it, and its day is rebuilt") from error
