"""What Spark does of the job: reads raw lines, transforms and stages them."""

import functools
import re

import gold_objects
from pyspark import cloudpickle
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import udf

# Executors get its functions themselves: no page of AWS says that they can import what --extra-py-files names.
cloudpickle.register_pickle_by_value(gold_objects)

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


@functools.cache
def spark_session():
    builder = SparkSession.builder
    for name, value in SPARK_SETTINGS.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


class SparkEngine:
    """What rebuild needs of Spark."""

    def __init__(self, sql, root):
        self.sql, self.root = sql, root

    def inspect(self, table, keys, skipped):
        return inspect(spark_session(), table, self.root, keys, skipped)

    def stage(self, table, keys, skipped, staging):
        return stage(spark_session(), self.sql, table, self.root, keys, skipped, staging)


def raw_ddl(table):
    """Spark DDL of an archived line as far as gold needs it, every leaf a string."""
    tree = {}
    sources = [column["source"] for column in table["columns"] if "source" in column]
    for path in sources + table["alsoRead"]:
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


# Of a raw key, year= to hour= and the name.
FOLDERS_OF_A_KEY = 4

GLOB_CHARACTERS = re.compile(r"([\[\]{}*?\\])")


def paths_of(table, root, keys, skipped):
    """What Spark is to read for the objects: folders of hours, for names would be too many.

    Where an object of an hour is skipped, the other objects of that hour by name.
    """
    depth = table["rawPrefix"].count("/") + FOLDERS_OF_A_KEY

    def hour_of(key):
        return "/".join(key.split("/")[:depth])

    by_name = {hour_of(key) for key in skipped}
    hours = {hour_of(key) for key in keys} - by_name
    names = [GLOB_CHARACTERS.sub(r"\\\1", key) for key in keys if hour_of(key) in by_name]
    return [f"{root}/{path}" for path in [*sorted(hours), *names]]


def inspect(spark, table, root, keys, skipped):
    """Keys of the unreadable objects; Spark passes over those of 0 bytes."""
    depth = table["rawPrefix"].count("/") + FOLDERS_OF_A_KEY + 1
    paths = paths_of(table, root, keys, skipped)
    objects = spark.read.format("binaryFile").option("pathGlobFilter", "*.ndjson.gz").load(paths)
    unreadable = objects.where(~udf(gold_objects.is_readable, "boolean")("content")).select("path")
    return ["/".join(row["path"].split("/")[-depth:]) for row in unreadable.collect()]


def raw_lines(spark, table, root, keys, skipped) -> DataFrame:
    """Lines of the objects that are not blank: `line`, its folder's columns and the object's path."""
    # As text, and not as JSON, so that a line is one row whatever it holds; an array would be a row an element.
    reader = spark.read.option("basePath", f"{root}/{table['rawPrefix']}").option("lineSep", "\n")
    text = reader.option("pathGlobFilter", "*.ndjson.gz").text(paths_of(table, root, keys, skipped))
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


def stage(spark, sql, table, root, keys, skipped, staging):
    """Writes the gold of the objects below `staging`, one sorted zstd file a day. Returns (lines read, {day: (rows, lines)})."""
    lines = raw_lines(spark, table, root, keys, skipped)
    gold = transform(spark, sql, table, lines).cache()
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
