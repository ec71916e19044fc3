import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Athena, createAthena } from "./athena/athena.ts";
import type { VirtualClock } from "./clock/virtual-clock.ts";
import { type Endpoint, startEndpoint } from "./endpoint/endpoint.ts";
import { AwsError } from "./endpoint/error.ts";
import type { LocalGateway } from "./endpoint/gateway.ts";
import type { Principal } from "./endpoint/operation.ts";
import { startNotifications } from "./events/bucket-notifications.ts";
import { invokeForTopics } from "./events/invoke-permission.ts";
import { createEventRules, type EventRules, startRules } from "./events/rules.ts";
import { startSchedules } from "./events/schedules.ts";
import { createGlue, type Glue } from "./glue/glue.ts";
import { type Graph, resourcesOfType } from "./graph.ts";
import { createAuthorizer, type GrantUse } from "./iam/authorizer.ts";
import { identitiesFromGraph } from "./iam/identities.ts";
import { createKinesis, type Kinesis } from "./kinesis/kinesis.ts";
import type { Failure } from "./lambda/failure.ts";
import { createLambda, type Lambda } from "./lambda/lambda.ts";
import { startEventSourceMappings } from "./lambda/mapping/event-source-mapping.ts";
import { startQueueMappings } from "./lambda/mapping/queue-mapping.ts";
import { createLogs } from "./logs/logs.ts";
import { type Problem, problemsOf } from "./problems.ts";
import { createS3, type LocalS3 } from "./s3/s3.ts";
import { type Outbox, openOutbox } from "./sns/outbox.ts";
import { createSns, type LocalSns } from "./sns/sns.ts";
import { listed } from "./sns/topics.ts";
import { createSqs, type LocalSqs } from "./sqs/sqs.ts";
import { createSsm } from "./ssm/ssm.ts";

export interface CloudOptions {
  readonly graph: Graph;
  /** The output folder, with `s3/`, `logs/`, `glue/`, `sns/`, `outbox.ndjson` and `stack.json`. */
  readonly directory: string;
  readonly clock: VirtualClock;
}

/** The running resources of a program. Time passes while `clock` runs. */
export interface Cloud {
  /** The value of `AWS_ENDPOINT_URL`. */
  readonly url: string;
  readonly gateway: LocalGateway;
  /** The user who started the run, and who may do everything. */
  readonly operator: Principal;
  readonly s3: LocalS3;
  readonly kinesis: Kinesis;
  readonly lambda: Lambda;
  readonly glue: Glue;
  readonly athena: Athena;
  readonly outbox: Outbox;
  /** The rules with an event pattern. */
  readonly eventRules: EventRules;
  /** The queues and their messages. */
  readonly queues: LocalSqs["queues"];
  /** The problems so far. */
  problems(): readonly Problem[];
  /** The grants of the roles' policies that were used so far. */
  grantUses(): readonly GrantUse[];
  /** Stops schedules and mappings first, then functions and jobs, then the endpoint. */
  stop(): Promise<void>;
}

/**
 * Starts the services that emulate the resources of a program's graph on this machine.
 *
 * @throws {NotEmulatedError} or an AwsError naming the resource that is not emulated or that AWS would reject.
 */
