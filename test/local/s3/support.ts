import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEndpoint } from "../../../local/endpoint/endpoint.ts";
import type { Permission, Principal, Service } from "../../../local/endpoint/operation.ts";
import type { Graph, Resource } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import { createS3, type LocalS3 } from "../../../local/s3/s3.ts";

export const BUCKET = "weather";
export const NOW = new Date("2024-04-30T11:00:05.250Z");
export const CALLER: Principal = {
  arn: "arn:aws:sts::000000000000:assumed-role/archive/archive",
  accessKeyId: "AKID",
  secretAccessKey: "secret",
};

export function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  outputs = {},
): Resource {
  return {
    urn: `urn:pulumi:test::test::${type}::${name}`,
    type,
    name,
    id: name,
    inputs,
    outputs: { ...inputs, ...outputs },
    dependencies: [],
    propertyDependencies: {},
    secrets: [],
    protect: false,
  };
}

export function graphOf(...resources: Resource[]): Graph {
  return {
    project: "test",
    stack: "test",
    region: "us-east-1",
    accountId: "000000000000",
    resources,
    outputs: {},
  };
}

export const bucketResource = resource("aws:s3/bucket:Bucket", "bucket", { bucket: BUCKET });

export interface Fixture extends LocalS3, AsyncDisposable {
  readonly directory: string;
  call(operation: string, input: unknown): Promise<Record<string, unknown>>;
  permissions(operation: string, input: unknown): readonly Permission[];
}

/** A store over a folder of its own, which disappears with it. */
export async function openS3(
  options: { graph?: Graph; directory?: string; mayList?: boolean; now?: () => Date } = {},
): Promise<Fixture> {
  const { graph = graphOf(bucketResource), now = () => NOW, mayList = true } = options;
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), "s3-"));
  const s3 = await createS3({
    graph,
    directory,
    now,
    authorizer: { decide: () => ({ allowed: mayList, explicit: false }), uses: () => [] },
  });
  return {
    ...s3,
    directory,
    call: async (operation, input) =>
      (await runOperation(s3.service, operation, input)) as Record<string, unknown>,
    permissions: (operation, input) => operationOf(s3.service, operation).permissions(input),
    async [Symbol.asyncDispose]() {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The endpoint with one service, and what an SDK client of the operator needs to reach it. */
export async function serve(service: Service, graph: Graph) {
  const identities = identitiesFromGraph(graph);
  const endpoint = await startEndpoint({
    services: [service],
    identities,
    authorizer: createAuthorizer(graph),
  });
  return {
    config: {
      endpoint: endpoint.url,
      region: graph.region,
      credentials: identities.operator,
      maxAttempts: 1,
    },
    [Symbol.asyncDispose]: () => endpoint.stop(),
  };
}

async function runOperation(service: Service, name: string, input: unknown): Promise<unknown> {
  const operation = operationOf(service, name);
  return await operation.run(operation.input.parse(input), { principal: CALLER, requestId: "request-1" });
}

function operationOf(service: Service, name: string) {
  const operation = service.operations[name];
  if (operation === undefined) throw new Error(`no operation ${name}`);
  return operation;
}

/** The error that `promise` rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  return await promise.then(
    (value) => {
      throw new Error(`expected a rejection, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => {
      if (error instanceof Error) return error;
      throw new Error(`rejected with no Error: ${String(error)}`);
    },
  );
}
