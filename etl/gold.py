"""Glue 5.0 (Spark 3.5) job: brings the tables of gold up to date with what is archived.

"make" for days. A day is stale when the fingerprint of its raw objects (keys and ETags) and of the transformation differs
from the one in its marker, state/etl/TABLE/day=YYYY-MM-DD.json. Stale days are rebuilt from all their raw: gold
first, the marker after. No clock is compared: LastModified has a resolution of one second, and an object that lands during
the run would be missed. The transformation itself is TABLE.sql; TABLE.json says where
in an archived line its columns come from.
"""

import argparse
import functools
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
    parser.add_argument("--tables", required=True, help="names, separated by commas")
    parser.add_argument("--etl_prefix", default="etl/", help="where TABLE.sql and TABLE.json are")
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


def read_text(s3, bucket, key):
    return s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()


def read_markers(s3, bucket, prefix):
    keys = [key for key, _ in list_objects(s3, bucket, prefix) if key.endswith(".json")]
    markers = [json.loads(read_text(s3, bucket, key)) for key in keys]
    return {marker["day"]: marker for marker in markers}


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


def transform(spark, sql, table, root, days) -> DataFrame:
    """Gold rows of the days, all at once."""
    base = f"{root}/{table['rawPrefix']}"
    folders = [f"{base}year={day[:4]}/month={day[5:7]}/day={day[8:]}/" for day in days]
    lines = spark.read.schema(raw_ddl(table)).option("basePath", base).json(folders)
    view = [f"{quoted(path)} AS `{name}`" for name, path in table["view"].items()]
    lines.selectExpr(
        *view, "concat_ws('-', year, month, day) AS raw_day", "_metadata.file_path AS raw_file"
    ).createOrReplaceTempView("raw")
    return spark.sql(sql)


def quoted(path):
    return ".".join(f"`{name}`" for name in path.split("."))


def write_gold(gold, sort, target):
    """One zstd file a day."""
    (
        gold.drop("copies")
        .repartition("day")
        .sortWithinPartitions("day", *sort)
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


def rebuild(spark, s3, bucket, table, sql, transformation, root):
    """Brings one table up to date. Returns its report."""
    state, target = f"state/etl/{table['name']}/", f"gold/{table['name']}/"
    stale, frozen = plan_days(
        transformation,
        table["rawPrefix"],
        list_objects(s3, bucket, table["rawPrefix"]),
        read_markers(s3, bucket, state),
    )
    rows = {}
    if stale:
        gold = transform(spark(), sql, table, root, list(stale)).cache()
        rows = {row["day"]: row["count"] for row in gold.groupBy("day").count().collect()}
        write_gold(gold, table["sort"], f"{root}/{target}")
        gold.unpersist()
    for day, planned in stale.items():
        if day not in rows:
            remove_day(s3, bucket, f"{target}day={day}/")
        marker = {"day": day, **planned, "rows": rows.get(day, 0)}
        s3.put_object(Bucket=bucket, Key=f"{state}day={day}.json", Body=json.dumps(marker).encode())
    return {"rebuilt": list(stale), "frozen": frozen, "rowsOut": sum(rows.values())}


@functools.cache
def spark_session():
    builder = SparkSession.builder
    for name, value in SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def main(argv):
    arguments = parse_arguments(argv)
    bucket = arguments.bucket
    s3 = boto3.client("s3")
    reports = {}
    for name in arguments.tables.split(","):
        sql = read_text(s3, bucket, f"{arguments.etl_prefix}{name}.sql")
        definition = read_text(s3, bucket, f"{arguments.etl_prefix}{name}.json")
        root = arguments.data_root or f"s3://{bucket}"
        reports[name] = rebuild(spark_session, s3, bucket, json.loads(definition), sql, sql + definition, root)
    print(json.dumps(reports))


if __name__ == "__main__":
    main(sys.argv[1:])
