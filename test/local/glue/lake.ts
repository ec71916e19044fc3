import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Athena, createAthena } from "../../../local/athena/athena.ts";
import { createVirtualClock, type VirtualClock } from "../../../local/clock/virtual-clock.ts";
import { type Endpoint, startEndpoint } from "../../../local/endpoint/endpoint.ts";
import type { Principal } from "../../../local/endpoint/operation.ts";
import type { ServiceEvent } from "../../../local/events/rules.ts";
import { createGlue, type Glue } from "../../../local/glue/glue.ts";
import type { Graph, Resource } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { type Identities, identitiesFromGraph } from "../../../local/iam/identities.ts";
import { createLogs } from "../../../local/logs/logs.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import { resource, roleArn } from "../endpoint/support.ts";

export const START = new Date("2024-05-01T00:00:00Z");

/** S3, Glue, Athena and Logs over a graph, on a folder of its own. */
export interface Lake extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly endpoint: Endpoint;
  readonly identities: Identities;
  readonly glue: Glue;
  readonly athena: Athena;
  readonly directory: string;
  /** What Glue told EventBridge. */
  readonly events: readonly ServiceEvent[];
  put(bucket: string, key: string, body: Uint8Array | string): Promise<void>;
  remove(bucket: string, key: string): Promise<void>;
}

export async function openLake(graph: Graph): Promise<Lake> {
  const directory = await mkdtemp(join(tmpdir(), "lake-"));
  const clock = createVirtualClock({ start: START });
  const authorizer = createAuthorizer(graph);
  const identities = identitiesFromGraph(graph);
  const s3 = await createS3({ graph, directory: join(directory, "s3"), now: () => clock.now(), authorizer });
  const logs = createLogs({ graph, directory: join(directory, "logs") });
  const endpoint = await startEndpoint({ services: [s3.service, logs.service], identities, authorizer });
  const { gateway, url } = endpoint;
  const events: ServiceEvent[] = [];
  const onEvent = async (event: ServiceEvent) => void events.push(event);
  const glue = await createGlue({
    graph,
    clock,
    gateway,
    identities,
    endpointUrl: () => url,
    directory,
    onEvent,
  });
  const athena = createAthena({ graph, clock, gateway, catalog: glue.catalog, directory });
  gateway.register(glue.service, athena.service);
  const operator: Principal = identities.operator;
  return {
    clock,
    endpoint,
    identities,
    glue,
    athena,
    directory,
    events,
    async put(Bucket, Key, body) {
      await gateway.call(operator, "s3", "PutObject", { Bucket, Key, Body: Buffer.from(body) });
    },
    async remove(Bucket, Key) {
      await gateway.call(operator, "s3", "DeleteObject", { Bucket, Key });
    },
    async [Symbol.asyncDispose]() {
      await glue.stop();
      await athena.stop();
      await endpoint.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** A role that Glue may assume, allowed what the statements say. */
export function glueRole(name: string, ...statements: readonly object[]): Resource[] {
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "glue.amazonaws.com" } }],
  };
  const policy = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  return [
    resource("aws:iam/role:Role", name, { assumeRolePolicy: JSON.stringify(trust) }, { arn: roleArn(name) }),
    resource("aws:iam/rolePolicy:RolePolicy", name, { role: name, policy }),
  ];
}
