import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createVirtualClock, type VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { AwsError } from "../../../local/endpoint/error.ts";
import type { Gateway, Operation, Principal, Service } from "../../../local/endpoint/operation.ts";
import type { Graph, Resource } from "../../../local/graph.ts";
import type { RoleAssumer } from "../../../local/iam/identities.ts";
import type { Failure } from "../../../local/lambda/failure.ts";
import { createLambda, type Lambda } from "../../../local/lambda/lambda.ts";
import { createLogs, type Logs } from "../../../local/logs/logs.ts";

export const START = new Date("2024-04-30T11:00:00Z");
export const ACCOUNT = "000000000000";
export const REGION = "us-east-1";

export function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = {},
): Resource {
  return {
    urn: `urn:pulumi:test::orders::${type}::${name}`,
    type,
    name,
    id: name,
    inputs,
    outputs: { ...inputs, name, ...outputs },
    dependencies: [],
    propertyDependencies: {},
    secrets: [],
    protect: false,
  };
}

export function graphOf(...resources: readonly Resource[]): Graph {
  return { project: "orders", stack: "test", region: REGION, accountId: ACCOUNT, resources, outputs: {} };
}

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

/** A function over the given package files, with its log group. */
export async function functionResources(
  folder: string,
  name: string,
  files: Readonly<Record<string, string>>,
  inputs: Record<string, unknown> = {},
): Promise<Resource[]> {
  const directory = join(folder, "packages", name);
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  return [
    resource("aws:cloudwatch/logGroup:LogGroup", `/aws/lambda/${name}`, {}),
    resource(
      "aws:lambda/function:Function",
      name,
      {
        role: `arn:aws:iam::${ACCOUNT}:role/${name}`,
        handler: "__index.handler",
        runtime: "nodejs24.x",
        code: { directory },
        ...inputs,
      },
      { arn: functionArn(name) },
    ),
  ];
}

export const identities: RoleAssumer = {
  assumeRole: (roleArn, _service, session) => ({
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${roleArn.split("/").at(-1)}/${session}`,
    accessKeyId: `ASIA${session}`,
    secretAccessKey: "secret",
    roleArn,
  }),
};

/** A gateway over plain services that allows all but the denied actions, and keeps what was called. */
export class TestGateway implements Gateway {
  readonly services: Service[] = [];
  readonly denied = new Set<string>();
  readonly calls: { operation: string; principal: Principal; input: unknown }[] = [];

  async call<Output>(
    principal: Principal,
    service: string,
    operation: string,
    input: unknown,
  ): Promise<Output> {
    const found = this.services.find(({ signingName }) => signingName === service)?.operations[operation];
    if (!found) throw new AwsError("NotEmulated", `${service} ${operation}`, { statusCode: 501 });
    const parsed = (found as Operation).input.parse(input);
    for (const { action, resource } of found.permissions(parsed))
      if (this.denied.has(action))
        throw new AwsError(
          "AccessDenied",
          `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}`,
        );
    this.calls.push({ operation: `${service}:${operation}`, principal, input: parsed });
    return (await found.run(parsed, { principal, requestId: "test" })) as Output;
  }
}

/** A Lambda over the resources, with its clock, logs and what it reported. */
export interface Bench {
  readonly folder: string;
  readonly graph: Graph;
  readonly clock: VirtualClock;
  readonly gateway: TestGateway;
  readonly lambda: Lambda;
  readonly logs: Logs;
  readonly failures: Failure[];
  log(functionName: string): Promise<string>;
  stop(): Promise<void>;
}

export async function makeFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), "lambda-test-"));
}

/** Takes the folder over: it is removed when the bench stops, or when it cannot be created. */
export function createBench(folder: string, ...resources: readonly Resource[]): Bench {
  try {
    return benchOver(folder, resources);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function benchOver(folder: string, resources: readonly Resource[]): Bench {
  const graph = graphOf(...resources);
  const clock = createVirtualClock({ start: START });
  const gateway = new TestGateway();
  const failures: Failure[] = [];
  const logs = createLogs({ graph, directory: join(folder, "logs") });
  const lambda = createLambda({
    graph,
    clock,
    gateway,
    identities,
    endpointUrl: () => "http://127.0.0.1:1",
    hasLogGroup: logs.hasGroup,
    onFailure: (failure) => failures.push(failure),
  });
  gateway.services.push(lambda.service, logs.service);
  return {
    folder,
    graph,
    clock,
    gateway,
    lambda,
    logs,
    failures,
    log: (functionName) => readFile(join(folder, "logs", `${functionName}.log`), "utf8"),
    stop: async () => {
      await lambda.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
