"""What Spark does of the job: reads raw lines, transforms and stages them."""

import functools

from pyspark.sql import DataFrame, SparkSession

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
