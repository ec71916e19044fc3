import { z } from "zod";
import { type Graph, type Resource, resourcesOfType } from "../../local/graph.ts";
import type { Deployment, GlueRun, LambdaFunction, Stream, Subscriber, Timer } from "./deployment.ts";

/** What Kinesis gives an on-demand stream at first. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
const ON_DEMAND_SHARDS = 4;
/** Lambda's own, where the program says nothing. */
const DEFAULT_MEMORY_MEGABYTES = 128;
const DEFAULT_BATCH_SIZE = 100;

/** Reads the facts of a graph. Throws zod's error for an input of another shape than the provider's. */
export function readDeployment(graph: Graph): Deployment {
  const all = (type: string) => resourcesOfType(graph, type);
  const logGroups = new Map(
    all("aws:cloudwatch/logGroup:LogGroup").map(({ outputs, inputs }) => [
      outputs.name,
      z.number().optional().parse(inputs.retentionInDays),
    ]),
  );
  const functionsByArn = new Map(
    all("aws:lambda/function:Function").flatMap(({ name, outputs }) => [
      [outputs.arn, name] as const,
      [outputs.name, name] as const,
    ]),
  );
  const nameOf = (reference: unknown): string => functionsByArn.get(reference) ?? String(reference);
  return {
    region: graph.region,
    streams: all("aws:kinesis/stream:Stream").map(stream),
    keys: all("aws:kms/key:Key").map(({ inputs }) => ({ isRotated: inputs.enableKeyRotation === true })),
    functions: all("aws:lambda/function:Function").map((resource) => lambda(resource, logGroups)),
    mappings: all("aws:lambda/eventSourceMapping:EventSourceMapping").map(({ inputs }) => ({
      function: nameOf(inputs.functionName),
      batchSize: z.number().default(DEFAULT_BATCH_SIZE).parse(inputs.batchSize),
      windowSeconds: z.number().default(0).parse(inputs.maximumBatchingWindowInSeconds),
      partsOfShard: z.number().default(1).parse(inputs.parallelizationFactor),
    })),
    timers: [...rules(graph, nameOf), ...schedules(graph, nameOf)],
    crawlers: all("aws:glue/crawler:Crawler").map((resource) => glueRun(graph, "crawlerName", resource)),
    jobs: all("aws:glue/job:Job").map((resource) => ({
      ...glueRun(graph, "jobName", resource),
      dpus: dpusOf(resource),
      logRetentionDays: logGroups.get(`${logPrefixOf(resource)}/output`),
    })),
    retentionDays: retentionDays(graph),
    oldStateDays: oldStateDays(graph),
    subscribers: subscribers(graph, nameOf),
    alarms: all("aws:cloudwatch/metricAlarm:MetricAlarm").length,
    dashboards: all("aws:cloudwatch/dashboard:Dashboard").length,
  };
}

const streamInputs = z.object({
  streamModeDetails: z.object({ streamMode: z.enum(["PROVISIONED", "ON_DEMAND"]) }).optional(),
  shardCount: z.number().optional(),
  retentionPeriod: z.number().default(24),
  encryptionType: z.string().optional(),
});

function stream({ inputs }: Resource): Stream {
  const { streamModeDetails, shardCount, retentionPeriod, encryptionType } = streamInputs.parse(inputs);
  const isOnDemand = streamModeDetails?.streamMode === "ON_DEMAND";
  return {
    mode: isOnDemand ? "on-demand" : "provisioned",
    shards: isOnDemand ? ON_DEMAND_SHARDS : (shardCount ?? 1),
    retentionHours: retentionPeriod,
    isEncrypted: encryptionType === "KMS",
  };
}

const functionInputs = z.object({
  memorySize: z.number().default(DEFAULT_MEMORY_MEGABYTES),
  architectures: z.array(z.enum(["arm64", "x86_64"])).default(["x86_64"]),
  tracingConfig: z.object({ mode: z.string() }).optional(),
  loggingConfig: z.object({ logGroup: z.string().optional() }).optional(),
});

function lambda(
  { name, inputs }: Resource,
  logGroups: ReadonlyMap<unknown, number | undefined>,
): LambdaFunction {
  const { memorySize, architectures, tracingConfig, loggingConfig } = functionInputs.parse(inputs);
  return {
    name,
    memoryMegabytes: memorySize,
    architecture: architectures[0] ?? "x86_64",
    isTraced: tracingConfig?.mode === "Active",
    logRetentionDays: logGroups.get(loggingConfig?.logGroup),
  };
}

/** Rules that wait for events of AWS's services run too seldom to count; those of the clock have an expression. */
function rules(graph: Graph, nameOf: (arn: unknown) => string): Timer[] {
  const targets = resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget");
  return resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").flatMap(({ name, inputs, outputs }) => {
    const expression = z.string().optional().parse(inputs.scheduleExpression);
    if (expression === undefined) return [];
    return targets
      .filter((target) => target.inputs.rule === outputs.name)
      .map((target): Timer => {
        return { name, kind: "rule", function: nameOf(target.inputs.arn), expression, timeZone: "UTC" };
      });
  });
}

const scheduleInputs = z.object({
  scheduleExpression: z.string(),
  scheduleExpressionTimezone: z.string().default("UTC"),
  target: z.object({ arn: z.string() }),
});

function schedules(graph: Graph, nameOf: (arn: unknown) => string): Timer[] {
  return resourcesOfType(graph, "aws:scheduler/schedule:Schedule").map(({ name, inputs }) => {
    const { scheduleExpression, scheduleExpressionTimezone, target } = scheduleInputs.parse(inputs);
    return {
      name,
      kind: "schedule",
      function: nameOf(target.arn),
      expression: scheduleExpression,
      timeZone: scheduleExpressionTimezone,
    };
  });
}

