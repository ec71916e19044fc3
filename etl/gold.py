"""Glue 5.0 (Spark 3.5) job: brings the tables of gold up to date with what is archived.

"make" for days. A day is stale when the fingerprint of its raw objects (keys and ETags) and of the transformation differs
from the one in its marker, state/etl/TABLE/day=YYYY-MM-DD.json. Stale days are rebuilt from all their raw: staged by
Spark, copied over the day's one file of gold, the marker last. No clock is compared: LastModified has a resolution of one
second, and an object that lands during the run would be missed. The transformation itself is TABLE.sql; TABLE.json says
where in an archived line its columns come from.
"""

import argparse
import datetime
import functools
import hashlib
import json
import re
import sys
import time

import boto3
from pyspark.sql import DataFrame, SparkSession

# Names of etl/tables.ts.
TABLES = ("observations", "alerts")

# What follows the prefix in a raw key; anything else under the prefix is no raw object.
RAW_KEY = re.compile(r"year=([0-9]{4})/month=([0-9]{2})/day=([0-9]{2})/hour=[0-9]{2}/[^/]+\.ndjson\.gz")

# DeleteObjects takes at most 1000 keys.
DELETE_LIMIT = 1000

SPARK_SETTINGS = {
    # Times are UTC wherever the job runs; with time zones, a session elsewhere would shift them.
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
    # Folder names are text: month=04 stays "04".
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    # A few tasks for each of the job's 8 cores; with the default of 200, starting them takes longer than their work.
    "spark.sql.shuffle.partitions": "16",
    # TRY_CAST gives NULL either way; without ANSI mode nothing else fails on a bad leaf.
    "spark.sql.ansi.enabled": "false",
}


class ArgumentError(ValueError):
    """An argument is missing or not allowed."""


def parse_arguments(argv):
    """Raises ArgumentError, which names the argument, its value and what is allowed."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--bucket", default="")
    parser.add_argument("--tables", default="", help="names, separated by commas")
    parser.add_argument("--etl_prefix", default="etl/", help="where TABLE.sql and TABLE.json are")
    parser.add_argument("--from", dest="first", help="day YYYY-MM-DD: rebuild from here on, whether stale or not")
    parser.add_argument("--to", dest="last", help="day YYYY-MM-DD: rebuild up to here, this day included")
    parser.add_argument("--dry_run", default="false", help="true: say what is stale and why, write nothing")
    parser.add_argument("--JOB_RUN_ID", default="by-hand", help="Glue's id of the run")
    parser.add_argument("--data_root", help="where Spark finds the bucket's files; s3://BUCKET unless given")
    # Glue adds its own (--JOB_NAME, --TempDir, ...).
    arguments, _ = parser.parse_known_args(argv)
    check_days(arguments.first, arguments.last)
    for name in ("bucket", "tables", "etl_prefix", "dry_run", "JOB_RUN_ID"):
        if not getattr(arguments, name):
            raise ArgumentError(f"--{name} is missing: the Glue job must pass it")
    if not set(arguments.tables.split(",")) <= set(TABLES):
        raise ArgumentError(f'--tables is "{arguments.tables}"; allowed: {", ".join(TABLES)}, separated by commas')
    if arguments.dry_run not in ("true", "false"):
        raise ArgumentError(f'--dry_run is "{arguments.dry_run}"; allowed: true, false')
    return arguments


def check_days(first, last):
    for name, day in (("from", first), ("to", last)):
        if day is not None and not is_day(day):
            raise ArgumentError(f'--{name} is "{day}"; allowed: a day that exists, YYYY-MM-DD')
    if first is not None and last is not None and first > last:
        raise ArgumentError(f'--from is "{first}"; allowed: a day not after --to, {last}')


def is_day(text):
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is not None


class Lake:
    """The bucket, through S3's own API."""

    def __init__(self, s3, bucket):
        self.s3, self.bucket = s3, bucket

    def list(self, prefix):
        """[(key, etag)]"""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", [])]

    def read(self, key):
        return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read().decode()

    def write(self, key, text):
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=text.encode())

    def copy(self, source, target):
        """Replaces the target at once. CopyObject takes at most 5 GB."""
        self.s3.copy_object(Bucket=self.bucket, Key=target, CopySource={"Bucket": self.bucket, "Key": source})

    def remove(self, keys):
        for start in range(0, len(keys), DELETE_LIMIT):
            batch = [{"Key": key} for key in keys[start:start + DELETE_LIMIT]]
            answer = self.s3.delete_objects(Bucket=self.bucket, Delete={"Objects": batch, "Quiet": True})
            if answer.get("Errors"):
                failed = answer["Errors"][0]
                raise RuntimeError(f"s3://{self.bucket}/{failed['Key']}: {failed['Code']} {failed['Message']}")


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
    """What planDays of plan.ts says: ({day: marker to write} of the stale days, {day: reasons}, frozen days, days up to date).

    A frozen day's raw is partly gone, so its gold stays, also when it is asked for.
    """
    is_asked = first is not None or last is not None
    days = {}
    for key, etag in raw:
        match = RAW_KEY.fullmatch(key[len(raw_prefix):])
        if match:
            days.setdefault("-".join(match.groups()), []).append((key, etag))
    stale, reasons, frozen, up_to_date = {}, {}, [], []
    for day, members in sorted(days.items()):
        if (first is not None and day < first) or (last is not None and day > last):
            continue
        marker = markers.get(day)
        planned = marker_of(day, by_key(members), transformation)
        is_same = bool(marker) and marker["fingerprint"] == planned["fingerprint"] and "unfinished" not in marker
        if is_same and not is_asked:
            up_to_date.append(day)
        elif marker and set(marker["raw"]) - set(planned["raw"]):
            frozen.append(day)
            reasons[day] = frozen_reasons(marker, planned)
        else:
            stale[day] = planned
            reasons[day] = ["asked for"] if is_same else stale_reasons(marker, planned)
    return stale, reasons, frozen, up_to_date


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


