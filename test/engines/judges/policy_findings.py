"""Findings of parliament on the policies in a file, {name: document}; writes {name: [finding]} as JSON."""

import json
import sys

from parliament import analyze_policy_string, enhance_finding


def findings(document):
    for finding in analyze_policy_string(json.dumps(document)).findings:
        enhance_finding(finding)
        yield f"{finding.severity} {finding.issue}: {finding.title} {finding.detail} {finding.location}"


with open(sys.argv[1], encoding="utf-8") as file:
    policies = json.load(file)
json.dump({name: list(findings(document)) for name, document in policies.items()}, sys.stdout)
