import { type Endpoint, startEndpoint } from "../../../local/endpoint/endpoint.ts";
import type { Principal, Service } from "../../../local/endpoint/operation.ts";
import type { Graph, Resource } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { type Identities, identitiesFromGraph } from "../../../local/iam/identities.ts";

export const REGION = "eu-central-1";
export const ACCOUNT = "123456789012";
export const NOW = new Date("2024-04-30T11:00:00Z");
export const STREAM_ARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders`;
export const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/7c0e`;

/** A resource with inputs as given; outputs are inputs plus `outputs`. */
export function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = {},
): Resource {
  return {
    urn: `urn:pulumi:test::shop::${type}::${name}`,
    type,
    name,
    id: name,
    inputs,
    outputs: { name, ...inputs, ...outputs },
    dependencies: [],
    propertyDependencies: {},
    secrets: [],
    protect: false,
  };
}

export function graphOf(...resources: readonly Resource[]): Graph {
  return { project: "shop", stack: "test", region: REGION, accountId: ACCOUNT, resources, outputs: {} };
}

export function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

/** A role that Lambda may assume, allowed what `statements` say. */
export function role(name: string, ...statements: readonly unknown[]): readonly Resource[] {
  const trust = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    ],
  };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return [
    resource("aws:iam/role:Role", name, { assumeRolePolicy: JSON.stringify(trust) }, { arn: roleArn(name) }),
    resource("aws:iam/rolePolicy:RolePolicy", `${name}-policy`, { role: name, policy }),
  ];
}

export function allow(action: string | readonly string[], resourceArn: string | readonly string[]) {
  return { Effect: "Allow", Action: action, Resource: resourceArn };
}

/** The stream `orders`: one shard, no encryption, unless `inputs` say otherwise. */
export function stream(inputs: Record<string, unknown> = {}): Resource {
  return resource("aws:kinesis/stream:Stream", "orders", { shardCount: 1, ...inputs }, { arn: STREAM_ARN });
}

export interface Started extends Endpoint {
  readonly identities: Identities;
}

export async function start(graph: Graph, ...services: readonly Service[]): Promise<Started> {
  const identities = identitiesFromGraph(graph);
  const endpoint = await startEndpoint({ services, identities, authorizer: createAuthorizer(graph) });
  return { ...endpoint, identities };
}

/** What an SDK client is constructed with: one attempt, so that a test sees the first answer. */
export function clientConfig(endpoint: string, { accessKeyId, secretAccessKey }: Principal) {
  return {
    endpoint,
    region: REGION,
    credentials: { accessKeyId, secretAccessKey, sessionToken: "session" },
    maxAttempts: 1,
  };
}
