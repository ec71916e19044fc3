import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stackPath } from "./account.ts";

/** Names of the resources that the links open. */
export interface ConsoleTargets {
  readonly bucket: string;
  readonly stream: string;
  readonly topicArn: string;
  readonly workflow: string;
  readonly workgroup: string;
  readonly database: string;
  readonly dashboard: string;
}

/** Hosts of the console by the beginning of a region's name. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html#arns-partitions */
const CONSOLE_HOSTS: readonly (readonly [string, string])[] = [
  ["cn-", "console.amazonaws.cn"],
  ["us-gov-", "console.amazonaws-us-gov.com"],
  ["", "console.aws.amazon.com"],
];

/** {@link consolePages} of this stack, in its own region. */
export function linkConsole(
  targets: pulumi.Inputs & Readonly<Record<keyof ConsoleTargets, pulumi.Input<string>>>,
): pulumi.Output<Record<string, string>> {
  const logs = stackPath("");
  return pulumi
    .all([aws.getRegionOutput().region, targets])
    .apply(([region, resolved]) => consolePages(region, logs, resolved));
}

/**
 * URLs of the AWS console, by what they show.
 * @param logs common beginning of the functions' log groups
 */
export function consolePages(
  region: string,
  logs: string,
  { bucket, stream, topicArn, workflow, workgroup, database, dashboard }: ConsoleTargets,
): Record<string, string> {
  return {
    bucket: page("s3", `buckets/${encodeURIComponent(bucket)}`),
    stream: page("kinesis", "home", `/streams/details/${encodeURIComponent(stream)}/monitoring`),
    topic: page("sns", "v3/home", `/topic/${topicArn}`),
    workflow: page("glue", "home", `/v2/etl-configuration/workflows/view/${encodeURIComponent(workflow)}`),
    tables: page("glue", "home", `/v2/data-catalog/databases/view/${encodeURIComponent(database)}`),
    queries: page("athena", "home", `/query-editor/saved-queries`, { workgroup }),
    alarms: page("cloudwatch", "home", "alarmsV2:"),
    dashboard: page("cloudwatch", "home", `dashboards/dashboard/${encodeURIComponent(dashboard)}`),
    logs: page("cloudwatch", "home", `logsV2:log-groups$3FlogGroupNameFilter$3D${fragmentValue(logs)}`),
  };

  function page(service: string, path: string, fragment = "", query: Readonly<Record<string, string>> = {}) {
    const [, host = ""] = CONSOLE_HOSTS.find(([prefix]) => region.startsWith(prefix)) ?? [];
    const search = new URLSearchParams({ region, ...query });
    return `https://${region}.${host}/${service}/${path}?${search}${fragment && `#${fragment}`}`;
  }
}

/** CloudWatch's console encodes a value of its fragment twice, and writes `$` for the `%` of the outcome. */
function fragmentValue(value: string): string {
  return encodeURIComponent(encodeURIComponent(value)).replaceAll("%", "$");
}
