"""Brings one table of gold up to date, whichever way its days are transformed."""

import json

from gold_keys import is_day
from gold_plan import is_broken, known_unreadable, plan_days, unfinished_marker_of
from gold_report import skipped_values


def rebuild(engine, lake, table, transformation, first=None, last=None, dry_run=False):
    """Brings one table up to date. Returns its report.

    engine.inspect(table, keys, skipped) returns which raw objects are unreadable, not counting those of 0 bytes.
    engine.stage(table, keys, skipped, staging) writes the gold of the objects below `staging`, as that of gold_spark.py
    does, and returns the same.
    A run that ends anywhere leaves each day as it was or as it becomes, and stale unless it is complete.
    """
    known = read_markers(lake, state_prefix(table))
    raw = lake.list(table["rawPrefix"])
    stale, reasons, frozen, up_to_date, skipped = plan_days(
        transformation, table["rawPrefix"], raw, known, first, last
    )
    broken, to_rebuild = [], {}
    if dry_run:
        unreadable = {day: known_unreadable(known.get(day), planned["raw"]) for day, planned in stale.items()}
    else:
        unreadable = unreadable_of(engine, lake, table, stale, skipped)
        broken = [day for day in stale if is_broken(known.get(day), stale[day]["raw"], unreadable[day])]
        to_rebuild = {
            day: {**planned, "skipped": unreadable[day]} for day, planned in stale.items() if day not in broken
        }
    skipped += [key for keys in unreadable.values() for key in keys]
    lines_in, counts = replace_days(engine, lake, table, to_rebuild, known, skipped)
    rows, valid = (sum(values) for values in zip((0, 0), *counts.values()))
    return {
        "stale": list(stale),
        "rebuilt": list(to_rebuild),
        "frozen": sorted([*frozen, *broken]),
        "upToDate": len(up_to_date),
        "reasons": reasons | dict.fromkeys(broken, "raw broken"),
        "linesIn": lines_in,
        "rowsOut": rows,
        "duplicates": valid - rows,
        "rejected": lines_in - valid,
        **skipped_values(skipped),
    }


def state_prefix(table):
    return f"state/etl/{table['name']}/"


def unreadable_of(engine, lake, table, days, skipped):
    """{day: keys of its unreadable raw objects} of {day: marker to write}."""
    if not days:
        return {}
    # Spark passes over objects of 0 bytes.
    unreadable = set(lake.list_empty(table["rawPrefix"]))
    keys = [key for planned in days.values() for key in planned["raw"] if key not in unreadable]
    if keys:
        unreadable.update(engine.inspect(table, keys, skipped))
    return {day: [key for key in planned["raw"] if key in unreadable] for day, planned in days.items()}


def replace_days(engine, lake, table, days, known, skipped):
    """Rebuilds {day: marker to write}; `known` are the present markers. Returns what the engine counted."""
    if not days:
        return 0, {}
    staging = f"state/etl/staging/{table['name']}/"
    # Beside the folder, which Spark empties before it writes: Glue's file system makes an object PARENT_$folder$ of each
    # parent that has nothing below it, and the job may write none above state/etl/.
    begun = f"state/etl/staging/{table['name']}.begun"
    lake.write(begun, "")
    keys = [key for planned in days.values() for key in planned["raw"] if key not in planned["skipped"]]
    lines_in, counts = engine.stage(table, keys, skipped, staging) if keys else (0, {})
    staged = [key for key, _ in lake.list(staging)]
    check_still_there(lake, table, days)
    for day, planned in days.items():
        key = f"{state_prefix(table)}day={day}.json"
        if day in known:
            lake.write(key, json.dumps(unfinished_marker_of(known[day], planned["raw"], planned["skipped"])))
        replace_gold(lake, table, day, staged_file(staged, staging, day) if day in counts else None)
        lake.write(key, json.dumps(planned))
    lake.remove([*staged, begun])
    return lines_in, counts


def check_still_there(lake, table, planned):
    """Spark lists the folders itself: what expired after the plan was made is not in what it read."""
    there = {key for key, _ in lake.list(table["rawPrefix"])}
    gone = [key for marker in planned.values() for key in marker["raw"] if key not in there]
    if gone:
        raise RuntimeError(f"raw objects disappeared while the run read them ({len(gone)}), {gone[0]} first")


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
        raise RuntimeError(f"{day} was staged as {len(files)} files, not as one")
    return files[0]


def read_markers(lake, prefix):
    """{day: marker}"""
    markers = [parse_marker(key, lake.read(key)) for key, _ in lake.list(prefix) if key.endswith(".json")]
    return {marker["day"]: marker for marker in markers}


def parse_marker(key, text):
    try:
        marker = json.loads(text)
        if not is_day(marker["day"]):
            raise ValueError(marker["day"])
        return {name: marker[name] for name in ("day", "transformation", "raw", "skipped")}
    except (ValueError, KeyError, TypeError) as error:
        raise RuntimeError(f"{key} is not a marker of this job: delete it, and the next run rebuilds its day") from error