const actionSchema = z.object({ crawlerName: z.string().optional(), jobName: z.string().optional() });
const triggerInputs = z.object({
  type: z.string(),
  workflowName: z.string().optional(),
  schedule: z.string().optional(),
  actions: z.array(actionSchema),
  predicate: z.object({ conditions: z.array(actionSchema) }).optional(),
});

type Started = "crawlerName" | "jobName";

function glueRun(graph: Graph, kind: Started, { name, inputs, outputs }: Resource): GlueRun {
  const own = z.string().optional().parse(inputs.schedule);
  return {
    name,
    schedules: [
      ...(own === undefined ? [] : [own]),
      ...schedulesThatStart(graph, kind, String(outputs.name), []),
    ],
  };
}

/**
 * Follows triggers back to those of the clock, within a workflow: what starts a job outside starts nothing of it. A
 * condition on several counts the first.
 */
function schedulesThatStart(
  graph: Graph,
  kind: Started,
  name: string,
  followed: readonly { readonly urn: string; readonly workflow: string | undefined }[],
): readonly string[] {
  return resourcesOfType(graph, "aws:glue/trigger:Trigger").flatMap((trigger) => {
    const { schedule, actions, predicate, workflowName: workflow } = triggerInputs.parse(trigger.inputs);
    const isElsewhere = followed.some((one) => one.urn === trigger.urn || one.workflow !== workflow);
    if (isElsewhere || !actions.some((action) => action[kind] === name)) return [];
    if (schedule !== undefined) return [schedule];
    const [cause] = predicate?.conditions ?? [];
    const on: Started = cause?.crawlerName === undefined ? "jobName" : "crawlerName";
    const before = cause?.[on];
    const next = [...followed, { urn: trigger.urn, workflow }];
    return before === undefined ? [] : schedulesThatStart(graph, on, before, next);
  });
}

const jobInputs = z.object({ defaultArguments: z.record(z.string(), z.string()).default({}) });

/** Two groups begin with it, for which a program has one retention. */
function logPrefixOf({ inputs }: Resource): string {
  return jobInputs.parse(inputs).defaultArguments["--custom-logGroup-prefix"] ?? "/aws-glue/jobs";
}

/** DPUs of a worker. https://docs.aws.amazon.com/glue/latest/dg/add-job.html */
const WORKER_DPUS: Readonly<Record<string, number>> = {
  "G.025X": 0.25,
  "G.1X": 1,
  "G.2X": 2,
  "G.4X": 4,
  "G.8X": 8,
};
/** Glue's own, where the program says nothing. */
const DEFAULT_JOB_DPUS = 10;

function dpusOf({ inputs }: Resource): number {
  const { workerType, numberOfWorkers } = z
    .object({ workerType: z.string().optional(), numberOfWorkers: z.number().optional() })
    .parse(inputs);
  const dpus = workerType === undefined ? undefined : WORKER_DPUS[workerType];
  return dpus === undefined || numberOfWorkers === undefined ? DEFAULT_JOB_DPUS : dpus * numberOfWorkers;
}

/** Objects that are written again with each observation. */
const STATE_PREFIX = "state/alerts/";

const lifecycleInputs = z.object({
  rules: z.array(
    z.object({
      filter: z.object({ prefix: z.string().optional() }).optional(),
      expiration: z.object({ days: z.number().optional() }).optional(),
      noncurrentVersionExpiration: z.object({ noncurrentDays: z.number() }).optional(),
    }),
  ),
});

function lifecycleRules(graph: Graph) {
  const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
  return resourcesOfType(graph, type).flatMap(({ inputs }) => lifecycleInputs.parse(inputs).rules);
}

/** Of the rules that apply to an object the one with the fewest days counts. */
function oldStateDays(graph: Graph): number | undefined {
  if (resourcesOfType(graph, "aws:s3/bucketVersioning:BucketVersioning").length === 0) return undefined;
  const days = lifecycleRules(graph).flatMap(({ filter, noncurrentVersionExpiration: old }) =>
    old !== undefined && STATE_PREFIX.startsWith(filter?.prefix ?? "") ? [old.noncurrentDays] : [],
  );
  return Math.min(...days);
}

function retentionDays(graph: Graph): Record<string, number> {
  return Object.fromEntries(
    lifecycleRules(graph).flatMap(({ filter, expiration }) =>
      expiration?.days === undefined ? [] : [[filter?.prefix ?? "", expiration.days]],
    ),
  );
}

const filterSchema = z.object({
  audience: z.array(z.string()).default([]),
  location: z.array(z.string()).optional(),
});

/** Those with a filter: people and webhooks. Ops hear everything and have none. */
function subscribers(graph: Graph, nameOf: (arn: unknown) => string): Subscriber[] {
  return resourcesOfType(graph, "aws:sns/topicSubscription:TopicSubscription").flatMap(({ inputs }) => {
    const { protocol, endpoint, filterPolicy } = z
      .object({ protocol: z.string(), endpoint: z.string(), filterPolicy: z.string().optional() })
      .parse(inputs);
    if (filterPolicy === undefined) return [];
    const { audience, location } = filterSchema.parse(JSON.parse(filterPolicy));
    return [
      {
        protocol,
        function: protocol === "lambda" ? nameOf(endpoint) : undefined,
        places: location?.length,
        audiences: audience,
      },
    ];
  });
}
