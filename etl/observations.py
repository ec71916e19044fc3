"""Glue 5.0 (Spark 3.5) job: brings gold/observations up to date with raw/.

"make" for days. A day is stale when the fingerprint of its raw objects (keys and ETags) and of the transformation differs
from the one in its marker, state/etl/observations/day=YYYY-MM-DD.json. Stale days are rebuilt from all their raw: gold
first, the marker after. No clock is compared: LastModified has a resolution of one second, and an object that lands during
the run would be missed. The transformation itself is observations.sql; the fields come from record.json.
"""

import argparse
import hashlib
import json
import re
import sys

import boto3
from pyspark.sql import DataFrame, SparkSession

# What follows the prefix in a raw key; anything else under the prefix is no raw object.
RAW_KEY = re.compile(r"year=(\d{4})/month=(\d{2})/day=(\d{2})/hour=\d{2}/[^/]+\.ndjson\.gz")

# DeleteObjects takes at most 1000 keys.
DELETE_LIMIT = 1000

SPARK_SETTINGS = {
    # A rebuilt day replaces its own partition and no other.
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
    # Times are UTC wherever the job runs; with time zones, a session elsewhere would shift them.
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "UTC",
    # Folder names are text: month=04 stays "04".
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    "spark.sql.parquet.compression.codec": "zstd",
    # TRY_CAST gives NULL either way; without ANSI mode nothing else fails on a bad leaf.
    "spark.sql.ansi.enabled": "false",
}


def parse_arguments(argv):
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--bucket", required=True)
    parser.add_argument("--raw_prefix", default="raw/")
    parser.add_argument("--gold_prefix", default="gold/observations/")
    parser.add_argument("--state_prefix", default="state/etl/observations/")
    parser.add_argument("--sql_uri", required=True, help="s3://BUCKET/KEY of observations.sql")
    parser.add_argument("--schema_uri", required=True, help="s3://BUCKET/KEY of record.json")
    parser.add_argument("--data_root", help="where Spark finds the bucket's files; s3://BUCKET unless given")
    # Glue adds its own (--JOB_NAME, --TempDir, ...).
    arguments, _ = parser.parse_known_args(argv)
    return arguments


def fingerprint(transformation, objects):
    """SHA-256, hexadecimal, over the transformation's digest and the sorted (key, etag) pairs; plan.ts computes the same."""
    digest = hashlib.sha256()
    digest.update(f"{hashlib.sha256(transformation.encode()).hexdigest()}\n".encode())
    for key, etag in sorted(objects, key=lambda pair: pair[0].encode()):
        digest.update(f"{key}\t{etag}\n".encode())
    return digest.hexdigest()


def plan_days(transformation, raw_prefix, raw, markers):
    """Returns {day: {"fingerprint", "raw"}} of the stale days, and the days whose raw is partly gone (their gold stays)."""
    days = {}
    for key, etag in raw:
        match = RAW_KEY.fullmatch(key[len(raw_prefix):])
        if match:
            days.setdefault("-".join(match.groups()), []).append((key, etag))
    stale, frozen = {}, []
    for day, objects in sorted(days.items()):
        marker = markers.get(day)
        current = fingerprint(transformation, objects)
        keys = sorted((key for key, _ in objects), key=str.encode)
        if marker and marker["fingerprint"] == current:
            continue
        if marker and set(marker["raw"]) - set(keys):
            frozen.append(day)
        else:
            stale[day] = {"fingerprint": current, "raw": keys}
    return stale, frozen


def list_objects(s3, bucket, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [(item["Key"], item["ETag"]) for page in pages for item in page.get("Contents", [])]


def read_text(s3, uri):
    match = re.fullmatch(r"s3://([^/]+)/(.+)", uri)
    if not match:
        raise ValueError(f'"{uri}" is not of the form s3://BUCKET/KEY')
    return s3.get_object(Bucket=match[1], Key=match[2])["Body"].read().decode()


def read_markers(s3, bucket, prefix):
    keys = [key for key, _ in list_objects(s3, bucket, prefix) if key.endswith(".json")]
    markers = [json.loads(read_text(s3, f"s3://{bucket}/{key}")) for key in keys]
    return {marker["day"]: marker for marker in markers}


def raw_ddl(fields):
    """Spark DDL of an archived line as far as gold needs it, every leaf a string."""
    tree = {}
    for path in [column["source"] for column in fields["columns"]] + fields["ordering"]:
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


def transform(spark, sql, fields, root, raw_prefix, days) -> DataFrame:
    """Gold rows of the days, all at once."""
    base = f"{root}/{raw_prefix}"
    folders = [f"{base}year={day[:4]}/month={day[5:7]}/day={day[8:]}/" for day in days]
    lines = spark.read.schema(raw_ddl(fields)).option("basePath", base).json(folders)
    lines.selectExpr(
        "data.time AS observation_time",
        "data.values AS measures",
        "location.id AS location_id",
        "location.name AS location_name",
        "location.lat AS latitude",
        "location.lon AS longitude",
        "source",
        "archive.arrivedAt AS arrived_at",
        "archive.sequenceNumber AS sequence_number",
        "concat_ws('-', year, month, day) AS raw_day",
        "_metadata.file_path AS raw_file",
    ).createOrReplaceTempView("raw_observations")
    return spark.sql(sql)


def write_gold(gold, target):
    """One zstd file a day, sorted by place and time."""
    (
        gold.drop("copies")
        .repartition("day")
        .sortWithinPartitions("day", "location", "observed_at")
        .write.mode("overwrite")
        .partitionBy("day")
        .parquet(target)
    )


def remove_day(s3, bucket, prefix):
    """Dynamic overwrite leaves a day without rows as it was."""
    keys = [{"Key": key} for key, _ in list_objects(s3, bucket, prefix)]
    for start in range(0, len(keys), DELETE_LIMIT):
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys[start:start + DELETE_LIMIT], "Quiet": True})
        if answer.get("Errors"):
            raise RuntimeError(f"could not delete under s3://{bucket}/{prefix}: {answer['Errors'][0]}")


def main(argv):
    arguments = parse_arguments(argv)
    bucket = arguments.bucket
    s3 = boto3.client("s3")
    sql, schema = read_text(s3, arguments.sql_uri), read_text(s3, arguments.schema_uri)
    stale, frozen = plan_days(
        sql + schema,
        arguments.raw_prefix,
        list_objects(s3, bucket, arguments.raw_prefix),
        read_markers(s3, bucket, arguments.state_prefix),
    )
    rows = {}
    if stale:
        builder = SparkSession.builder
        for name, value in SPARK_SETTINGS.items():
            builder = builder.config(name, value)
        spark = builder.getOrCreate()
        root = arguments.data_root or f"s3://{bucket}"
        gold = transform(spark, sql, json.loads(schema), root, arguments.raw_prefix, list(stale)).cache()
        rows = {row["day"]: row["count"] for row in gold.groupBy("day").count().collect()}
        write_gold(gold, f"{root}/{arguments.gold_prefix}")
        gold.unpersist()
    for day, planned in stale.items():
        if day not in rows:
            remove_day(s3, bucket, f"{arguments.gold_prefix}day={day}/")
        marker = {"day": day, **planned, "rows": rows.get(day, 0)}
        s3.put_object(Bucket=bucket, Key=f"{arguments.state_prefix}day={day}.json", Body=json.dumps(marker).encode())
    print(json.dumps({"rebuilt": list(stale), "frozen": frozen, "rowsOut": sum(rows.values())}))


if __name__ == "__main__":
    main(sys.argv[1:])
