"""What the job tells of a run; report.ts writes the same."""

import datetime
import json

# A folder of something else that was copied below raw/ must not make a report of megabytes.
NAMED_LEFT_OUT = 100

METRICS = {
    "RebuiltDays": ("Count", lambda report: len(report["rebuilt"])),
    "FrozenDays": ("Count", lambda report: len(report["frozen"])),
    "LinesIn": ("Count", lambda report: report["linesIn"]),
    "RowsOut": ("Count", lambda report: report["rowsOut"]),
    "Duplicates": ("Count", lambda report: report["duplicates"]),
    "Rejected": ("Count", lambda report: report["rejected"]),
    "LeftOut": ("Count", lambda report: report["leftOut"]),
    "Seconds": ("Seconds", lambda report: report["seconds"]),
}


def metric_lines(job, report):
    """A line for each table that CloudWatch makes metrics of when it is logged; `service` is the job's name, as of functions.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    started_at = datetime.datetime.fromisoformat(report["startedAt"])
    definition = {
        "Namespace": "Stormwire",
        "Dimensions": [["service", "table"]],
        "Metrics": [{"Name": name, "Unit": unit} for name, (unit, _) in METRICS.items()],
    }
    head = {"Timestamp": round(started_at.timestamp() * 1000), "CloudWatchMetrics": [definition]}
    return [
        json.dumps({"_aws": head, "service": job, "table": name, "run": report["run"]} | {
            metric: figure(table) for metric, (_, figure) in METRICS.items()
        })
        for name, table in report["tables"].items()
    ]


def left_out_figures(left_out):
    """What a table's report says of {key: why it was left out}, which is sorted by key."""
    return {"leftOut": len(left_out), "leftOutReasons": dict(list(left_out.items())[:NAMED_LEFT_OUT])}


def report_key(report):
    """The names sort by the time of the run."""
    return f"reports/etl/{report['startedAt'].replace(':', '')}-{report['run']}.json"