def raw_ddl(table):
    """Spark DDL of an archived line as far as gold needs it, every leaf a string."""
    tree = {}
    sources = [column["source"] for column in table["columns"] if "source" in column]
    for path in sources + table["ordering"]:
        node = tree
        *folders, leaf = path.split(".")
        for folder in folders:
            node = node.setdefault(folder, {})
        node[leaf] = None

    def spark_type(node):
        if node is None:
            return "STRING"
        return f"STRUCT<{', '.join(f'`{name}`: {spark_type(member)}' for name, member in node.items())}>"

    return ", ".join(f"`{name}` {spark_type(node)}" for name, node in tree.items())


def raw_lines(spark, table, root, days) -> DataFrame:
    """Lines of the days that are not blank: `line`, its folder's columns and the object's path."""
    base = f"{root}/{table['rawPrefix']}"
    folders = [f"{base}year={day[:4]}/month={day[5:7]}/day={day[8:]}/" for day in days]
    # As text, and not as JSON, so that a line is one row whatever it holds; an array would be a row an element.
    text = spark.read.option("basePath", base).option("lineSep", "\n").option("pathGlobFilter", "*.ndjson.gz").text(folders)
    return text.selectExpr(
        "value AS line", "concat_ws('-', year, month, day) AS raw_day", "_metadata.file_path AS raw_file"
    ).where(r"line RLIKE '[^ \\t\\r]'")


def transform(spark, sql, table, lines) -> DataFrame:
    """Gold rows of the lines."""
    records = lines.selectExpr(f"from_json(line, '{raw_ddl(table)}') AS record", "raw_day", "raw_file")
    view = [f"{quoted('record.' + path)} AS `{name}`" for name, path in table["view"].items()]
    records.selectExpr(*view, "raw_day", "raw_file").createOrReplaceTempView("raw")
    return spark.sql(sql)


def quoted(path):
    return ".".join(f"`{name}`" for name in path.split("."))


def stage(spark, sql, table, root, days, staging):
    """Writes the gold of the days below `staging`, one sorted zstd file a day. Returns (lines read, {day: (rows, lines)})."""
    lines = raw_lines(spark(), table, root, days)
    gold = transform(spark(), sql, table, lines).cache()
    counts = gold.groupBy("day").agg({"*": "count", "copies": "sum"}).collect()
    (
        gold.drop("copies")
        .repartition("day")
        .sortWithinPartitions("day", *table["sort"])
        .write.mode("overwrite")
        .partitionBy("day")
        .parquet(f"{root}/{staging}")
    )
    gold.unpersist()
    return lines.count(), {row["day"]: (row["count(1)"], row["sum(copies)"]) for row in counts}


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
    """{day: marker}"""
    markers = {}
    for key, _ in lake.list(prefix):
        if key.endswith(".json"):
            try:
                marker = json.loads(lake.read(key))
                markers[marker["day"]] = {**marker, "fingerprint": marker["fingerprint"], "raw": marker["raw"]}
            except (ValueError, KeyError, TypeError) as error:
                raise RuntimeError(f"{key} is no marker of this job: delete it, and its day is rebuilt") from error
    return markers


