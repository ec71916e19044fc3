"""Arguments of the job; arguments.ts takes the same ones and refuses them in the same words."""

import argparse

from gold_keys import is_day

# Names of etl/tables.ts.
TABLES = ("observations", "alerts")


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
    parser.add_argument("--JOB_NAME", default="by-hand", help="name of the Glue job")
    parser.add_argument("--JOB_RUN_ID", default="by-hand", help="Glue's id of the run")
    parser.add_argument("--data_root", help="where Spark finds the bucket's files; s3://BUCKET unless given")
    # Glue adds its own (--job-language, --TempDir, ...).
    arguments, _ = parser.parse_known_args(argv)
    check_days(arguments.first, arguments.last)
    for name in ("bucket", "tables", "etl_prefix", "dry_run", "JOB_NAME", "JOB_RUN_ID"):
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