export async function startCloud({ graph, directory, clock }: CloudOptions): Promise<Cloud> {
  const now = () => clock.now();
  const failures: Failure[] = [];
  const onFailure = (failure: Failure) => failures.push(failure);
  const identities = identitiesFromGraph(graph);
  const authorizer = createAuthorizer(graph);
  const outbox = openOutbox(join(directory, "outbox.ndjson"));
  const s3 = await createS3({ graph, directory: join(directory, "s3"), now, authorizer });
  const kinesis = createKinesis({ graph, now });
  restoreSequenceNumbers(kinesis, graph, join(directory, "kinesis.json"));
  const logs = createLogs({ graph, directory: join(directory, "logs") });
  const sqs = createSqs({ graph, now });
  const services = [
    s3.service,
    kinesis.service,
    sqs.service,
    createSsm({ graph, now }).service,
    logs.service,
  ];
  const endpoint = await startEndpoint({ services, identities, authorizer });
  try {
    return await startOver(endpoint);
  } catch (error) {
    await endpoint.stop(); // otherwise a rejected program would keep the process alive
    outbox.close();
    throw error;
  }

  async function startOver({ gateway }: Endpoint): Promise<Cloud> {
    const endpointUrl = () => endpoint.url;
    const lambda = createLambda({
      graph,
      clock,
      gateway,
      identities,
      endpointUrl,
      hasLogGroup: logs.hasGroup,
      onFailure,
    });
    const invokeFunction = invokeForTopics({ graph, clock, lambda });
    const sns = createSns({ graph, now, outbox, invokeFunction, sendToQueue: sqs.sendAs });
    const targets = { graph, clock, lambda, publishAs: sns.publishAs, sendAs: sqs.sendAs, onFailure };
    const eventRules = createEventRules(targets);
    const onEvent = eventRules.put;
    const glue = await createGlue({ graph, clock, gateway, identities, endpointUrl, directory, onEvent });
    const athena = createAthena({ graph, clock, gateway, catalog: glue.catalog, directory });
    gateway.register(lambda.service, sns.service, glue.service, athena.service);

    const mappings = await startEventSourceMappings({
      graph,
      clock,
      gateway,
      lambda,
      onPut: kinesis.onPut,
      onFailure,
    });
    const queueMappings = await startQueueMappings({ graph, clock, gateway, lambda, sqs, onFailure });
    reportClosedQueues(sns.topics, sqs.checkSender, (source, functionName, { message }) =>
      onFailure({ time: now(), kind: "rejected", source, functionName, message, count: 0, lost: true }),
    );
    startNotifications({
      ...targets,
      gateway,
      s3,
      onEvent,
      checkQueue: sqs.checkSender,
      checkTopic: sns.checkPublisher,
    });
    const rules = startRules(targets);
    const schedules = startSchedules({ graph, clock, gateway, identities, onFailure });
    glue.start();
    writeStackRecord(directory, graph, sns); // last, so that a rejected program leaves no run

    return {
      url: endpoint.url,
      gateway,
      operator: identities.operator,
      s3,
      kinesis,
      lambda,
      glue,
      athena,
      outbox,
      eventRules,
      queues: sqs.queues,
      problems: () =>
        problemsOf({
          failures: [...failures, ...queueMappings.failures()],
          undelivered: sns.failures,
          gateway,
          glueRuns: glue.runs(),
        }),
      grantUses: () => authorizer.uses(),
      async stop() {
        schedules.stop();
        rules.stop();
        mappings.stop();
        queueMappings.stop();
        await glue.stop();
        await lambda.stop();
        await endpoint.stop();
        await athena.stop();
        outbox.close();
      },
    };
  }
}

/**
 * Reports queues that subscribe to a topic but whose policy does not allow it to send. AWS accepts such a subscription and
 * delivers nothing, so this is reported at once.
 */
function reportClosedQueues(
  topics: LocalSns["topics"],
  checkSender: LocalSqs["checkSender"],
  report: (source: string, queueArn: string, error: AwsError) => void,
): void {
  for (const { arn, subscriptions } of topics.values()) {
    for (const { protocol, endpoint } of subscriptions) {
      if (protocol !== "sqs") continue;
      try {
        checkSender({ service: "sns.amazonaws.com", sourceArn: arn }, endpoint);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        report(arn, endpoint, error);
      }
    }
  }
}

/** Continues the sequence numbers of an earlier run, because object keys contain them. */
function restoreSequenceNumbers(kinesis: Kinesis, graph: Graph, file: string): void {
  if (existsSync(file)) {
    kinesis.restore(JSON.parse(readFileSync(file, "utf8")));
  }
  for (const { outputs } of resourcesOfType(graph, "aws:kinesis/stream:Stream")) {
    kinesis.onPut(String(outputs.arn), () => {
      writeFileSync(`${file}.new`, JSON.stringify(kinesis.snapshot()));
      renameSync(`${file}.new`, file); // a run that is killed here keeps the old numbers
    });
  }
}

/**
 * Writes what a deployed program would answer through AWS and Pulumi: `stack.json` with the stack's name and outputs, and
 * `sns/subscriptions.json` with the subscriptions of each topic by its ARN, as SNS lists them.
 */
export function writeStackRecord(directory: string, graph: Graph, { topics }: LocalSns): void {
  const { project, stack, outputs, accountId } = graph;
  writeJson(join(directory, "stack.json"), { project, stack, outputs });
  const lists = [...topics].map(([arn, { subscriptions }]) => [
    arn,
    subscriptions.map((subscription) => listed(subscription, accountId)),
  ]);
  writeJson(join(directory, "sns", "subscriptions.json"), Object.fromEntries(lists));
}

/** Writes a file atomically. */
function writeJson(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