def rebuild(stage, lake, table, transformation, first=None, last=None, dry_run=False):
    """Brings one table up to date. Returns its report.

    stage(table, days, staging) leaves the gold of the days as `stage` above does, and returns the same.
    A run that ends anywhere leaves each day as it was or as it becomes, and stale unless it is whole.
    """
    state, staging = f"state/etl/{table['name']}/", f"state/etl/staging/{table['name']}/"
    known = read_markers(lake, state)
    raw = lake.list(table["rawPrefix"])
    stale, reasons, frozen, up_to_date = plan_days(transformation, table["rawPrefix"], raw, known, first, last)
    to_rebuild = {} if dry_run else stale
    lines_in, counts = 0, {}
    if to_rebuild:
        lines_in, counts = stage(table, list(to_rebuild), staging)
        staged = [key for key, _ in lake.list(staging)]
        check_still_there(lake, table, to_rebuild)
        for day, planned in to_rebuild.items():
            key = f"{state}day={day}.json"
            if day in known:
                lake.write(key, json.dumps(unfinished_marker_of(known[day], planned)))
            replace_gold(lake, table, day, staged_file(staged, staging, day) if day in counts else None)
            lake.write(key, json.dumps({**planned, "rows": counts.get(day, (0, 0))[0]}))
        lake.remove(staged)
    rows, valid = (sum(figures) for figures in zip((0, 0), *counts.values()))
    return {
        "stale": list(stale),
        "rebuilt": list(to_rebuild),
        "frozen": frozen,
        "upToDate": len(up_to_date),
        "reasons": reasons,
        "linesIn": lines_in,
        "rowsOut": rows,
        "duplicates": valid - rows,
        "rejected": lines_in - valid,
    }


def check_still_there(lake, table, planned):
    """Spark lists the folders itself: what expired after the plan was made is not in what it read."""
    there = {key for key, _ in lake.list(table["rawPrefix"])}
    gone = [key for marker in planned.values() for key in marker["raw"] if key not in there]
    if gone:
        raise RuntimeError(f"{count(len(gone), 'raw object')} went away while the run read them, {gone[0]} first")


@functools.cache
def spark_session():
    builder = SparkSession.builder
    for name, value in SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


METRICS = {
    "RebuiltDays": ("Count", lambda report: len(report["rebuilt"])),
    "FrozenDays": ("Count", lambda report: len(report["frozen"])),
    "LinesIn": ("Count", lambda report: report["linesIn"]),
    "RowsOut": ("Count", lambda report: report["rowsOut"]),
    "Duplicates": ("Count", lambda report: report["duplicates"]),
    "Rejected": ("Count", lambda report: report["rejected"]),
    "Seconds": ("Seconds", lambda report: report["seconds"]),
}


def metric_lines(report):
    """A line for each table that CloudWatch makes metrics of when it is logged.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    started_at = datetime.datetime.fromisoformat(report["startedAt"])
    definition = {
        "Namespace": "Stormwire",
        "Dimensions": [["table"]],
        "Metrics": [{"Name": name, "Unit": unit} for name, (unit, _) in METRICS.items()],
    }
    head = {"Timestamp": round(started_at.timestamp() * 1000), "CloudWatchMetrics": [definition]}
    return [
        json.dumps({"_aws": head, "table": name, "run": report["run"]} | {
            metric: figure(table) for metric, (_, figure) in METRICS.items()
        })
        for name, table in report["tables"].items()
    ]


def report_key(report):
    """The names sort by the time of the run."""
    return f"reports/etl/{report['startedAt'].replace(':', '')}-{report['run']}.json"


def run(lake, arguments):
    """Brings the tables up to date, leaves the report in the bucket and returns it. A dry run writes nothing at all."""
    started_at, started = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    root = arguments.data_root or f"s3://{lake.bucket}"
    is_dry = arguments.dry_run == "true"
    tables = {}
    for name in arguments.tables.split(","):
        table_started = time.monotonic()
        sql = lake.read(f"{arguments.etl_prefix}{name}.sql")
        definition = lake.read(f"{arguments.etl_prefix}{name}.json")

        def stage_table(table, days, staging, sql=sql):
            return stage(spark_session, sql, table, root, days, staging)

        table = json.loads(definition)
        tables[name] = rebuild(stage_table, lake, table, sql + definition, arguments.first, arguments.last, is_dry)
        tables[name]["seconds"] = seconds_since(table_started)
    report = {
        "run": arguments.JOB_RUN_ID,
        "engine": "spark",
        "startedAt": started_at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "seconds": seconds_since(started),
        "dryRun": is_dry,
        "from": arguments.first,
        "to": arguments.last,
        "tables": tables,
    }
    if not is_dry:
        lake.write(report_key(report), json.dumps(report))
    return report


def seconds_since(started):
    return round(time.monotonic() - started, 3)


def main(argv):
    arguments = parse_arguments(argv)
    report = run(Lake(boto3.client("s3"), arguments.bucket), arguments)
    if not report["dryRun"]:
        print("\n".join(metric_lines(report)))
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1:])
