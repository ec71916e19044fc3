"""Glue 5.0 (Spark 3.5) job: brings the tables of gold up to date with what is archived.

"make" for days. A day is stale when the fingerprint of its raw objects (keys and ETags) and of the transformation differs
from the one in its marker, state/etl/TABLE/day=YYYY-MM-DD.json. Stale days are rebuilt from all their raw: staged by
Spark, copied over the day's one file of gold, the marker last. No clock is compared: LastModified has a resolution of one
second, and an object that lands during the run would be missed. The transformation itself is TABLE.sql; TABLE.json says
where in an archived line its columns come from.

Glue takes one script; the modules gold_*.py come by --extra-py-files.
"""

import datetime
import json
import sys
import time

import boto3

from gold_arguments import parse_arguments
from gold_lake import Lake
from gold_rebuild import rebuild
from gold_report import metric_lines, report_key
from gold_spark import SparkEngine, spark_session


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
        engine, table = SparkEngine(sql, root), json.loads(definition)
        tables[name] = rebuild(engine, lake, table, sql + definition, arguments.first, arguments.last, is_dry)
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
    # Also where no day turns out to be stale: whether Glue lets a Spark job end well that made no context, AWS does not say.
    spark_session()
    report = run(Lake(boto3.client("s3"), arguments.bucket), arguments)
    if not report["dryRun"]:
        print("\n".join(metric_lines(arguments.JOB_NAME, report)))
    print(json.dumps(report))


if __name__ == "__main__":
    main(sys.argv[1:])
