"""The report and the metrics of a run; report.ts writes the same."""

import datetime
import json

# A folder of something else that was copied below raw/ must not make a report of megabytes.
NAMED_SKIPPED = 100

METRICS = {
    "RebuiltDays": ("Count", lambda report: len(report["rebuilt"])),
    "FrozenDays": ("Count", lambda report: len(report["frozen"])),
    "LinesIn": ("Count", lambda report: report["linesIn"]),
    "RowsOut": ("Count", lambda report: report["rowsOut"]),
    "Duplicates": ("Count", lambda report: report["duplicates"]),
    "Rejected": ("Count", lambda report: report["rejected"]),
    "Skipped": ("Count", lambda report: report["skipped"]),
    "Seconds": ("Seconds", lambda report: report["seconds"]),
}


def metric_lines(job, report):
    """One log line per table, from which CloudWatch makes metrics; `service` is the name of the job.

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
            metric: value(table) for metric, (_, value) in METRICS.items()
        })
        for name, table in report["tables"].items()
    ]


def skipped_values(keys):
    """What a table's report says about the objects that were skipped."""
    return {"skipped": len(keys), "skippedKeys": sorted(keys)[:NAMED_SKIPPED]}


def report_key(report):
    """The names sort by the time of the run."""
    return f"reports/etl/{report['startedAt'].replace(':', '')}-{report['run']}.json"
